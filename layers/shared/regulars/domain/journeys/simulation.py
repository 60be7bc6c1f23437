"""A person's life through some journeys in simulated time: what arrives, when it arrives, and whatever is due between.

It does what runs live, without its queues: an input is looked at when it arrives, a timer when the clock is to look after it (`Book.wakes_at`), and
what a journey starts or tells of a person is an input of the same moment.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final, NamedTuple

import orjson

from regulars.domain.journeys.book import Book
from regulars.domain.journeys.index import Index
from regulars.domain.journeys.person import PersonOfHistory
from regulars.domain.journeys.state import Action, Clock, Happened, Outcome, State
from regulars.domain.journeys.step import moved_by, step
from regulars.domain.journeys.steps import SetTraits, Start
from regulars.domain.segments.evaluate import PastEvent, PersonHistory

NEVER: Final = datetime.max.replace(tzinfo=UTC)


class Arrival(NamedTuple):
    """What happened, when it arrives."""

    received: datetime
    this: Happened


class Lived(NamedTuple):
    """What one input, or one timer, came to for somebody in one journey."""

    user_id: str
    journey_id: str
    outcome: Outcome


@dataclass
class Life:
    """Of one person. `history` may hold their whole life: nothing of it counts before it happens. `due` is the earliest of all their timers."""

    books: Mapping[str, Book]
    index: Index
    history: PersonHistory
    states: dict[str, dict[str, State]] = field(default_factory=dict)
    due: datetime = NEVER

    def __post_init__(self) -> None:
        self.person = PersonOfHistory(self.history)
        """Whom inputs ask."""
        self._next = "", ""

    def through(self, arrivals: Iterable[Arrival], until: datetime) -> Iterator[Lived]:
        """In order of arrival; what is due after `until` does not come any more."""
        for received, this in sorted(arrivals, key=lambda each: (each.received, each.this.at, each.this.id)):
            yield from self._timers(before=min(this.at, received), looked_after=received, late=received)
            yield from self.happens(this, received)
        yield from self.before(until)

    def before(self, moment: datetime) -> Iterator[Lived]:
        """What was due before it, each at its own moment."""
        while self.due < moment:
            due, (journey_id, key) = self.due, self._next
            outcome = step(self.books[journey_id], self.states[journey_id][key], Clock(due, self.person), due)
            yield from self._came(journey_id, key, outcome, due)

    def happens(self, this: Happened, now: datetime) -> Iterator[Lived]:
        """What one input comes to; whatever was due before it has been done."""
        inside = [journey_id for journey_id, states in self.states.items() if any(state.inside for state in states.values())]
        mine = this if this.person is self.person else this._replace(person=self.person)
        for journey_id in self.index.concerned(this, inside):
            for key, outcome in moved_by(self.books[journey_id], self.states.get(journey_id, {}), mine, now).items():
                yield from self._came(journey_id, key, outcome, now)

    def _timers(self, *, before: datetime, looked_after: datetime, late: datetime) -> Iterator[Lived]:
        """Those that were due `before`, and those that the clock has looked after; the others come to be known only now, which is `late`."""
        while self.due <= max(before, looked_after):
            waiting = [found for found in self._waiting() if found[0] < before or found[1] <= looked_after]
            if not waiting:
                return
            due, wakes, journey_id, key = min(waiting)
            now = min(wakes, late)
            outcome = step(self.books[journey_id], self.states[journey_id][key], Clock(due, self.person), now)
            yield from self._came(journey_id, key, outcome, now)

    def _waiting(self) -> Iterator[tuple[datetime, datetime, str, str]]:
        for journey_id, states in self.states.items():
            for key, state in states.items():
                if state.due is not None and (wakes := self.books[journey_id].wakes_at(state)) is not None:
                    yield state.due, wakes, journey_id, key

    def _came(self, journey_id: str, key: str, outcome: Outcome, now: datetime) -> Iterator[Lived]:
        if outcome.state is not None:
            self.states.setdefault(journey_id, {})[key] = outcome.state
            self._look_for_next()
        yield Lived(self.history.user_id, journey_id, outcome)
        for action in outcome.actions:
            yield from self._done(action, now)

    def _look_for_next(self) -> None:
        """Of timers that are due at one moment, that of the journey that was entered first."""
        self.due = NEVER
        for journey_id, states in self.states.items():
            for key, state in states.items():
                if state.due is not None and state.due < self.due:
                    self.due, self._next = state.due, (journey_id, key)

    def _done(self, action: Action, now: datetime) -> Iterator[Lived]:
        match action.does:
            case SetTraits(traits):
                told = PastEvent(action.key, "identify", action.at, "identify", traits=orjson.dumps(traits).decode())
                self.history = replace(self.history, events=(*self.history.events, told))
                self.person = PersonOfHistory(self.history)
            case Start(journey_id) if journey_id in self.books:
                yield from self.happens(Happened("api", journey_id, action.at, action.key, self.person, action.context), now)
            case _:
                pass
