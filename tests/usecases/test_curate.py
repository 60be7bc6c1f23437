"""The curate use case: one at a time, each row once, and what a crash leaves behind is found."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from regulars.domain.curation.state import BEGINNING, CurateState, UnderWay
from regulars.domain.errors import QueryFailedError, StoreUnavailableError
from regulars.domain.people.identities import Decision
from regulars.domain.quality.catalog_document import KEY, read
from regulars.domain.queries import Query, ResultRow
from regulars.usecases.curate import CurateResult
from regulars.usecases.curate import curate as curate_with
from tests.fakes.clock import MovableClock
from tests.fakes.services import ScriptedQueries
from tests.fakes.stores import MemoryCurateState, MemoryObjects, MemoryProfiles


class TickingClock(MovableClock):
    """A second passes at each look."""

    def now(self) -> datetime:
        self.advance(timedelta(seconds=1))
        return self.moment


def scripted(waiting: Sequence[ResultRow] = (), fails: str = "no statement holds this") -> ScriptedQueries:
    """Answers the backlog query with `waiting` and fails any statement that holds `fails`."""
    return ScriptedQueries({"^SELECT.*raw_events": waiting, fails: QueryFailedError("GENERIC_INTERNAL_ERROR")})


def curate(**settings: Any) -> CurateResult:
    """Of people whose profiles nobody looks at."""
    return curate_with(**{"profiles": MemoryProfiles(), **settings})


def written(queries: ScriptedQueries) -> list[str]:
    """The statements that change something, each as its verb and its table."""
    return [" ".join(sql.split(" ")[0:3:2]) for sql in queries.ran if not sql.startswith("SELECT")]


LANDED = {"raw/events/dt=2026-11-21/hh=22/mm=15/x.json.gz": b""}
WAITING = [{"day": f"2017-{m:02d}-01", "event_name": "Order Completed", "waiting": "30"} for m in (1, 2, 3)]


def test_new_rows_are_inserted_chunk_by_chunk_and_then_merged() -> None:
    queries, state = scripted(WAITING), MemoryCurateState()
    result = curate(queries=queries, objects=MemoryObjects(LANDED), state=state, clock=TickingClock(), rows_per_statement=60)
    assert written(queries) == ["INSERT events", "INSERT events", "INSERT known_messages", "MERGE people", "MERGE devices", "MERGE identities"]
    assert (result.finished, result.rows, result.statements, result.bytes_scanned) == (True, 90, 6, 63)


MOVED = {"kind": "anonymous", "id": "a1", "user_id": "ada", "since": "2026-11-21 22:00:00.000"}


def test_profiles_are_led_to_what_the_ids_told_that_became_theirs() -> None:
    queries, profiles = ScriptedQueries({"^SELECT.*raw_events": WAITING, "^SELECT.*'told'": [MOVED]}), MemoryProfiles()
    curate(queries=queries, objects=MemoryObjects(LANDED), profiles=profiles, state=MemoryCurateState(), clock=TickingClock(), rows_per_statement=90)
    assert profiles.stored["ada"].value.linked == {"anonymous\na1": "2026-11-21 22:00:00.000"}


def test_what_could_not_be_linked_is_linked_by_the_next_run() -> None:
    profiles, state, clock = MemoryProfiles(), MemoryCurateState(), TickingClock()
    profiles.fails = True
    queries = ScriptedQueries({"^SELECT.*raw_events": WAITING, "^SELECT.*'told'": [MOVED]})
    run = {"queries": queries, "objects": MemoryObjects(LANDED), "profiles": profiles, "state": state, "clock": clock, "rows_per_statement": 90}
    with pytest.raises(StoreUnavailableError):
        curate(**run)
    profiles.fails = False
    assert curate(**run).finished
    assert list(profiles.stored) == ["ada"]


def test_nothing_new_runs_no_statement() -> None:
    queries, state = scripted(), MemoryCurateState()
    assert curate(queries=queries, objects=MemoryObjects(LANDED), state=state, clock=TickingClock(), rows_per_statement=60).finished
    assert written(queries) == []


def test_a_second_run_leaves_a_running_one_alone() -> None:
    clock, state = TickingClock(), MemoryCurateState()
    state.put(CurateState(running_until=clock.now() + timedelta(minutes=5)), expected=0)
    result = curate(queries=scripted(WAITING), objects=MemoryObjects(LANDED), state=state, clock=clock, rows_per_statement=60)
    assert result.busy and not result.finished


def test_a_run_that_died_is_taken_over_when_its_lease_ends() -> None:
    clock, state = TickingClock(), MemoryCurateState()
    state.put(CurateState(running_until=clock.now() - timedelta(seconds=1)), expected=0)
    assert curate(queries=scripted(WAITING), objects=MemoryObjects(LANDED), state=state, clock=clock, rows_per_statement=60).finished


def test_a_failure_gives_the_lease_back_and_says_why() -> None:
    clock, state = TickingClock(), MemoryCurateState()
    with pytest.raises(QueryFailedError):
        curate(queries=scripted(WAITING, fails="INSERT"), objects=MemoryObjects(LANDED), state=state, clock=clock, rows_per_statement=60)
    after = state.get().value
    assert (after.running_until, after.error) == (None, "query 1 failed: GENERIC_INTERNAL_ERROR")
    assert after.finished_at is None


def test_rows_inserted_by_a_run_that_failed_before_merging_are_merged_by_the_next() -> None:
    clock, state = TickingClock(), MemoryCurateState()
    with pytest.raises(QueryFailedError):
        curate(queries=scripted(WAITING, fails="MERGE"), objects=MemoryObjects(LANDED), state=state, clock=clock, rows_per_statement=90)
    after = scripted()
    assert curate(queries=after, objects=MemoryObjects(LANDED), state=state, clock=clock, rows_per_statement=90).finished
    assert written(after)[-3:] == ["MERGE people", "MERGE devices", "MERGE identities"]


def test_without_time_left_it_stops_between_statements_and_is_not_finished() -> None:
    queries, state = scripted(WAITING), MemoryCurateState()
    result = curate(
        queries=queries,
        objects=MemoryObjects(LANDED),
        state=state,
        clock=TickingClock(),
        rows_per_statement=30,
        time_left=lambda: timedelta(minutes=3 - len(written(queries))),
    )
    assert not result.finished and written(queries) == ["INSERT events", "INSERT events"]
    assert state.get().value.raw_through == BEGINNING
    assert state.get().value.running_until is None


def test_what_finished_covers_is_told_by_when_the_run_had_started() -> None:
    clock, state = TickingClock(), MemoryCurateState()
    before = clock.moment
    curate(queries=scripted(), objects=MemoryObjects(LANDED), state=state, clock=clock, rows_per_statement=60)
    after = state.get().value
    assert after.finished_at is not None
    assert before < after.finished_started_at < after.finished_at


def test_where_nothing_landed_athena_is_not_asked() -> None:
    queries, state = scripted(WAITING), MemoryCurateState()
    assert curate(queries=queries, objects=MemoryObjects(), state=state, clock=TickingClock(), rows_per_statement=60).finished
    assert queries.ran == []


def test_what_somebody_decided_about_an_identity_is_merged_though_nothing_landed_until_it_is_surely_there() -> None:
    clock, state = TickingClock(), MemoryCurateState()
    decided = Decision("anonymous", "a1", "ada", "separated", clock.now(), "me")
    merged = []
    for _ in range(4):
        queries = scripted()
        curate(queries=queries, objects=MemoryObjects({decided.key: b""}), state=state, clock=clock, rows_per_statement=60)
        merged.append(written(queries))
        clock.advance(timedelta(minutes=15))
    assert merged == [["MERGE identities"], ["MERGE identities"], [], []]


def test_a_statement_is_kept_before_it_is_started() -> None:
    queries, state = scripted(WAITING), MemoryCurateState()
    kept: list[str] = []

    class Watched(ScriptedQueries):
        def start(self, sql: str, *, token: str = "") -> str:
            under_way = state.get().value.under_way
            if not sql.startswith("SELECT"):
                assert under_way is not None and (under_way.sql, under_way.token, under_way.query_id) == (sql, token, "")
                kept.append(sql)
            return super().start(sql, token=token)

    queries = Watched(queries.answers)
    assert curate(queries=queries, objects=MemoryObjects(LANDED), state=state, clock=TickingClock(), rows_per_statement=100).finished
    assert len(kept) == 5 and state.get().value.under_way is None


@pytest.mark.parametrize(("query_id", "hours", "goes_on"), [("", 3, False), ("", 5, True), ("0", 5, False)])
def test_a_statement_that_cannot_be_started_blocks_until_it_must_be_over(query_id: str, hours: int, goes_on: bool) -> None:
    """Athena may refuse it for ever (a text of a version before), and whoever cannot look at a query that has an id cannot go on."""
    clock, state = TickingClock(), MemoryCurateState()
    state.put(CurateState().leased(clock.now()).beginning(UnderWay("INSERT old", "t", clock.now(), query_id)).paused(), expected=0)
    clock.advance(timedelta(hours=hours))

    class Refusing(ScriptedQueries):
        def start(self, sql: str, *, token: str = "") -> str:
            if sql == "INSERT old":
                raise QueryFailedError("Athena refused StartQueryExecution")
            return super().start(sql, token=token)

        def look(self, query_id: str) -> Query:
            if not self.ran:
                raise QueryFailedError("Athena cannot be reached")
            return super().look(query_id)

    queries = Refusing()
    if goes_on:
        assert curate(queries=queries, objects=MemoryObjects(LANDED), state=state, clock=clock, rows_per_statement=60).finished
    else:
        with pytest.raises(QueryFailedError):
            curate(queries=queries, objects=MemoryObjects(LANDED), state=state, clock=clock, rows_per_statement=60)
        assert queries.ran == []


def test_a_statement_that_athena_has_forgotten_is_over() -> None:
    clock, state = TickingClock(), MemoryCurateState()
    state.put(CurateState().leased(clock.now()).beginning(UnderWay("INSERT old", "t", clock.now(), "no such query")).paused(), expected=0)
    assert curate(queries=scripted(), objects=MemoryObjects(), state=state, clock=clock, rows_per_statement=60).finished


def test_a_run_whose_lease_was_taken_begins_nothing_more() -> None:
    clock, state = TickingClock(), MemoryCurateState()

    class Overtaken(ScriptedQueries):
        def wait(self, query_id: str, *, within: timedelta) -> Query:
            stored = state.get()
            state.put(stored.value.leased(clock.now()), expected=stored.version)
            return super().wait(query_id, within=within)

    queries = Overtaken(scripted(WAITING).answers)
    result = curate(queries=queries, objects=MemoryObjects(LANDED), state=state, clock=clock, rows_per_statement=30)
    assert result.busy and not result.finished
    assert written(queries) == ["INSERT events"]
    assert state.get().value.running_until is not None, "the lease is the other one's"


IN_CATALOG = {"source": "site", "type": "track", "name": "Order Completed", "path": None, "json_type": None, "events": "90"}
SEEN = {"first_ts": "2017-01-01 00:00:00.000", "last_ts": "2017-03-01 00:00:00.000"}


def with_catalog(fails: str = "no statement holds this") -> ScriptedQueries:
    queries = scripted(WAITING, fails)
    queries.answers["AS told"] = [{**IN_CATALOG, **SEEN}]
    return queries


def test_what_was_inserted_is_added_to_the_catalog_with_the_moment_that_says_so() -> None:
    queries, objects, state, clock = with_catalog(), MemoryObjects(LANDED), MemoryCurateState(), TickingClock()
    assert curate(queries=queries, objects=objects, state=state, clock=clock, rows_per_statement=100).finished
    first = read(objects.get(KEY))
    assert (first.events[0].count, first.through) == (90, state.get().value.inserted_through)
    assert "event_ts >=" not in asked_for_catalog(queries)
    assert curate(queries=queries, objects=objects, state=state, clock=clock, rows_per_statement=100).finished
    assert read(objects.get(KEY)).events[0].count == 180
    assert "event_ts >=" in asked_for_catalog(queries), "the days of a run bound what is read of the catalog's rows"


def test_a_catalog_that_cannot_be_kept_holds_up_nothing_and_is_made_up_for() -> None:
    objects, state, clock = MemoryObjects(LANDED), MemoryCurateState(), TickingClock()
    objects.fails = lambda key: key == KEY
    result = curate(queries=with_catalog(), objects=objects, state=state, clock=clock, rows_per_statement=100)
    assert result.finished and "catalog" in result.catalog_error
    objects.fails = lambda key: False
    queries = with_catalog()
    assert curate(queries=queries, objects=objects, state=state, clock=clock, rows_per_statement=100).catalog_error == ""
    assert "2000-01-01" in asked_for_catalog(queries), "from the beginning, because nothing is in it"


@pytest.mark.parametrize("kept", [b"{broken", b'{"through": "2026-11-21T12:00:00+00:00", "events": [], "complete": true}'])
def test_a_catalog_that_cannot_be_read_is_made_anew_from_the_beginning(kept: bytes) -> None:
    queries, objects = with_catalog(), MemoryObjects({**LANDED, KEY: kept})
    result = curate(queries=queries, objects=objects, state=MemoryCurateState(), clock=TickingClock(), rows_per_statement=100)
    assert (result.finished, result.catalog_error, read(objects.get(KEY)).events[0].count) == (True, "", 90)
    assert "2000-01-01" in asked_for_catalog(queries)


def asked_for_catalog(queries: ScriptedQueries) -> str:
    return next(sql for sql in reversed(queries.ran) if "json_type" in sql)
