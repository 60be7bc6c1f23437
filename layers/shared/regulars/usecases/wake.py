"""The sweep: whose time has come is told to the worker, each minute. What it does not find is found by the next one, and what it finds twice is
nothing new to anybody; so a sweep that is late, or does not come, delays and changes nothing.

It keeps itself going, and the worker, as long as a journey runs:

    a launch has one made         it begins the heartbeat, which makes the next ones
    while any journey runs        each makes sure of the heartbeat
    SETTLED after the last stop   one that finds nobody any more ends it; and begins it again where somebody has launched one at that moment
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Final

from regulars.domain.journeys.book import Book
from regulars.domain.journeys.inputs import Again, Due, moment_of
from regulars.domain.journeys.published import Published
from regulars.ports import Clock, Heartbeat, JourneyQueue, JourneyStore
from regulars.usecases.live_journeys import LiveJourneys

AT_ONCE: Final = 1_000
"""So many are sent before more are looked for."""

MOST_OF_A_STEP: Final = 20_000
"""In one sweep: more are due in the next one, and no step keeps the others waiting for long."""

MARGIN: Final = timedelta(seconds=10)
"""With less time left nothing more is looked for."""

SETTLED: Final = timedelta(minutes=15)
"""After the last journey was stopped: what was under way has come to the worker by then, also what came by a timer of the queue."""

_EVER: Final = datetime.max.replace(tzinfo=UTC)


@dataclass
class Woken:
    """How many inputs were sent; `lateness` is how long the one that waited longest had been due. `left`: there was no time for all. `ended`: no
    journey runs any more, and no sweep comes after this one."""

    sent: int = 0
    lateness: timedelta = timedelta(0)
    left: bool = False
    ended: bool = False


def wake(
    *,
    live: LiveJourneys,
    journeys: JourneyStore,
    queue: JourneyQueue,
    heartbeat: Heartbeat,
    clock: Clock,
    time_left: Callable[[], timedelta],
) -> Woken:
    """Raises StoreUnavailableError, QueueUnavailableError, TooManyRequestsError, SchedulerUnavailableError, RunnerUnavailableError; what was sent by
    then is sent."""
    published, before = live(newest=True), clock.now() - SETTLED
    is_over = published.is_over(before=before)
    if not is_over:
        heartbeat.begin()
    done = _swept(published, journeys, queue, clock, time_left)
    if is_over and not done.sent:
        heartbeat.end()
        done.ended = live(newest=True).is_over(before=before)
        if not done.ended:
            heartbeat.begin()
    return done


def _swept(published: Published, journeys: JourneyStore, queue: JourneyQueue, clock: Clock, time_left: Callable[[], timedelta]) -> Woken:
    now, done = clock.now(), Woken()
    for journey_id, book in published.books.items():
        for found in _places(journey_id, book, now, journeys):
            while some := list(islice(found, AT_ONCE)):
                queue.send(some)
                done.sent += len(some)
                done.lateness = max(done.lateness, *(now - moment_of(each) for each in some))
                if time_left() < MARGIN:
                    done.left = True
                    return done
    return done


def _places(journey_id: str, book: Book, now: datetime, journeys: JourneyStore) -> Iterator[Iterator[Due | Again]]:
    """Of each step in which anybody may wait, and of what was put off: of a journey that is paused that stays where it is."""
    steps = dict.fromkeys(name for journey in book.versions.values() for name in journey.steps if journey.waits_in(name))
    # Whoever is in a journey that was stopped leaves it now, and not in thirty days.
    until = _EVER if book.standing == "stopped" else now
    for step in steps:
        yield iter(journeys.due(journey_id, step, until, limit=MOST_OF_A_STEP))
    if book.standing != "paused":
        yield iter(journeys.due_again(journey_id, until, limit=MOST_OF_A_STEP))
