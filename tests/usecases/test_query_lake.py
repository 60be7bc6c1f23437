"""A query of one's own: started, looked at by nobody else, stopped, read in pages and as CSV; and bounded before."""

import pytest

from regulars.domain.analysis.answers import LONGEST_VALUE
from regulars.domain.analysis.bound import LakeFile
from regulars.domain.errors import InvalidRequestError, NotFoundError, QueryFailedError
from regulars.domain.tickets import FindingTicket, sealed
from regulars.usecases.plan_query import plan_query
from regulars.usecases.query_lake import look_at_query, query_export, query_rows, start_query, stop_query
from regulars.usecases.show_lake import show_lake
from tests.fakes.clock import MOMENT, MovableClock
from tests.fakes.services import ScriptedQueries, result_key
from tests.fakes.stores import MemoryObjects
from tests.fakes.tables import MemoryTables

SQL = "SELECT user_id FROM people"
ROWS = [{"user_id": "ann"}, {"user_id": "x" * 600}, {"user_id": None}]


@pytest.fixture
def queries() -> ScriptedQueries:
    return ScriptedQueries(
        {"people": ROWS, "broken": QueryFailedError("SYNTAX_ERROR: line 2:3"), "SHOW": [{"line": "people"}]}, bytes_scanned=12_000_000
    )


def started(queries: ScriptedQueries, sql: str = SQL, by: str = "ana") -> str:
    return start_query(sql, by, queries=queries).ticket


def test_it_is_sent_as_it_was_written_with_who_asked_after_it(queries: ScriptedQueries) -> None:
    look = start_query(f"{SQL} ;", "ana", queries=queries)
    assert look.state == "queued"
    assert queries.ran[0].splitlines()[0] == f"{SQL}"


def test_what_only_reads_nothing_is_not_sent(queries: ScriptedQueries) -> None:
    with pytest.raises(InvalidRequestError):
        started(queries, "DROP TABLE people")
    assert queries.ran == []


def test_what_athena_does_not_take_is_the_writers_to_mend_and_what_it_fails_at_is_not(queries: ScriptedQueries) -> None:
    queries.refuses = QueryFailedError("Athena refused StartQueryExecution: line 1:8: mismatched input", refused=True)
    with pytest.raises(InvalidRequestError, match="line 1:8") as refused:
        started(queries)
    assert refused.value.field == "sql"
    queries.refuses = QueryFailedError("Athena cannot be reached")
    with pytest.raises(QueryFailedError):
        started(queries)


def test_a_look_says_what_was_read_and_what_that_cost(queries: ScriptedQueries) -> None:
    look = look_at_query(started(queries), "ana", queries=queries)
    assert (look.state, look.bytes_scanned, look.cost_usd) == ("succeeded", 12_000_000, 0.00006)
    assert look_at_query(started(queries, "SHOW TABLES"), "ana", queries=queries).cost_usd == 0


def test_a_failure_is_told_in_athenas_words_and_costs_nothing(queries: ScriptedQueries) -> None:
    look = look_at_query(started(queries, "SELECT 'broken'"), "ana", queries=queries)
    assert (look.state, look.reason, look.cost_usd) == ("failed", "SYNTAX_ERROR: line 2:3", 0)


def test_nobody_else_looks_reads_or_stops(queries: ScriptedQueries) -> None:
    ticket = started(queries)
    for call in (look_at_query, stop_query, query_rows):
        with pytest.raises(NotFoundError, match="no such query of yours"):
            call(ticket, "mara", queries=queries)
    assert queries.state == "succeeded"


def test_a_ticket_of_another_kind_is_none(queries: ScriptedQueries) -> None:
    with pytest.raises(InvalidRequestError, match="kind finding"):
        look_at_query(sealed(FindingTicket("0")), "ana", queries=queries)


def test_it_can_be_stopped_and_costs_what_it_had_read(queries: ScriptedQueries) -> None:
    look = stop_query(started(queries), "ana", queries=queries)
    assert (look.state, look.cost_usd) == ("cancelled", 0.00006)


def test_rows_come_in_pages_and_long_values_are_cut(queries: ScriptedQueries) -> None:
    ticket = started(queries)
    first = query_rows(ticket, "ana", queries=queries)
    assert [column.name for column in first.columns] == ["user_id"]
    assert first.rows == [["ann"], ["x" * LONGEST_VALUE + "…"]] and first.cut == 1
    assert query_rows(ticket, "ana", first.next, queries=queries).rows == [[None]]


def test_there_are_no_rows_before_it_succeeded(queries: ScriptedQueries) -> None:
    ticket, queries.state = started(queries), "running"
    with pytest.raises(InvalidRequestError, match="is running"):
        query_rows(ticket, "ana", queries=queries)


def exported(queries: ScriptedQueries, whole: str) -> list[str]:
    """The parts of a result's export, in pieces of seven bytes."""
    ticket = started(queries)
    lake = MemoryObjects({result_key("0"): whole.encode()})
    lake.chunk = 7
    parts, page = [], ""
    while True:
        part = query_export(ticket, "ana", page, queries=queries, lake=lake)
        parts.append(part.text)
        if not (page := part.next):
            return parts


def test_the_parts_of_an_export_are_the_result_letter_by_letter_and_end_with_whole_rows(queries: ScriptedQueries) -> None:
    assert exported(queries, '"user_id"\n"änn"\n"bob\nby"\n"c"\n') == ['"user_id"\n', '"änn"\n', '"bob\nby"\n"c"\n']


def test_no_spreadsheet_runs_what_is_exported_wherever_a_piece_of_it_ends(queries: ScriptedQueries) -> None:
    whole = '"=cmd","n"\n"=HYPERLINK(""http://x"",""y"")","-7"\n,"+1+1"\n"@SUM(1,1)","a\n"",=b"\n'
    guarded = '"\'=cmd","n"\n"\'=HYPERLINK(""http://x"",""y"")","-7"\n,"\'+1+1"\n"\'@SUM(1,1)","a\n"",=b"\n'
    assert "".join(exported(queries, whole)) == guarded


def test_a_result_that_has_expired_says_so(queries: ScriptedQueries) -> None:
    with pytest.raises(NotFoundError, match="kept for 7 days"):
        query_export(started(queries), "ana", queries=queries, lake=MemoryObjects())


def test_what_is_no_page_is_refused(queries: ScriptedQueries) -> None:
    with pytest.raises(InvalidRequestError):
        query_export(started(queries), "ana", "nonsense", queries=queries, lake=MemoryObjects())


def test_what_it_would_read_is_said_before_and_nothing_is_run() -> None:
    tables = MemoryTables({"people": {"user_id": "string"}})
    tables.held["people"] = [LakeFile(20_000_000, columns={"traits": 8_000_000})]
    plan = plan_query(f"{SQL} UNION ALL {SQL}", limit=100, catalog=tables, clock=MovableClock(MOMENT))
    assert (plan.expected_bytes, plan.expected_usd, plan.limit) == (24_000_000, 0.00012, 100)
    assert plan.bytes is not None and plan.bytes > 40_000_000
    assert plan_query("SHOW TABLES", limit=100, catalog=tables, clock=MovableClock(MOMENT)).cost_usd == 0
    assert plan_query("SELECT 1", limit=100, catalog=tables, clock=MovableClock(MOMENT)).cost_usd == 0.00005


def test_every_table_and_view_is_shown_with_what_it_means() -> None:
    shown = show_lake(catalog=MemoryTables({"people": {"user_id": "string"}})).tables
    assert [(each.name, each.kind) for each in shown][:2] == [("events", "table"), ("people", "table")]
    assert shown[-1].kind == "view" and all(each.meaning for each in shown)
