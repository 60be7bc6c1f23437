"""Moves what `load` wrote into the lake's tables, each event once, then brings people and devices up to date.

Only one runs at a time (a lease in its state). Whatever a run that died left behind, the next one finds: rows are recognised by message id,
and the merges take everything curated since the last merge that finished.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from regulars.domain.curation.plan import OVERLAP, RAW_LIFE, Backlog, chunks
from regulars.domain.curation.state import CurateState
from regulars.domain.curation.statements import backlog_sql, devices_sql, insert_sql, people_sql
from regulars.domain.errors import ConflictError, QueryFailedError
from regulars.domain.queries import ResultRow
from regulars.ports import Clock, CurateStateStore, QueryEngine, Stored


@dataclass(frozen=True)
class CurateResult:
    """What one run did. `finished` is False if another run holds the lease or time ran out: the next run goes on."""

    finished: bool
    rows: int = 0
    statements: int = 0
    bytes_scanned: int = 0
    busy: bool = False


@dataclass
class _Run:
    queries: QueryEngine
    time_left: Callable[[], timedelta]
    rows_per_statement: int
    started: datetime
    since: datetime
    statements: int = 0
    bytes_scanned: int = 0

    @property
    def is_short_of_time(self) -> bool:
        return self.time_left() < timedelta(minutes=2)

    def sql(self, text: str) -> None:
        query = self.queries.run(text)
        self.statements += 1
        self.bytes_scanned += query.bytes_scanned


def curate(
    *,
    queries: QueryEngine,
    state: CurateStateStore,
    clock: Clock,
    rows_per_statement: int,
    time_left: Callable[[], timedelta] = lambda: timedelta(hours=1),
) -> CurateResult:
    """Runs once. `time_left` says how long the caller may still work; no statement is begun with less than two minutes.

    Raises QueryFailedError with Athena's reason, after the lease is given back.
    """
    held = _take_lease(state, clock.now())
    if held is None:
        return CurateResult(finished=False, busy=True)
    started = held.value.started_at
    run = _Run(queries, time_left, rows_per_statement, started, max(held.value.raw_through - OVERLAP, started - RAW_LIFE))
    try:
        rows, finished = _move(run, state, held)
    except QueryFailedError as error:
        reason = str(error)
        _release(state, lambda now: now.failed(reason))
        raise
    _release(state, (lambda now: now.finished(clock.now())) if finished else CurateState.paused)
    return CurateResult(finished, rows, run.statements, run.bytes_scanned)


def _move(run: _Run, state: CurateStateStore, held: Stored[CurateState]) -> tuple[int, bool]:
    """How many rows were new, and whether all of it was done in time."""
    backlog = [_backlog(row) for row in run.queries.all_rows(backlog_sql(run.since, run.started))]
    now = held.value
    if backlog:
        now = now.inserting()
        state.put(now, expected=held.version)
    rows = sum(part.rows for part in backlog)
    for chunk in chunks(backlog, rows=run.rows_per_statement):
        if run.is_short_of_time:
            return rows, False
        run.sql(insert_sql(chunk, run.since, run.started, curated=run.started))
    if now.needs_merge:
        if run.is_short_of_time:
            return rows, False
        run.sql(people_sql(now.merged_through))
        run.sql(devices_sql(now.merged_through))
    return rows, True


def _backlog(row: ResultRow) -> Backlog:
    month = datetime.strptime(row["month"] or "", "%Y-%m").replace(tzinfo=UTC)
    return Backlog(month, row["event_name"] or "", int(row["waiting"] or 0))


def _take_lease(state: CurateStateStore, now: datetime) -> Stored[CurateState] | None:
    """The state with our lease in it, or None if somebody else works."""
    stored = state.get()
    if stored.value.is_running(now):
        return None
    leased = stored.value.leased(now)
    try:
        state.put(leased, expected=stored.version)
    except ConflictError:
        return None
    return Stored(leased, stored.version + 1)


def _release(state: CurateStateStore, ended: Callable[[CurateState], CurateState]) -> None:
    stored = state.get()
    state.put(ended(stored.value), expected=stored.version)
