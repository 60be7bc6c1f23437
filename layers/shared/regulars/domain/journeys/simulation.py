"""A person's life through some journeys in simulated time: what arrives, when it arrives, and whatever is due between.

It does what runs live, without its queues: an input is looked at when it arrives, a timer when the clock is to look after it (`Book.wakes_at`), and
what a journey starts or tells of a person is an input of the same moment.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple

import orjson

from regulars.domain.journeys.book import Book
from regulars.domain.journeys.person import PersonOfHistory
from regulars.domain.journeys.state import Action, Clock, Happened, Outcome, State
from regulars.domain.journeys.step import moved_by, step
from regulars.domain.journeys.steps import SetTraits, Start
from regulars.domain.segments.evaluate import PastEvent, PersonHistory


class Arrival(NamedTuple):
    """What happened, when it arrives."""

    received: datetime
    this: Happened


class Lived(NamedTuple):
    """What one input, or one timer, came to in one journey."""

    journey_id: str
    outcome: Outcome


@dataclass
class Life:
    """Of one person. `history` may hold their whole life: nothing of it counts before it happens."""

    books: Mapping[str, Book]
    history: PersonHistory
    states: dict[str, dict[str, State]] = field(default_factory=dict)

    def through(self, arrivals: Iterable[Arrival], until: datetime) -> Iterator[Lived]:
        """In order of arrival; what is due after `until` does not come any more."""
        for received, this in sorted(arrivals, key=lambda each: (each.received, each.this.at, each.this.id)):
            yield from self._timers(before=min(this.at, received), looked_after=received, late=received)
            yield from self._happens(this, received)
        yield from self._timers(before=until, looked_after=until, late=until)

    def _timers(self, *, before: datetime, looked_after: datetime, late: datetime) -> Iterator[Lived]:
        """Those that were due `before`, and those that the clock has looked after; the others come to be known only now, which is `late`."""
        while waiting := [found for found in self._waiting() if found[0] < before or found[1] <= looked_after]:
            due, wakes, journey_id, key = min(waiting)
            now = min(wakes, late)
            outcome = step(self.books[journey_id], self.states[journey_id][key], Clock(due, PersonOfHistory(self.history)), now)
            yield from self._came(journey_id, key, outcome, now)

    def _waiting(self) -> Iterator[tuple[datetime, datetime, str, str]]:
        for journey_id, states in self.states.items():
            for key, state in states.items():
                if state.due is not None and (wakes := self.books[journey_id].wakes_at(state)) is not None:
                    yield state.due, wakes, journey_id, key

    def _happens(self, this: Happened, now: datetime) -> Iterator[Lived]:
        for journey_id, book in self.books.items():
            this = replace(this, person=PersonOfHistory(self.history))
            for key, outcome in moved_by(book, self.states.get(journey_id, {}), this, now).items():
                yield from self._came(journey_id, key, outcome, now)

    def _came(self, journey_id: str, key: str, outcome: Outcome, now: datetime) -> Iterator[Lived]:
        if outcome.state is not None:
            self.states.setdefault(journey_id, {})[key] = outcome.state
        yield Lived(journey_id, outcome)
        for action in outcome.actions:
            yield from self._done(action, now)

    def _done(self, action: Action, now: datetime) -> Iterator[Lived]:
        match action.does:
            case SetTraits(traits):
                told = PastEvent(action.key, "identify", action.at, "identify", traits=orjson.dumps(traits).decode())
                self.history = replace(self.history, events=(*self.history.events, told))
            case Start(journey_id) if journey_id in self.books:
                person = PersonOfHistory(self.history)
                yield from self._happens(Happened("api", journey_id, action.at, action.key, person, action.context), now)
            case _:
                pass
