"""Waiting until every event accepted so far can be queried, one look at a time.

Nobody may hold an HTTP request open for as long as that takes, so a flush is a conversation: the first call hands out a
ticket, each later call brings it back and gets the next one, until its state is "done". The ticket carries all that has
been seen, so the server keeps nothing.

1. The queue is found empty on at least two successive calls, for as long as its counts take to become true
   (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html: about a minute after the last send).
2. A curate run that started after that moment has finished. One is asked for whenever none is running.
"""

import base64
import binascii
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

import orjson

from regulars.domain.errors import InvalidRequestError, QueryFailedError
from regulars.ports import Clock, CurateTrigger, Document, EventQueue, StateStore

CURATE_STATE = "curate"
"""The state document that curate keeps; `usecases/curate.py` says what is in it."""

EMPTY_LOOKS = 2
ASK_AGAIN_AFTER = timedelta(seconds=30)
"""How long an asked-for curate run may take to show up before it is asked for again."""


@dataclass(frozen=True)
class FlushProgress:
    """Where a flush stands. `flush_id` is what the next call must bring; `queued` is how many messages still wait."""

    flush_id: str
    state: Literal["pending", "done"]
    waiting_for: Literal["queue", "curate", ""]
    queued: int


@dataclass(frozen=True)
class _Ticket:
    """What earlier calls saw. Moments are ISO 8601 in UTC, empty until they have come."""

    empty_looks: int = 0
    empty_since: str = ""
    emptied_at: str = ""
    asked_at: str = ""


def flush(flush_id: str, *, settle: timedelta, clock: Clock, queue: EventQueue, state: StateStore, curate_trigger: CurateTrigger) -> FlushProgress:
    """One look. `settle` is how long the queue's counts may lag.

    Raises InvalidRequestError for a ticket that is not ours, QueryFailedError where curate failed.
    """
    ticket = _opened(flush_id) if flush_id else _Ticket()
    if not ticket.emptied_at:
        queued, now = queue.depth(), clock.now()
        ticket = _Ticket() if queued else replace(ticket, empty_looks=ticket.empty_looks + 1, empty_since=ticket.empty_since or now.isoformat())
        if ticket.empty_looks < EMPTY_LOOKS or now - datetime.fromisoformat(ticket.empty_since) < settle:
            return FlushProgress(_sealed(ticket), "pending", "queue", queued)
        ticket = replace(ticket, emptied_at=now.isoformat())
    return _await_curate(ticket, clock=clock, state=state, curate_trigger=curate_trigger)


def _await_curate(ticket: _Ticket, *, clock: Clock, state: StateStore, curate_trigger: CurateTrigger) -> FlushProgress:
    now, emptied_at = clock.now(), datetime.fromisoformat(ticket.emptied_at)
    run = state.get(CURATE_STATE).document
    if _moment(run, "finished_started_at") >= emptied_at:
        return FlushProgress(_sealed(ticket), "done", "", 0)
    if _moment(run, "running_until") > now:
        # It may have begun too early, or may run out of time: if so, another is asked for as soon as it is over.
        ticket = replace(ticket, asked_at="")
    elif run.get("error") and _moment(run, "failed_started_at") >= emptied_at:
        raise QueryFailedError(f"curate failed, so the newest events cannot be queried yet: {run['error']}")
    elif not ticket.asked_at or now - datetime.fromisoformat(ticket.asked_at) > ASK_AGAIN_AFTER:
        curate_trigger.start()
        ticket = replace(ticket, asked_at=now.isoformat())
    return FlushProgress(_sealed(ticket), "pending", "curate", 0)


def _moment(run: Document, key: str) -> datetime:
    return datetime.fromisoformat(run[key]) if run.get(key) else datetime.min.replace(tzinfo=UTC)


def _sealed(ticket: _Ticket) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(asdict(ticket))).decode()


def _opened(flush_id: str) -> _Ticket:
    try:
        ticket = _Ticket(**orjson.loads(base64.urlsafe_b64decode(flush_id)))
        for moment in filter(None, (ticket.empty_since, ticket.emptied_at, ticket.asked_at)):
            if datetime.fromisoformat(moment).tzinfo is None:
                raise ValueError(moment)
        if not isinstance(ticket.empty_looks, int):
            raise TypeError(ticket.empty_looks)
    except (binascii.Error, TypeError, ValueError) as error:
        raise InvalidRequestError("not a flush that was started here; post {} to start one", field="flush_id") from error
    return ticket
