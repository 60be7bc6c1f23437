"""Waiting until every event accepted so far can be queried, one look at a time.

Nobody may hold an HTTP request open for as long as that takes, so a flush is a conversation: the first call hands out a
ticket, each later call brings it back and gets the next one, until its state is "done".

1. The queue is found empty on at least two successive calls, for as long as its counts take to become true
   (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html: about a minute after the last send).
2. A curate run that started after that moment has finished. One is asked for whenever none is running.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

from regulars.domain.errors import QueryFailedError, StoreUnavailableError
from regulars.domain.tickets import FlushTicket, sealed, unsealed
from regulars.ports import Clock, CurateStateStore, CurateTrigger, EventQueue

EMPTY_LOOKS = 2
ASK_AGAIN_AFTER = timedelta(seconds=30)
"""How long an asked-for curate run may take to show up before it is asked for again."""


@dataclass(frozen=True)
class FlushProgress:
    """Where a flush stands. `ticket` is what the next call must bring; `queued` is how many messages still wait."""

    ticket: str
    state: Literal["pending", "done"]
    waiting_for: Literal["queue", "curate", ""]
    queued: int


def flush(
    ticket: str, *, settle: timedelta, clock: Clock, queue: EventQueue, curate_state: CurateStateStore, curate_trigger: CurateTrigger
) -> FlushProgress:
    """One look; the first one has no ticket. `settle` is how long the queue's counts may lag.

    Raises InvalidRequestError for a ticket that is not a flush's, QueryFailedError where curate failed, StoreUnavailableError where it did and its
    next run may not.
    """
    seen = unsealed(ticket, FlushTicket) if ticket else FlushTicket()
    if seen.emptied_at is None:
        queued, now = queue.depth(), clock.now()
        since = seen.empty_since or now
        seen = FlushTicket() if queued else replace(seen, empty_looks=seen.empty_looks + 1, empty_since=since)
        if seen.empty_looks < EMPTY_LOOKS or now - since < settle:
            return FlushProgress(sealed(seen), "pending", "queue", queued)
        seen = replace(seen, emptied_at=now)
    return _await_curate(seen, clock=clock, curate_state=curate_state, curate_trigger=curate_trigger)


def _await_curate(seen: FlushTicket, *, clock: Clock, curate_state: CurateStateStore, curate_trigger: CurateTrigger) -> FlushProgress:
    now, curate = clock.now(), curate_state.get().value
    emptied_at = seen.emptied_at or now
    if curate.covers(emptied_at):
        return FlushProgress(sealed(seen), "done", "", 0)
    if curate.is_running(now):
        # It may have begun too early, or may run out of time: if so, another is asked for as soon as it is over.
        seen = replace(seen, asked_at=None)
    elif curate.failed_since(emptied_at):
        kind = StoreUnavailableError if curate.may_pass else QueryFailedError
        raise kind(f"curate failed, so the newest events cannot be queried yet: {curate.error}")
    elif seen.asked_at is None or now - seen.asked_at > ASK_AGAIN_AFTER:
        curate_trigger.start()
        seen = replace(seen, asked_at=now)
    return FlushProgress(sealed(seen), "pending", "curate", 0)
