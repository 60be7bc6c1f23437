"""What a person did and was sent: start a query, and look at it. Nothing here waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from regulars.domain.errors import InvalidRequestError
from regulars.domain.person.view import Counter, SeenEvent, SentMessage, view_of, view_sql
from regulars.domain.prices import athena_usd
from regulars.domain.queries import QueryState
from regulars.domain.tickets import ViewTicket, sealed, unsealed
from regulars.ports import Clock, QueryEngine

_EVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class ViewLook:
    """How the question stands: what was found is there once `state` is succeeded; `reason` where it did not succeed. Money is an estimate."""

    ticket: str
    state: QueryState
    reason: str | None = None
    counters: Sequence[Counter] = ()
    events: Sequence[SeenEvent] = ()
    messages: Sequence[SentMessage] = ()
    bytes_scanned: int = 0
    cost_usd: float = 0.0


def start_view(user_id: str, *, since: datetime | None, events: int, queries: QueryEngine, clock: Clock) -> ViewLook:
    """As of now, and of what curate has brought into the lake; `events` is how many of the newest are shown."""
    if not user_id:
        raise InvalidRequestError("whose view?", field="user_id")
    return ViewLook(sealed(ViewTicket(queries.start(view_sql(user_id, since or _EVER, clock.now(), events)))), "queued")


def look_at_view(ticket: str, *, queries: QueryEngine) -> ViewLook:
    """Raises InvalidRequestError for a ticket of another kind, NotFoundError where Athena has forgotten it."""
    started = unsealed(ticket, ViewTicket)
    query = queries.look(started.query_id)
    if query.state != "succeeded":
        return ViewLook(ticket, query.state, query.reason or None)
    view = view_of(queries.fetched(started.query_id))
    cost = athena_usd(query.bytes_scanned)
    return ViewLook(ticket, "succeeded", None, view.counters, view.events, view.messages, query.bytes_scanned, cost)
