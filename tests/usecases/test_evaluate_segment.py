"""Counting and listing the people of a segment."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from regulars.domain.errors import InvalidRequestError, InvalidRuleError, NotFoundError
from regulars.domain.queries import QueryState
from regulars.domain.tickets import EvaluationKind, ReportTicket, sealed
from regulars.usecases.evaluate_segment import Members, look_at_evaluation, members_page, members_sql, start_evaluation
from tests.domain.segments.judges import accepted
from tests.domain.segments.lake import Lake
from tests.fakes.clock import MOMENT, MovableClock
from tests.fakes.services import ScriptedQueries
from tests.fakes.stores import MemoryDefinitions

AS_OF = datetime(2017, 10, 1, tzinfo=UTC)
BOUGHT: dict[str, Any] = {"event": "Order Completed"}


@pytest.fixture
def definitions() -> MemoryDefinitions:
    stored = MemoryDefinitions()
    rules: dict[str, Any] = {
        "buyers": BOUGHT,
        "lapsing": {"all": [{"segment": "buyers"}, {"not": {**BOUGHT, "within": "30d"}}]},
        "dangling": {"segment": "gone"},
    }
    for segment_id, rule in rules.items():
        stored.put("segment", segment_id, {"id": segment_id, "name": segment_id, "rule": rule}, at=MOMENT, by="ann")
    return stored


def start(kind: EvaluationKind, definitions: MemoryDefinitions, queries: ScriptedQueries, segment_id: str = "lapsing") -> str:
    """The ticket."""
    started = start_evaluation(segment_id, kind=kind, as_of=AS_OF, definitions=definitions, queries=queries, clock=MovableClock())
    assert (started.state, started.kind, started.as_of) == ("queued", kind, AS_OF)
    return started.ticket


@pytest.mark.parametrize(("kind", "expected"), [("count", [2]), ("members", ["ann", "zoë"])])
def test_the_statement_counts_or_lists_in_order(kind: EvaluationKind, expected: list[Any], definitions: MemoryDefinitions) -> None:
    queries, lake = ScriptedQueries(), Lake()
    august, today = datetime(2017, 8, 1, tzinfo=UTC), datetime(2017, 9, 30, tzinfo=UTC)
    bought = [("zoë", august), ("ann", august), ("bob", august), ("bob", today), ("late", AS_OF)]
    lake.fill([{"user_id": user, "event_ts": at, "event_name": "Order Completed", "message_id": f"{user}{at}"} for user, at in bought])
    start(kind, definitions, queries)
    accepted(queries.ran[0])
    assert lake.column(queries.ran[0]) == expected


def test_the_sql_shown_is_laid_out_and_is_that_of_the_moment(definitions: MemoryDefinitions) -> None:
    shown = members_sql("buyers", as_of=AS_OF, definitions=definitions, clock=MovableClock())
    assert shown.sql.startswith("WITH owners AS (\n  SELECT\n")
    assert "CAST('2017-10-01 00:00:00.000000' AS TIMESTAMP(6))" in shown.sql
    assert shown.as_of == AS_OF


def test_without_a_moment_it_is_now(definitions: MemoryDefinitions) -> None:
    clock = MovableClock()
    shown = members_sql("buyers", as_of=None, definitions=definitions, clock=clock)
    assert (shown.as_of, "CAST('2026-11-21 22:15:00.000000' AS TIMESTAMP(6))" in shown.sql) == (MOMENT, True)
    queries = ScriptedQueries({"AS people": [{"people": "1"}]})
    started = start_evaluation("buyers", kind="count", as_of=None, definitions=definitions, queries=queries, clock=clock)
    clock.advance(timedelta(minutes=1))
    assert started.as_of == look_at_evaluation(started.ticket, queries=queries).as_of == MOMENT


def test_a_segment_that_is_not_there_is_not_found(definitions: MemoryDefinitions) -> None:
    with pytest.raises(NotFoundError, match="there is no segment ghost"):
        start("count", definitions, ScriptedQueries(), "ghost")


def test_a_reference_that_has_gone_is_refused(definitions: MemoryDefinitions) -> None:
    with pytest.raises(InvalidRuleError, match="no segment `gone`"):
        start("count", definitions, ScriptedQueries(), "dangling")


def test_a_count_comes_with_what_it_scanned_and_cost(definitions: MemoryDefinitions) -> None:
    queries = ScriptedQueries({"AS people": [{"people": "42"}]}, bytes_scanned=20_000_000)
    found = look_at_evaluation(start("count", definitions, queries), queries=queries)
    assert (found.state, found.kind, found.as_of) == ("succeeded", "count", AS_OF)
    assert (found.count, found.bytes_scanned) == (42, 20_000_000)
    assert found.cost_usd == pytest.approx(0.0001)


@pytest.mark.parametrize("state", ["queued", "running"])
def test_an_evaluation_that_is_not_done_says_so_and_has_no_count_yet(state: QueryState, definitions: MemoryDefinitions) -> None:
    queries = ScriptedQueries()
    queries.state = state
    found = look_at_evaluation(start("count", definitions, queries), queries=queries)
    assert (found.state, found.count, found.cost_usd) == (state, None, 0.0)


@pytest.mark.parametrize(("state", "cost"), [("failed", 0.0), ("cancelled", 0.00005)])
def test_a_failed_evaluation_says_why_and_only_a_cancelled_one_costs(state: QueryState, cost: float, definitions: MemoryDefinitions) -> None:
    queries = ScriptedQueries()
    queries.state = state
    found = look_at_evaluation(start("count", definitions, queries), queries=queries)
    assert (found.state, found.reason, found.count) == (state, "because", None)
    assert found.cost_usd == pytest.approx(cost)


def test_members_come_page_by_page(definitions: MemoryDefinitions) -> None:
    queries = ScriptedQueries({"audience.user_id": [{"user_id": user} for user in ("ann", "bob", "cyd")]})
    evaluation = start("members", definitions, queries)
    assert look_at_evaluation(evaluation, queries=queries).count is None
    first = members_page(evaluation, queries=queries)
    assert first.members == ["ann", "bob"]
    assert members_page(evaluation, page=first.next, queries=queries) == Members(["cyd"], "")


def test_one_kind_of_evaluation_is_not_read_as_the_other(definitions: MemoryDefinitions) -> None:
    queries = ScriptedQueries({"AS people": [{"people": "42"}], "ORDER BY": [{"user_id": "ann"}]})
    with pytest.raises(InvalidRequestError, match=r"ticket: .* kind members"):
        members_page(start("count", definitions, queries), queries=queries)
    assert look_at_evaluation(start("members", definitions, queries), queries=queries).count is None


def test_a_ticket_that_is_no_evaluations_is_refused() -> None:
    for ticket in ("nonsense", sealed(ReportTicket("0", "r1", MOMENT))):
        with pytest.raises(InvalidRequestError, match=r"^ticket: "):
            look_at_evaluation(ticket, queries=ScriptedQueries())
        with pytest.raises(InvalidRequestError, match=r"^ticket: "):
            members_page(ticket, queries=ScriptedQueries())


def test_an_evaluation_that_athena_has_forgotten_is_not_found(definitions: MemoryDefinitions) -> None:
    with pytest.raises(NotFoundError):
        look_at_evaluation(start("count", definitions, ScriptedQueries()), queries=ScriptedQueries())
