"""Moves what `load` wrote into the lake's tables, each event once, then brings people and devices up to date.

Only one runs at a time (a lease in the state document). Whatever a run that died left behind, the next one finds: rows are recognised by message id,
and the merges take everything curated since the last merge that finished.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from regulars.domain.curation import OVERLAP, RAW_LIFE, Backlog, backlog_sql, chunks, devices_sql, insert_sql, people_sql
from regulars.domain.errors import ConflictError, QueryFailedError
from regulars.ports import Clock, Document, QueryEngine, Row, StateStore, Stored

STATE = "curate"
LEASE = timedelta(minutes=16)
"""A little longer than the function may live (template.yaml, CurateFunction.Timeout)."""

_BEGINNING = "2000-01-01T00:00:00+00:00"


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

    def sql(self, text: str) -> None:
        query = self.queries.run(text)
        self.statements += 1
        self.bytes_scanned += query.bytes_scanned


def curate(
    *,
    queries: QueryEngine,
    state: StateStore,
    clock: Clock,
    rows_per_statement: int,
    time_left: Callable[[], timedelta] = lambda: timedelta(hours=1),
) -> CurateResult:
    """Runs once. `time_left` says how long the caller may still work; no statement is begun with less than two minutes.

    The state document tells others how it goes: `started_at`, `running_until` (the lease, empty when nobody runs), `finished_started_at` (when the
    last run that finished had started: everything that lay in raw by then can be queried), `finished_at`, `error` and `failed_started_at`.
    Raises QueryFailedError with Athena's reason, after the lease is given back.
    """
    held = _take_lease(state, clock.now())
    if held is None:
        return CurateResult(finished=False, busy=True)
    document = held.document
    started = _moment(document["started_at"])
    run = _Run(queries, time_left, rows_per_statement, started, _raw_since(document, started))
    try:
        rows, finished = _move(run, document, state, held)
    except QueryFailedError as error:
        _release(state, {"error": str(error), "failed_started_at": document["started_at"]})
        raise
    done = {"finished_started_at": document["started_at"], "finished_at": clock.now().isoformat(), "error": ""}
    done |= {"raw_through": document["started_at"], "merged_through": document["started_at"]}
    _release(state, done if finished else {})
    return CurateResult(finished, rows, run.statements, run.bytes_scanned)


def _move(run: _Run, document: Document, state: StateStore, held: Stored) -> tuple[int, bool]:
    backlog = [_backlog(row) for row in run.queries.all_rows(backlog_sql(run.since, run.started))]
    if backlog:  # from here on a crash leaves rows that are not merged: say so first
        document["inserted_through"] = document["started_at"]
        state.put(STATE, document, expected=held.version)
    rows = sum(part.rows for part in backlog)
    for chunk in chunks(backlog, rows=run.rows_per_statement):
        if run.time_left() < timedelta(minutes=2):
            return rows, False
        run.sql(insert_sql(chunk, run.since, run.started, curated=run.started))
    merged = _moment(document.get("merged_through", _BEGINNING))
    if _moment(document.get("inserted_through", _BEGINNING)) > merged:
        if run.time_left() < timedelta(minutes=2):
            return rows, False
        run.sql(people_sql(merged))
        run.sql(devices_sql(merged))
    return rows, True


def _backlog(row: Row) -> Backlog:
    month = datetime.strptime(row["month"] or "", "%Y-%m").replace(tzinfo=UTC)
    return Backlog(month, row["event_name"] or "", int(row["waiting"] or 0))


def _take_lease(state: StateStore, now: datetime) -> Stored | None:
    """The state with our lease in it, or None if somebody else works."""
    stored = state.get(STATE)
    document = dict(stored.document)
    if _moment(document.get("running_until") or _BEGINNING) > now:
        return None
    later = _moment(document.get("started_at", _BEGINNING)) + timedelta(milliseconds=1)
    document["started_at"] = max(now, later).isoformat()  # never equal to an earlier run's, whatever the clocks say
    document["running_until"] = (now + LEASE).isoformat()
    try:
        state.put(STATE, document, expected=stored.version)
    except ConflictError:
        return None
    return Stored(document, stored.version + 1)


def _release(state: StateStore, changes: Document) -> None:
    stored = state.get(STATE)
    state.put(STATE, {**stored.document, **changes, "running_until": ""}, expected=stored.version)


def _raw_since(document: Document, started: datetime) -> datetime:
    return max(_moment(document.get("raw_through", _BEGINNING)) - OVERLAP, started - RAW_LIFE)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
