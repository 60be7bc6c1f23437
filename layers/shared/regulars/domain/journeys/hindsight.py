"""What a journey would have done to the people of a span: counted person by person, so that memory is that of one."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import accumulate, groupby
from typing import Final, NamedTuple

from regulars.domain.delivery.caps import Cap
from regulars.domain.journeys.book import Book
from regulars.domain.journeys.context import said_in
from regulars.domain.journeys.index import Index
from regulars.domain.journeys.journey import Journey
from regulars.domain.journeys.past import PastRow
from regulars.domain.journeys.person import PersonOfHistory
from regulars.domain.journeys.simulation import Arrival, Life, Lived
from regulars.domain.journeys.state import Action, Happened, Moment, Outcome, State
from regulars.domain.journeys.steps import Message
from regulars.domain.journeys.triggers import trigger_kind
from regulars.domain.lake.event_names import PLACE_ENTERED, SEGMENT_ENTERED
from regulars.domain.lake.tables import OWN_SOURCE
from regulars.domain.reasons import CAPPED, QUIET_HOURS
from regulars.domain.segments.evaluate import PastEvent, PersonHistory

BEARING: Final = frozenset({SEGMENT_ENTERED, PLACE_ENTERED})
"""Events whose properties say what they tell of."""

SHOWN: Final = 1_000
"""Messages that are told one by one."""

CANNOT_KNOW: Final = (
    "Nobody can say what people would have done because of messages that they did not get: what they did is what they did without.",
    "Devices, consent and what campaigns sent are not looked at: of quiet hours and caps only the journey's own are.",
)


@dataclass(frozen=True)
class WouldGet:
    """A message, when, and what would have become of it: sent, held until `sent_at`, `quiet_hours` or `capped`."""

    user_id: str
    at: datetime
    step: str
    fate: str
    sent_at: datetime | None


@dataclass(frozen=True)
class DayInPast:
    """`inside` are those who were at its end (UTC)."""

    day: date
    entered: int
    messages: int
    inside: int


@dataclass(frozen=True)
class Arms:
    """People who came in, and those of them who reached the goal in its time, as it happened: nobody got anything."""

    people: int
    reached: int


@dataclass
class Hindsight:
    """`people` did what it begins with; `entries` are runs, of which one person may have several. `messages` are all that it decided to send, by
    step, `fates` what the journey's own quiet hours and cap would have made of them, and `peak_minute` the most that fell into one minute.
    `by_arrival` are the messages it would have sent going by when things arrived, and not by when they happened. `shown` are the first ones, person
    by person."""

    journey_id: str
    version: int
    since: datetime
    until: datetime
    sample: float
    events: int = 0
    people: int = 0
    entries: int = 0
    held_out: int = 0
    messages: Counter[str] = field(default_factory=Counter)
    others: Counter[str] = field(default_factory=Counter)
    fates: Counter[str] = field(default_factory=Counter)
    exits: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)
    steps: int = 0
    by_arrival: int = 0
    peak_minute: int = 0
    peak_at: datetime | None = None
    goal: Mapping[str, Arms] = field(default_factory=dict)
    days: Sequence[DayInPast] = ()
    shown: list[WouldGet] = field(default_factory=list)
    cannot_know: Sequence[str] = CANNOT_KNOW
    bytes_scanned: int = 0
    cost_usd: float = 0.0

    @property
    def all_messages(self) -> int:
        return self.messages.total()


class Looking:
    """Used once. `user_id`: of this person alone what they would have got is shown."""

    def __init__(self, book: Book, found: Hindsight, *, user_id: str = "") -> None:
        self._book, self._found, self._user_id = book, found, user_id
        self._journey: Journey = book.latest
        self._books = {self._journey.id: book}
        self._index = Index(self._books)
        self._minutes: Counter[datetime] = Counter()
        self._came: Counter[date] = Counter()
        self._sent: Counter[date] = Counter()
        self._changes: Counter[date] = Counter()
        self._arms: dict[str, list[int]] = {"treated": [0, 0], "control": [0, 0]}

    def over(self, rows: Iterable[PastRow]) -> Hindsight:
        for user_id, theirs in groupby(rows, key=lambda row: row.user_id):
            self._person(user_id, list(theirs))
        found = self._found
        if self._minutes:
            found.peak_at, found.peak_minute = max(self._minutes.items(), key=lambda each: each[1])
        found.goal = {arm: Arms(people, reached) for arm, (people, reached) in self._arms.items()} if self._journey.goal else {}
        found.days = list(self._days())
        return found

    def _person(self, user_id: str, rows: Sequence[PastRow]) -> None:
        told = tuple(PastEvent(row.id, "identify", row.at, "identify", traits=row.traits) for row in rows if row.name == "identify")
        first = min(row.at for row in rows)
        history = PersonHistory(user_id, first, told)
        did = [row for row in rows if row.name != "identify" and row.at >= self._found.since]
        self._found.events += len(rows)
        self._found.people += 1
        life = Life(self._books, self._index, history)
        outcomes = [lived.outcome for lived in self._by_time(life, did)]
        self._count(user_id, outcomes, did, life.person.zone)
        late = Life(self._books, self._index, history)
        arrivals = [Arrival(row.received, self._happened(row, late.person)) for row in did]
        self._found.by_arrival += sum(len(_messages(lived.outcome)) for lived in late.through(arrivals, self._found.until))

    def _by_time(self, life: Life, rows: Sequence[PastRow]) -> Iterator[Lived]:
        for row in rows:
            if life.due < row.at:
                yield from life.before(row.at)
            yield from life.happens(self._happened(row, life.person), row.at)
        yield from life.before(self._found.until)

    def _happened(self, row: PastRow, who: PersonOfHistory) -> Happened:
        kind, name = trigger_kind(row.name, said_in(row.properties) if row.name in BEARING else {}, is_own=row.source == OWN_SOURCE)
        return Happened(kind, name, row.at, row.id, who, row.properties)

    def _count(self, user_id: str, outcomes: Iterable[Outcome], rows: Sequence[PastRow], zone: Callable[[datetime], tzinfo | None]) -> None:
        begun, inside, over, actions = dict[str, Moment](), dict[str, _Stay](), list[_Stay](), list[Action]()
        for outcome in outcomes:
            self._moved(outcome)
            actions += outcome.actions
            if (state := outcome.state) is None:
                continue
            if begun.get(state.key) != state.entry:
                if restarted := inside.get(state.key):
                    over.append(restarted._replace(until=state.entry.at))
                begun[state.key], inside[state.key] = state.entry, self._entered(state, rows)
            if not state.inside and state.key in inside:
                over.append(inside.pop(state.key)._replace(until=state.since.at))
        for stay in (*over, *inside.values()):
            self._changes[stay.since.date()] += 1
            self._changes[stay.until.date()] -= 1
        self._sent_to(user_id, [action for action in actions if isinstance(action.does, Message)], zone)
        self._found.others.update(type(action.does).__name__.lower() for action in actions if not isinstance(action.does, Message))

    def _moved(self, outcome: Outcome) -> None:
        for move in outcome.trail:
            self._found.steps += move.kind == "came"
            if move.kind == "left":
                self._found.exits[move.because] += 1
            elif move.kind == "noted":
                self._found.notes[move.because] += 1

    def _entered(self, state: State, rows: Sequence[PastRow]) -> "_Stay":
        found, at = self._found, state.entry.at
        found.entries += 1
        found.held_out += state.status == "held"
        self._came[at.date()] += 1
        arm = self._arms["control" if state.status == "held" else "treated"]
        arm[0] += 1
        goal = self._journey.goal
        arm[1] += goal is not None and any(row.name == goal.event and at < row.at < at + goal.within for row in rows)
        return _Stay(at, at if state.status == "held" else found.until)

    def _sent_to(self, user_id: str, actions: Sequence[Action], zone: Callable[[datetime], tzinfo | None]) -> None:
        """With the journey's own quiet hours and cap, in the order in which messages would go out."""
        found, sent = self._found, list[datetime]()
        for action in actions:
            found.messages[action.step] += 1
            self._minutes[action.at.replace(second=0, microsecond=0)] += 1
            fate, at = self._fate(action, sent, zone)
            found.fates[fate] += 1
            if at is not None:
                sent.append(at)
                self._sent[at.date()] += 1
            if (len(found.shown) < SHOWN and not self._user_id) or user_id == self._user_id:
                found.shown.append(WouldGet(user_id, action.at, action.step, fate, at))

    def _fate(self, action: Action, sent: Sequence[datetime], zone: Callable[[datetime], tzinfo | None]) -> tuple[str, datetime | None]:
        delivery, at = self._journey.delivery, action.at
        quiet = delivery.quiet_hours
        over = quiet.over_at(at, zone(at) or self._book.zone) if quiet else None
        if over is not None and quiet is not None and quiet.otherwise == "drop":
            return QUIET_HOURS, None
        at = over or at
        if delivery.cap and _is_reached(delivery.cap, sent, at):
            return CAPPED, None
        return ("held" if over else "sent"), at

    def _days(self) -> Iterator[DayInPast]:
        first, last = self._found.since.astimezone(UTC).date(), self._found.until.astimezone(UTC).date()
        days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        for day, inside in zip(days, accumulate(self._changes[day] for day in days), strict=True):
            yield DayInPast(day, self._came[day], self._sent[day], inside)


class _Stay(NamedTuple):
    """From when until when somebody is inside."""

    since: datetime
    until: datetime


def _is_reached(cap: Cap, sent: Sequence[datetime], at: datetime) -> bool:
    return sum(each > at - cap.within for each in sent) >= cap.count


def _messages(outcome: Outcome) -> list[Action]:
    return [action for action in outcome.actions if isinstance(action.does, Message)]
