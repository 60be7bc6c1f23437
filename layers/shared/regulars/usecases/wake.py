"""The sweep: whose time has come is told to the worker, each minute. What it does not find is found by the next one, and what it finds twice is
nothing new to anybody; so a sweep that is late, or does not come, delays and changes nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from regulars.domain.journeys.book import Book
from regulars.domain.journeys.inputs import Again, Due
from regulars.domain.journeys.published import Published
from regulars.ports import Clock, JourneyQueue, JourneyStore

AT_ONCE: Final = 1_000
"""So many are sent before more are looked for."""

MOST_OF_A_STEP: Final = 20_000
"""In one sweep: more are due in the next one, and no step keeps the others waiting for long."""

MARGIN: Final = timedelta(seconds=10)
"""With less time left nothing more is looked for."""


@dataclass
class Woken:
    """How many inputs were sent; `lateness` is how long the one that waited longest had been due. `left`: there was no time for all."""

    sent: int = 0
    lateness: timedelta = timedelta(0)
    left: bool = False


def wake(
    *,
    published: Published,
    journeys: JourneyStore,
    queue: JourneyQueue,
    clock: Clock,
    time_left: Callable[[], timedelta],
) -> Woken:
    """Raises StoreUnavailableError, QueueUnavailableError, TooManyRequestsError; what was sent by then is sent."""
    now, done = clock.now(), Woken()
    for journey_id, book in published.books.items():
        for found in _places(journey_id, book, now, journeys):
            while some := list(islice(found, AT_ONCE)):
                queue.send(some)
                done.sent += len(some)
                done.lateness = max(done.lateness, *(now - _due(each) for each in some))
                if time_left() < MARGIN:
                    done.left = True
                    return done
    return done


def _places(journey_id: str, book: Book, now: datetime, journeys: JourneyStore) -> Iterator[Iterator[Due | Again]]:
    """Of each step in which anybody may wait, and of what was put off: of a journey that is paused that stays where it is."""
    steps = dict.fromkeys(name for journey in book.versions.values() for name in journey.steps if journey.waits_in(name))
    # Whoever is in a journey that was stopped leaves it now, and not in thirty days.
    until = datetime.max.replace(tzinfo=now.tzinfo) if book.standing == "stopped" else now
    for step in steps:
        yield iter(journeys.due(journey_id, step, until, limit=MOST_OF_A_STEP))
    if book.standing != "paused":
        yield iter(journeys.due_again(journey_id, now, limit=MOST_OF_A_STEP))


def _due(this: Due | Again) -> datetime:
    return this.at if isinstance(this, Due) else this.until
