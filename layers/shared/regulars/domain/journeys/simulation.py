"""A person's life through some journeys in simulated time: what arrives, when it arrives, and whatever is due between.

It does what runs live, without its queues: an input is looked at when it arrives, a timer when the clock is to look after it (`Book.wakes_at`), and
what a journey starts or tells of a person is an input of the same moment.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import NamedTuple

from regulars.domain.journeys.ahead import Ahead, remembered
from regulars.domain.journeys.book import Book
from regulars.domain.journeys.index import Index
from regulars.domain.journeys.person import PersonOfHistory
from regulars.domain.journeys.runs import moved_by
from regulars.domain.journeys.state import Action, Clock, Happened, Outcome, State, made
from regulars.domain.journeys.step import NEVER, opens_again, step
from regulars.domain.journeys.steps import Message, SetTraits, Start
from regulars.domain.segments.evaluate import PersonHistory


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
    """Of one person. `history` may hold their whole life: nothing of it counts before it happens. `due` is the earliest of all their timers, `zone`
    where their device is."""

    books: Mapping[str, Book]
    index: Index
    history: PersonHistory
    states: dict[str, dict[str, State]] = field(default_factory=dict)
    due: datetime = NEVER
    zone: tzinfo | None = None
    ahead: tuple[Ahead, ...] | None = None
    """What is remembered of what moved nobody yet; None: nothing, for everything arrives in order."""

    def __post_init__(self) -> None:
        self.person = PersonOfHistory(self.history, self.zone)
        """Whom inputs ask."""
        self.inside: dict[str, None] = {}
        """The journeys that they are in."""
        self._dues: dict[tuple[str, str], datetime] = {}
        """The timer of each run. Of those of one moment, that of the run which was entered first is the next."""
        self._next = "", ""
        self._opens: dict[str, datetime] = {}
        """When those that they have left take them in again."""

    def through(self, arrivals: Iterable[Arrival], until: datetime) -> Iterator[Lived]:
        """In order of arrival; what is due after `until` does not come any more."""
        self.ahead = ()
        for received, this in sorted(arrivals, key=lambda each: (each.received, each.this.at, each.this.id)):
            yield from self._timers(looked_after=received)
            yield from self.happens(this, received)
        yield from self.before(until)

    def before(self, moment: datetime) -> Sequence[Lived]:
        """What was due before it, each at its own moment."""
        lived: list[Lived] = []
        while self.due < moment:
            due, (journey_id, key) = self.due, self._next
            outcome = step(self.books[journey_id], self.states[journey_id][key], made(Clock, (due, self.person)), due)
            self._came(journey_id, key, outcome, due, lived)
        return lived

    def happens(self, this: Happened, now: datetime) -> Sequence[Lived]:
        """What one input comes to; whatever was due before it has been done."""
        lived: list[Lived] = []
        mine = this if this.person is self.person else this._replace(person=self.person)
        on_time = this.at == now  # what is late may be told of a wait that was given up
        closed = [journey_id for journey_id, opens in self._opens.items() if now < opens] if on_time and self._opens else ()
        hearing = tuple(self.inside if on_time else self._hearing(this.at))
        for journey_id in self.index.concerned(this, hearing, closed):
            for key, outcome in moved_by(self.books[journey_id], self.states.get(journey_id, {}), mine, now, self.ahead or ()).items():
                self._came(journey_id, key, outcome, now, lived)
        if self.ahead is not None and self.index.comes_ahead(this, {each.journey_id for each in lived}):
            self.ahead = remembered(self.ahead, this, now)
        return lived

    def _hearing(self, at: datetime) -> Iterator[str]:
        return (journey_id for journey_id, states in self.states.items() if any(state.hears_of(at) for state in states.values()))

    def _timers(self, *, looked_after: datetime) -> Iterator[Lived]:
        """Those that the clock has looked after by then."""
        while self.due < looked_after:
            waiting = [found for found in self._waiting() if found[1] < looked_after]
            if not waiting:
                return
            due, wakes, journey_id, key = min(waiting)
            outcome = step(self.books[journey_id], self.states[journey_id][key], Clock(due, self.person), wakes)
            lived: list[Lived] = []
            self._came(journey_id, key, outcome, wakes, lived)
            yield from lived

    def _waiting(self) -> Iterator[tuple[datetime, datetime, str, str]]:
        for journey_id, states in self.states.items():
            for key, state in states.items():
                if state.due is not None and (wakes := self.books[journey_id].wakes_at(state)) is not None:
                    yield state.due, wakes, journey_id, key

    def _came(self, journey_id: str, key: str, outcome: Outcome, now: datetime, lived: list[Lived]) -> None:
        if outcome.state is not None:
            self._stands(journey_id, key, outcome.state)
        lived.append(made(Lived, (self.history.user_id, journey_id, outcome)))
        for action in outcome.actions:
            if type(action.does) is not Message:  # nearly all are, and move nobody
                self._do(action, now, lived)

    def _stands(self, journey_id: str, key: str, state: State) -> None:
        states = self.states.setdefault(journey_id, {})
        states[key] = state
        if state.status == "in":
            self.inside[journey_id] = None
            self._opens.pop(journey_id, None)
        elif len(states) == 1 or not any(other.inside for other in states.values()):
            self.inside.pop(journey_id, None)
            latest = self.books[journey_id].latest
            if latest.entry.key is None and not key:
                self._opens[journey_id] = opens_again(latest, state)
        dues = self._dues
        dues[journey_id, key] = state.due or NEVER
        self._next = min(dues, key=dues.__getitem__)
        self.due = dues[self._next]

    def _do(self, action: Action, now: datetime, lived: list[Lived]) -> None:
        match action.does:
            case SetTraits(traits):
                self.person = self.person.told(traits, action.at, action.key)
            case Start(journey_id) if journey_id in self.books:
                lived += self.happens(Happened("api", journey_id, action.at, action.key, self.person, action.context), now)
            case _:
                pass
