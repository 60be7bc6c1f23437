"""Where one person is in one journey, what moves them, and what comes of it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, Literal, NamedTuple

from regulars.domain.journeys.inputs import TriggerKind
from regulars.domain.journeys.person import Person
from regulars.domain.journeys.steps import Acting, SetTraits
from regulars.domain.language import shown

Status = Literal["in", "out", "held"]
MoveKind = Literal["came", "left", "noted"]


made: Final = tuple.__new__
"""A named tuple of all its fields, in order: six tenths of what its own constructor takes, and the past has ten of them for each move. mypy does not
see what is in it: only for what the engine makes at each one."""

AFTER_ALL: Final = "\U0010ffff"
"""In the place of an id: no id is later."""


class Moment(NamedTuple):
    """When, and which of the inputs of that moment: the order in which a person's inputs count. A timer comes after
    all events of its moment (AFTER_ALL), because a deadline includes it."""

    at: datetime
    id: str = ""


class Collected(NamedTuple):
    """An event that a `collect` has gathered."""

    moment: Moment
    properties: str | None


class Lapse(NamedTuple):
    """A wait for an event that was given up: what comes now and happened in it is late."""

    step: str
    since: Moment
    due: datetime


class State(NamedTuple):
    """One person in one journey (of one `key`, where that has keys): one item, replaced whole. `due` is its only timer, None of who does not wait.
    What happened at `since` or before it moves nobody: that is what makes a duplicate harmless, and what is too old.

    Whoever is `held` out does no step; the state says when they would have, so that the effect can be measured.
    """

    user_id: str
    key: str
    version: int
    entry: Moment
    step: str
    since: Moment
    due: datetime | None
    status: Status
    entries: int
    hops: int = 0
    context: str | None = None
    """The JSON of what the run began with, as far as the journey's rules and texts name it."""
    collected: tuple[Collected, ...] = ()
    lapsed: Lapse | None = None

    @property
    def inside(self) -> bool:
        return self.status == "in"

    def hears_of(self, at: datetime) -> bool:
        """Whether something of that moment may move them, or be told as too late: they are inside, or it happened in a wait that was given up."""
        return self.status == "in" or (self.lapsed is not None and at <= self.lapsed.due)

    def moved(
        self, step: str, since: Moment, due: datetime | None, status: Status, hops: int, collected: tuple[Collected, ...], lapsed: Lapse | None
    ) -> "State":
        """What a move changes, all at once: a third of what `_replace` costs."""
        user_id, key, version, entry, _, _, _, _, entries, _, context, _, _ = self
        return made(State, (user_id, key, version, entry, step, since, due, status, entries, hops, context, collected, lapsed))


class Happened(NamedTuple):
    """Something of one of `TriggerKind`, with its properties as JSON. Its `id` is the same however often it arrives."""

    kind: TriggerKind
    name: str
    at: datetime
    id: str
    person: Person
    properties: str | None = None


class Clock(NamedTuple):
    """It is this late: whatever is to be over by then is. One that comes twice, or late, finds nothing due."""

    at: datetime
    person: Person


Input = Happened | Clock


class Action(NamedTuple):
    """What is to be done once for a person, however often it is said. `run_key` and `entry` say of which run it is, `hops` at which of its steps."""

    journey_id: str
    user_id: str
    at: datetime
    version: int
    step: str
    does: Acting
    context: str | None
    collected: tuple[Collected, ...]
    run_key: str
    entry: Moment
    hops: int

    @property
    def key(self) -> str:
        """The same under any replay. Spelled when somebody asks: the past has many actions that nobody does."""
        return f"{self.journey_id}/{self.user_id}/{self.run_key}/{shown(self.entry.at)}.{self.entry.id}/{self.step}/{self.hops}"


def told_by(person: Person, actions: Iterable[Action]) -> Person:
    """Who they are, once it is done: what is told of them is known to all that comes after it."""
    for action in actions:
        if isinstance(action.does, SetTraits):
            person = person.told(action.does.traits, action.at, action.key)
    return person


class Move(NamedTuple):
    """One row of a person's trail: when (by logical time), at which step, and because of what they `came` there or `left` the journey from there; or
    what is `noted` of something that moved them nowhere."""

    at: datetime
    step: str
    because: str
    kind: MoveKind = "came"


class Outcome(NamedTuple):
    """`state` is the very one that was given where nothing is to be written."""

    state: State | None
    actions: Sequence[Action] = ()
    trail: Sequence[Move] = ()
