"""What is counted of a journey over the past. Tallies of different people add up to that of all of them, in whatever order."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from operator import attrgetter
from typing import Final, NamedTuple

from regulars.domain.journeys.state import Action, Move

SHOWN: Final = 1_000
"""Messages that are told one by one."""

OTHERS: Final = "for other reasons"
"""In the place of what is wrong, where that is too many things: Liquid may say what somebody's trait is."""

_MOST_TROUBLES: Final = 200
"""Of a journey, those that are told apart in a shard."""

LAST: Final = "\U0010ffff"
"""No user id comes after it."""

_MINUTES_A_DAY: Final = 24 * 60


@dataclass(frozen=True)
class WouldGet:
    """A message, when, and what would have become of it: sent, held until `sent_at`, or why it would not have been. `title` and `body` are what they
    would have read; where nothing can be made for them, `fails` says by which of `reasons`, and `because` where and why."""

    user_id: str
    at: datetime
    step: str
    fate: str
    sent_at: datetime | None
    title: str = ""
    body: str = ""
    fails: str = ""
    because: str = ""


class Trouble(NamedTuple):
    """Why a step's message would have been none for somebody: one of `reasons`, the `field` at fault, and in words what is wrong there."""

    step: str
    reason: str
    field: str
    because: str

    @property
    def key(self) -> str:
        """As counters are named."""
        return "\0".join(self)

    @staticmethod
    def of(key: str) -> "Trouble":
        step, reason, field, because = key.split("\0", 3)
        return Trouble(step, reason, field, because)


@dataclass(frozen=True)
class Arms:
    """People who came in, and those of them who reached the goal in its time, as it happened: nobody got anything."""

    people: int = 0
    reached: int = 0

    def __add__(self, other: "Arms") -> "Arms":
        return Arms(self.people + other.people, self.reached + other.reached)


@dataclass
class Tally:
    """Of one journey. Days are proleptic ordinals of UTC, minutes count from there. `moves` are the inputs and timers that moved somebody, `steps`
    how many steps that took them through; `alone` are the fates that its messages would have had without the other journeys that were looked at,
    where there were any. `unmade` are messages that would have gone out if they were any, by `Trouble.key`, and `unmade_people` whose they are."""

    people: int = 0
    entries: int = 0
    held_out: int = 0
    moves: int = 0
    steps: int = 0
    by_arrival: int = 0
    messages: Counter[str] = field(default_factory=Counter)
    others: Counter[str] = field(default_factory=Counter)
    fates: Counter[str] = field(default_factory=Counter)
    alone: Counter[str] = field(default_factory=Counter)
    unmade: Counter[str] = field(default_factory=Counter)
    unmade_people: Counter[str] = field(default_factory=Counter)
    exits: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)
    minutes: Counter[int] = field(default_factory=Counter)
    came: Counter[int] = field(default_factory=Counter)
    sent: Counter[int] = field(default_factory=Counter)
    changes: Counter[int] = field(default_factory=Counter)
    treated: Arms = Arms()
    control: Arms = Arms()
    shown: list[WouldGet] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.last_shown = LAST
        """Whoever comes after them need not be shown: enough others are."""

    def add(self, other: "Tally") -> None:
        """That of other people."""
        for name in _NUMBERS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in _COUNTERS:
            getattr(self, name).update(getattr(other, name))
        self.shown += other.shown
        self.shorten()

    def stayed(self, since: datetime, until: datetime | None) -> None:
        """How long somebody is inside; None: still at the end of what is looked at."""
        self.changes[since.toordinal()] += 1
        if until is not None:
            self.changes[until.toordinal()] -= 1

    def moved(self, trail: Iterable[Move]) -> None:
        """By one input or timer, this way."""
        came = 0
        for _, _, because, kind in trail:
            if kind == "came":
                came += 1
            else:
                (self.exits if kind == "left" else self.notes)[because] += 1
        self.moves += 1
        self.steps += came

    def message(self, action: Action, became: str, sent_at: datetime | None) -> None:
        """What would have become of one (`fates.Fate`)."""
        at = action.at
        day = at.toordinal()
        self.messages[action.step] += 1
        self.minutes[day * _MINUTES_A_DAY + at.hour * 60 + at.minute] += 1
        self.fates[became] += 1
        if sent_at is not None:
            self.sent[day if sent_at is at else sent_at.toordinal()] += 1

    def show(self, one: WouldGet) -> None:
        self.shown.append(one)
        if len(self.shown) >= 2 * SHOWN:
            self.shorten()

    def lack(self, troubles: Counter[Trouble]) -> None:
        """What one person would not have got, and how often."""
        for trouble, times in troubles.items():
            key = trouble.key
            if len(self.unmade) >= _MOST_TROUBLES and key not in self.unmade:
                key = trouble._replace(field="", because=OTHERS).key
            self.unmade[key] += times
            self.unmade_people[key] += 1

    def shorten(self) -> None:
        """To the first ones, person by person in the order of their ids: the same ones, whichever are looked at first."""
        self.shown = first_shown(self.shown)
        if len(self.shown) == SHOWN:
            self.last_shown = self.shown[-1].user_id


def moment_of_minute(minute: int) -> datetime:
    day, rest = divmod(minute, _MINUTES_A_DAY)
    return datetime.fromordinal(day).replace(hour=rest // 60, minute=rest % 60, tzinfo=UTC)


def first_shown(those: Sequence[WouldGet]) -> list[WouldGet]:
    return sorted(those, key=attrgetter("user_id", "at"))[:SHOWN]


_NUMBERS: Final = ("people", "entries", "held_out", "moves", "steps", "by_arrival", "treated", "control")
_COUNTERS: Final = ("messages", "others", "fates", "alone", "unmade", "unmade_people", "exits", "notes", "minutes", "came", "sent", "changes")


@dataclass
class Tallies:
    """Of all journeys that are looked at together, by id: `events` are the rows that were read, of `people`."""

    of: dict[str, Tally]
    events: int = 0
    people: int = 0

    def add(self, other: "Tallies") -> None:
        self.events += other.events
        self.people += other.people
        for journey_id, tally in other.of.items():
            self.of.setdefault(journey_id, Tally()).add(tally)
