"""How many people a segment would have had on each day of a range, and how many entered and left it. Nothing here waits."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from regulars.domain.errors import InvalidRequestError
from regulars.domain.lake.moments import Moments
from regulars.domain.queries import QueryState, ResultRow
from regulars.domain.segments.compile.backtest import backtest_sql
from regulars.domain.segments.days import moments_between
from regulars.domain.tickets import BacktestTicket, sealed, unsealed
from regulars.ports import Clock, DefinitionStore, QueryEngine, TableCatalog
from regulars.usecases.pin_snapshots import pinned
from regulars.usecases.reach_segments import reach_segment


@dataclass(frozen=True)
class BacktestDay:
    """As of `at`: how many there are, and how many came and went since the moment one step before."""

    at: datetime
    count: int
    entered: int
    left: int


@dataclass(frozen=True)
class BacktestLook:
    """How a backtest stands. The days are there once it succeeded, `reason` where it did not; money is an estimate."""

    ticket: str
    state: QueryState
    segment_id: str
    reason: str | None = None
    days: Sequence[BacktestDay] | None = None
    bytes_scanned: int = 0
    cost_usd: float = 0.0


def start_backtest(
    segment_id: str,
    *,
    start: datetime,
    end: datetime,
    every: timedelta,
    definitions: DefinitionStore,
    queries: QueryEngine,
    catalog: TableCatalog,
    clock: Clock,
) -> BacktestLook:
    """From `start` to `end`, both included, with the newest version of the segment.

    Raises NotFoundError, InvalidRuleError and InvalidRequestError.
    """
    now = clock.now()
    if end > now:
        raise InvalidRequestError(f"it is {now:%Y-%m-%dT%H:%M:%SZ}: nobody knows yet who is in a segment later", field="to")
    moments = moments_between(start, end, every)
    segments = reach_segment(segment_id, definitions.all("segment"), definitions=definitions)
    asked = backtest_sql(segments[segment_id].rule, moments, segments, within=segment_id)
    ticket = BacktestTicket(queries.start(pinned(asked, at=now, catalog=catalog)), segment_id, moments.first, moments.every, moments.count)
    return BacktestLook(sealed(ticket), "queued", segment_id)


def look_at_backtest(ticket: str, *, queries: QueryEngine) -> BacktestLook:
    """How far it is. A failed query costs nothing; a cancelled one what it had scanned (Athena pricing).

    Raises InvalidRequestError for a ticket that is not a backtest's, NotFoundError where Athena has forgotten it.
    """
    started = unsealed(ticket, BacktestTicket)
    query = queries.look(started.query_id)
    look = BacktestLook(ticket, query.state, started.segment_id)
    if not query.is_over:
        return look
    look = replace(look, reason=query.reason or None, bytes_scanned=query.bytes_scanned, cost_usd=query.cost_usd)
    if query.state != "succeeded":
        return look
    moments = Moments(started.first, started.every, started.count)
    return replace(look, days=list(_days(queries.fetched(started.query_id), moments)))


def _days(rows: Iterable[ResultRow], moments: Moments) -> Iterator[BacktestDay]:
    """Each but the first, which is there to be compared with."""
    changes = {int(row["slot"] or 0): (int(row["entered"] or 0), int(row["gone"] or 0)) for row in rows}
    count, _ = changes.get(0, (0, 0))
    for slot in range(1, moments.count):
        entered, left = changes.get(slot, (0, 0))
        count += entered - left
        yield BacktestDay(moments.at(slot), count, entered, left)
