"""The curate use case: one at a time, each row once, and what a crash leaves behind is found."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from regulars.domain.errors import ConflictError, QueryFailedError
from regulars.ports import Document, Query, Row, Stored
from regulars.usecases.curate import STATE, curate


class FixedClock:
    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 21, 22, 15, tzinfo=UTC)

    def now(self) -> datetime:
        self.moment += timedelta(seconds=1)
        return self.moment


class MemoryState:
    def __init__(self) -> None:
        self.stored: dict[str, Stored] = {}

    def get(self, name: str) -> Stored:
        return self.stored.get(name, Stored({}, 0))

    def put(self, name: str, document: Document, *, expected: int) -> None:
        if self.get(name).version != expected:
            raise ConflictError(name)
        self.stored[name] = Stored(document, expected + 1)


class ScriptedQueries:
    """Answers the backlog query with `waiting` and fails any statement that holds `fails`."""

    def __init__(self, waiting: Sequence[Row] = (), fails: str = "no statement holds this") -> None:
        self.waiting, self.fails = waiting, fails
        self.ran: list[str] = []

    def run(self, sql: str) -> Query:
        if self.fails in sql:
            raise QueryFailedError("GENERIC_INTERNAL_ERROR")
        self.ran.append(sql.split(" ")[0] + " " + sql.split(" ")[2])
        return Query("q", "succeeded", bytes_scanned=7)

    def all_rows(self, sql: str) -> Iterator[Row]:
        return iter(self.waiting)

    def start(self, sql: str, *, token: str = "") -> str:
        raise AssertionError("curate waits for its statements")

    def look(self, query_id: str) -> Query:
        raise AssertionError("curate waits for its statements")

    def rows(self, query_id: str, *, page: str = "", size: int = 1000) -> tuple[Sequence[Row], str]:
        raise AssertionError("curate waits for its statements")


WAITING = [{"month": f"2017-{m:02d}", "event_name": "Order Completed", "waiting": "30"} for m in (1, 2, 3)]


def test_new_rows_are_inserted_chunk_by_chunk_and_then_merged() -> None:
    queries, state = ScriptedQueries(WAITING), MemoryState()
    result = curate(queries=queries, state=state, clock=FixedClock(), rows_per_statement=60)
    assert queries.ran == ["INSERT events", "INSERT events", "MERGE people", "MERGE devices"]
    assert (result.finished, result.rows, result.statements, result.bytes_scanned) == (True, 90, 4, 28)


def test_nothing_new_runs_no_statement() -> None:
    queries, state = ScriptedQueries(), MemoryState()
    assert curate(queries=queries, state=state, clock=FixedClock(), rows_per_statement=60).finished
    assert queries.ran == []


def test_a_second_run_leaves_a_running_one_alone() -> None:
    clock, state = FixedClock(), MemoryState()
    state.put(STATE, {"running_until": (clock.now() + timedelta(minutes=5)).isoformat()}, expected=0)
    result = curate(queries=ScriptedQueries(WAITING), state=state, clock=clock, rows_per_statement=60)
    assert result.busy and not result.finished


def test_a_run_that_died_is_taken_over_when_its_lease_ends() -> None:
    clock, state = FixedClock(), MemoryState()
    state.put(STATE, {"running_until": (clock.now() - timedelta(seconds=1)).isoformat()}, expected=0)
    assert curate(queries=ScriptedQueries(WAITING), state=state, clock=clock, rows_per_statement=60).finished


def test_a_failure_gives_the_lease_back_and_says_why() -> None:
    clock, state = FixedClock(), MemoryState()
    with pytest.raises(QueryFailedError):
        curate(queries=ScriptedQueries(WAITING, fails="INSERT"), state=state, clock=clock, rows_per_statement=60)
    document = state.get(STATE).document
    assert document["running_until"] == "" and document["error"] == "GENERIC_INTERNAL_ERROR"
    assert "finished_at" not in document


def test_rows_inserted_by_a_run_that_failed_before_merging_are_merged_by_the_next() -> None:
    clock, state = FixedClock(), MemoryState()
    with pytest.raises(QueryFailedError):
        curate(queries=ScriptedQueries(WAITING, fails="MERGE"), state=state, clock=clock, rows_per_statement=90)
    after = ScriptedQueries()
    assert curate(queries=after, state=state, clock=clock, rows_per_statement=90).finished
    assert after.ran == ["MERGE people", "MERGE devices"]


def test_without_time_left_it_stops_between_statements_and_is_not_finished() -> None:
    queries, state = ScriptedQueries(WAITING), MemoryState()
    result = curate(
        queries=queries, state=state, clock=FixedClock(), rows_per_statement=30, time_left=lambda: timedelta(minutes=3 - len(queries.ran))
    )
    assert not result.finished and queries.ran == ["INSERT events", "INSERT events"]
    assert "raw_through" not in state.get(STATE).document


def test_what_finished_covers_is_told_by_when_the_run_had_started() -> None:
    clock, state = FixedClock(), MemoryState()
    before = clock.moment
    curate(queries=ScriptedQueries(), state=state, clock=clock, rows_per_statement=60)
    document = state.get(STATE).document
    assert before < datetime.fromisoformat(document["finished_started_at"]) < datetime.fromisoformat(document["finished_at"])
