"""What several inputs, one after the other, make of one person in all journeys: what is to be written, told and done."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, NamedTuple, assert_never

from regulars.domain.documents import JsonObject
from regulars.domain.journeys.ahead import Ahead, remembered
from regulars.domain.journeys.book import Book
from regulars.domain.journeys.ends import is_exit
from regulars.domain.journeys.errand import Errand, Kept, OfPerson, PutOff, run_id
from regulars.domain.journeys.inputs import Again, Due, JourneyInput, Trigger
from regulars.domain.journeys.matching import exit_by
from regulars.domain.journeys.person import Person
from regulars.domain.journeys.published import Published
from regulars.domain.journeys.runs import moved_by
from regulars.domain.journeys.state import Clock, Happened, Moment, Outcome, State, told_by
from regulars.domain.journeys.step import step
from regulars.domain.journeys.steps import Message
from regulars.domain.journeys.trail import errand_event, trail_events
from regulars.domain.lake.event_names import MESSAGE_SKIPPED, MESSAGE_UNKNOWN
from regulars.domain.reasons import EXITED, INTERRUPTED

REMEMBERED: Final = timedelta(days=30)
"""So long after they might begin again somebody who is out is still known: what comes late is then no new entry."""


class Place(NamedTuple):
    """One person has one state in a journey, or one for each key."""

    journey_id: str
    key: str


class Write(NamedTuple):
    """A state that changed, and the version that it is to replace."""

    kept: Kept
    expected: int


@dataclass
class Moved:
    """`writes` have all errands of before in their outboxes. `waiting` are those that were put off and whose time has come,
    `called_off` those that an exit has made pointless. `ahead` is what is to be remembered of what moved nobody yet; None: as before."""

    writes: list[Write] = field(default_factory=list)
    events: list[JsonObject] = field(default_factory=list)
    waiting: list[PutOff] = field(default_factory=list)
    called_off: list[PutOff] = field(default_factory=list)
    entered: int = 0
    ahead: tuple[Ahead, ...] | None = None


class Mover:
    """Of one person, as they are kept; used once."""

    def __init__(self, published: Published, person: Person, of: OfPerson, now: datetime) -> None:
        self._published, self._person, self._now = published, person, now
        self._put_off = {this.errand.id: this for this in of.put_off}
        self._kept = {Place(kept.journey_id, kept.state.key): (kept, version) for kept, version in of.kept}
        self._changed: dict[Place, None] = {}
        self._ahead = of.ahead
        self._moved = Moved()

    def moved(self, inputs: Iterable[JourneyInput]) -> Moved:
        for this in inputs:
            match this:
                case Trigger():
                    self._happened(this)
                case Due(_, journey_id, key):
                    self._timed_out(Place(journey_id, key))
                case Again(_, errand_id, _):
                    if (found := self._put_off.get(errand_id)) and (found.until <= self._now or self._is_stopped(found.errand.journey_id)):
                        self._take_up(found.errand.run)
                case _:
                    assert_never(this)
        self._moved.writes = [Write(*self._kept[place]) for place in self._changed]
        return self._moved

    def _happened(self, this: Trigger) -> None:
        happened = Happened(this.kind, this.name, this.at, this.id, self._person, this.properties)
        moved, left = set[str](), set[str]()
        hearing = [place.journey_id for place, (kept, _) in self._kept.items() if kept.state.hears_of(happened.at)]
        for journey_id in self._published.index.concerned(happened, hearing):
            states = {place.key: kept.state for place, (kept, _) in self._kept.items() if place.journey_id == journey_id}
            for key, outcome in moved_by(self._published.books[journey_id], states, happened, self._now, self._ahead).items():
                self._came(Place(journey_id, key), states.get(key), outcome)
                moved.add(journey_id)
                if (before := states.get(key)) and leaves_by(outcome, min(this.at, self._now)):
                    left.add(run_id(journey_id, self._person.user_id, key, before.entry))
        self._call_off(happened, left)
        if self._published.index.comes_ahead(happened, moved):
            self._remember(happened)

    def _call_off(self, this: Happened, left: Collection[str]) -> None:
        """What runs that it ends, `left` or over before, were to tell and had to wait with: quiet hours, a pause, a service that does not answer.
        What a call had begun to send may have gone out."""
        for errand_id, waiting in list(self._put_off.items()):
            errand = waiting.errand
            if isinstance(errand.does(self._published.books), Message) and (errand.run in left or self._ends(errand, this)):
                self._moved.called_off.append(self._put_off.pop(errand_id))
                name, reason = (MESSAGE_UNKNOWN, INTERRUPTED) if errand.claimed_by else (MESSAGE_SKIPPED, EXITED)
                self._moved.events.append(errand_event(errand, name, self._now, {"reason": reason}))

    def _ends(self, errand: Errand, this: Happened) -> bool:
        """Whoever has come to the end of their way may still have something to hear, and an exit counts from there as well."""
        journey = self._published.books[errand.journey_id].versions[errand.version]
        return exit_by(journey, errand.entry, errand.context, this, Moment(min(this.at, self._now), this.id)) is not None

    def _remember(self, this: Happened) -> None:
        ahead = remembered(self._ahead, this, self._now)
        if ahead != self._ahead:
            self._ahead = self._moved.ahead = ahead

    def _timed_out(self, place: Place) -> None:
        """By each timer that somebody is to look after by now: one that comes too early, or again, finds nothing to do."""
        book = self._published.books.get(place.journey_id)
        while book is not None and place in self._kept:
            state = self._kept[place][0].state
            wakes_at = book.wakes_at(state)
            gone = state.inside and book.lets_out(state)
            if not gone and (wakes_at is None or wakes_at > self._now or state.due is None):
                return
            outcome = step(book, state, Clock(state.due or self._now, self._person), self._now)
            self._came(place, state, outcome)
            if outcome.state is None or outcome.state == state:
                return

    def _take_up(self, run: str) -> None:
        """All of a run whose time has come: they are to be seen together, to be kept apart."""
        for errand_id, this in list(self._put_off.items()):
            if this.errand.run == run and (this.until <= self._now or self._is_stopped(this.errand.journey_id)):
                self._moved.waiting.append(self._put_off.pop(errand_id))

    def _is_stopped(self, journey_id: str) -> bool:
        """Nobody's errand waits any longer then."""
        book = self._published.books.get(journey_id)
        return book is not None and book.standing == "stopped"

    def _came(self, place: Place, before: State | None, outcome: Outcome) -> None:
        user_id = self._person.user_id
        self._moved.events += trail_events(place.journey_id, before, outcome, user_id)
        if outcome.state is None or outcome.state is before:
            return
        kept, version = self._kept.get(place, (None, 0))
        self._person = told_by(self._person, outcome.actions)
        errands = tuple(Errand.of(place.journey_id, action) for action in outcome.actions)
        self._moved.entered += before is None or outcome.state.entry != before.entry
        self._kept[place] = Kept(place.journey_id, outcome.state, (*(kept.outbox if kept else ()), *errands)), version
        self._changed[place] = None


def leaves_by(outcome: Outcome, at: datetime) -> bool:
    """Whether what happened at that moment ended a run by an exit, and not a timer before it."""
    return any(is_exit(move) and move.at >= at for move in outcome.trail)


def looked_after(kept: Kept, books: Mapping[str, Book]) -> datetime | None:
    """When the clock is to look after somebody; None: not before something happens."""
    book = books.get(kept.journey_id)
    return book.wakes_at(kept.state) if book and kept.state.inside else None


def forgotten_at(kept: Kept, books: Mapping[str, Book]) -> datetime | None:
    """When nobody needs to know any more that they were there. None: they may never come in again, or only so often, and that is to be known for
    ever. (Not of a run of its own for each item, of which nobody is told again once it is too old: there would be one for every article.)"""
    book = books.get(kept.journey_id)
    if book is None or kept.state.inside or kept.outbox:
        return None
    entry, again = book.latest.entry, book.latest.reentry
    after = entry.max_age if again.after is None and entry.is_of_each_item else again.after
    if after is None or again.most is not None:
        return None
    return max(kept.state.entry.at + after, kept.state.since.at) + REMEMBERED


def unfinished(of: OfPerson) -> Sequence[tuple[Kept, int]]:
    """What a call before wrote and did not bring to its end."""
    return [(kept, version) for kept, version in of.kept if kept.outbox]
