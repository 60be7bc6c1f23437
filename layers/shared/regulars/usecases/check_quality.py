"""How good the data are lately: start a query, and look at it. Nothing here waits."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from regulars.domain.errors import InvalidRequestError
from regulars.domain.quality.check import Check, read_check
from regulars.domain.quality.check_sql import check_sql
from regulars.domain.queries import QueryState
from regulars.domain.tickets import QualityTicket, sealed, unsealed
from regulars.ports import Clock, QueryEngine

USUAL: Final = timedelta(days=7)


@dataclass(frozen=True)
class Window:
    """When what is counted came into the lake; `until` is when it was asked for."""

    since: datetime
    until: datetime


@dataclass(frozen=True)
class QualityLook:
    """How a check stands: `check` is there once `state` is succeeded, `reason` where it did not succeed. Money is an estimate."""

    ticket: str
    state: QueryState
    window: Window
    reason: str | None = None
    check: Check | None = None
    bytes_scanned: int = 0
    cost_usd: float = 0.0


def start_check(since: datetime | None, *, queries: QueryEngine, clock: Clock) -> QualityLook:
    """Of what came into the lake since then; of the last seven days where it is None. Raises InvalidRequestError for a moment to come."""
    until = clock.now()
    window = Window(since or until - USUAL, until)
    if window.since >= until:
        raise InvalidRequestError("is not in the past", field="since")
    query_id = queries.start(check_sql(window.since, until))
    return QualityLook(sealed(QualityTicket(query_id, window.since, until)), "queued", window)


def look_at_check(ticket: str, *, queries: QueryEngine) -> QualityLook:
    """Raises InvalidRequestError for a ticket of another kind, NotFoundError where Athena has forgotten it."""
    started = unsealed(ticket, QualityTicket)
    window, query = Window(started.since, started.until), queries.look(started.query_id)
    if query.state != "succeeded":
        return QualityLook(ticket, query.state, window, query.reason or None)
    check = read_check(queries.fetched(started.query_id), started.until)
    return QualityLook(ticket, "succeeded", window, None, check, query.bytes_scanned, query.cost_usd)
