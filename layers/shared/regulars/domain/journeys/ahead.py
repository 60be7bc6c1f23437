"""What came ahead of the run that it would have moved: the shop's server tells of an order at once, the telephone of the cart an hour later.

An event that may end a run, or a wait in it, and moves none is remembered for a day. Whoever then begins by something older goes on at once by what
is remembered; and where that is an exit, they are told nothing.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from regulars.domain.journeys.book import Book
from regulars.domain.journeys.context import shortened, size_of
from regulars.domain.journeys.matching import exit_by
from regulars.domain.journeys.person import Person
from regulars.domain.journeys.state import Clock, Happened, Moment, Outcome, State, told_by
from regulars.domain.journeys.step import step
from regulars.domain.journeys.steps import Message

KEPT_FOR: Final = timedelta(days=1)
"""As long as somebody may begin by an event that is late, unless the journey says otherwise (`Entry.max_age`)."""

MOST: Final = 10
"""Events of one person, the newest."""

MOST_BYTES: Final = 3_072
"""Of all of them together: DynamoDB bills a write by the kilobyte, and these are many."""


class Ahead(NamedTuple):
    """An event of a person, with its properties as JSON."""

    moment: Moment
    name: str
    properties: str | None

    def happened(self, person: Person) -> Happened:
        return Happened("event", self.name, self.moment.at, self.moment.id, person, self.properties)


def remembered(ahead: Sequence[Ahead], this: Happened, now: datetime) -> tuple[Ahead, ...]:
    """With this one, in the order in which they happened."""
    new = Ahead(Moment(min(this.at, now), this.id), this.name, shortened(this.properties, MOST_BYTES))
    if any(each.moment.id == this.id for each in ahead):
        return tuple(ahead)
    known = sorted((each for each in (*ahead, new) if now - each.moment.at < KEPT_FOR), reverse=True)
    found, room = list[Ahead](), MOST_BYTES
    for each in known[:MOST]:
        room -= size_of(each.properties or "")
        if room < 0:
            break
        found.append(each)
    return tuple(reversed(found))


def overtaken(book: Book, begun: Outcome, ahead: Sequence[Ahead], person: Person, now: datetime) -> Outcome:
    """What becomes of a run that has just begun, by what happened after that and was here before."""
    state, actions, trail = begun.state, [*begun.actions], [*begun.trail]
    is_over = state is not None and any(_is_exit(book, state, each.happened(person)) for each in ahead)
    person = told_by(person, begun.actions)
    for each in ahead:
        for this in (Clock(each.moment.at - datetime.resolution, person), each.happened(person)):
            if state is None or not state.inside or each.moment <= state.entry:
                break
            outcome = step(book, state, this, now)
            person, state = told_by(person, outcome.actions), outcome.state
            actions += outcome.actions
            trail += outcome.trail
    return Outcome(state, [action for action in actions if not isinstance(action.does, Message)] if is_over else actions, trail)


def _is_exit(book: Book, state: State, this: Happened) -> bool:
    return exit_by(book.versions[state.version], state.entry, state.context, this, Moment(this.at, this.id)) is not None
