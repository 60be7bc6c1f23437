"""What a journey has decided to do for a person and has not done yet."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from regulars.domain.collection.moments import iso
from regulars.domain.journeys.ahead import Ahead
from regulars.domain.journeys.book import Book
from regulars.domain.journeys.state import Action, Collected, Moment, State
from regulars.domain.journeys.steps import Acting, Message, SetTraits, Start, Webhook


class Errand(NamedTuple):
    """An action (`state.Action`), as it is kept: what it does stands in the journey's version, under its step. `tries` is how often it was begun and
    put off since. `claimed_by` is the call that may have sent it, if it is a message: nobody else sends it ever. Put off, it is surely not sent, and
    nobody's again."""

    journey_id: str
    key: str
    user_id: str
    at: datetime
    version: int
    step: str
    run_key: str
    entry: Moment
    context: str | None = None
    collected: tuple[Collected, ...] = ()
    tries: int = 0
    claimed_by: str = ""

    @staticmethod
    def of(journey_id: str, action: Action) -> "Errand":
        of = action
        return Errand(journey_id, of.key, of.user_id, of.at, of.version, of.step, of.run_key, of.entry, of.context, of.collected)

    @property
    def id(self) -> str:
        """Short, and of this action only."""
        return hashlib.sha256(self.key.encode("utf-8", "surrogatepass")).hexdigest()[:32]

    @property
    def run(self) -> str:
        return run_id(self.journey_id, self.user_id, self.run_key, self.entry)

    def is_left_by_another(self, holder: str) -> bool:
        """Whether another call than this one has claimed it: whatever that call did, it has died since."""
        return self.claimed_by not in ("", holder)

    def again(self, *, begun: bool) -> "Errand":
        """As it is put off."""
        return self._replace(tries=self.tries + begun, claimed_by="")

    def taken_over(self, books: Mapping[str, Book]) -> "Errand":
        """By the newest version, where that takes the people of this one over (`migrate`): a text is mended for those, too, whom it has not reached
        yet. What was claimed stays as it was."""
        book = books.get(self.journey_id)
        latest = book.latest if book else None
        if latest is None or self.claimed_by or self.version not in latest.migrate.versions:
            return self
        return self._replace(version=latest.version, step=latest.migrate.names.get(self.step, self.step))

    def does(self, books: Mapping[str, Book]) -> Acting | None:
        """None where nobody knows any more: its journey or version cannot be read, or was written over."""
        book = books.get(self.journey_id)
        journey = book.versions.get(self.version) if book else None
        step = journey.steps.get(self.step) if journey else None
        return step if isinstance(step, Message | SetTraits | Webhook | Start) else None


def run_id(journey_id: str, user_id: str, key: str, entry: Moment) -> str:
    """One run of a person through a journey: the same on all that is told of it."""
    return hashlib.sha256("\0".join((journey_id, user_id, key, iso(entry.at), entry.id)).encode("utf-8", "surrogatepass")).hexdigest()[:16]


class PutOff(NamedTuple):
    """An errand for which it is not the time before `until`: quiet hours, a service that does not answer, a journey that is paused."""

    errand: Errand
    until: datetime


class Kept(NamedTuple):
    """What is kept of one person in one journey (of one key): the state, and what it has decided to do. The two are written together and the errands
    are done after that, so whoever finds some does them first."""

    journey_id: str
    state: State
    outbox: tuple[Errand, ...] = ()


class OfPerson(NamedTuple):
    """Everything that is kept of one person, as of the last write: each state with its version, which the next write of it expects."""

    kept: tuple[tuple[Kept, int], ...] = ()
    put_off: tuple[PutOff, ...] = ()
    ahead: tuple[Ahead, ...] = ()
