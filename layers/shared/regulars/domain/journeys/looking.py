"""Looking back: people one after the other, each through all journeys at once, so that memory is that of one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from regulars.domain.journeys.book import Book
from regulars.domain.journeys.context import said_in
from regulars.domain.journeys.fates import Promised, ZoneAt, fates
from regulars.domain.journeys.index import Index
from regulars.domain.journeys.past import BEARERS, Past, PastRow, beginnings
from regulars.domain.journeys.person import PersonOfHistory
from regulars.domain.journeys.simulation import Arrival, Life, Lived
from regulars.domain.journeys.state import Action, Happened, Moment, State
from regulars.domain.journeys.steps import Message
from regulars.domain.journeys.tally import Arms, Stay, Tallies, Tally
from regulars.domain.journeys.triggers import trigger_kind
from regulars.domain.segments.evaluate import PastEvent, PersonHistory
from regulars.domain.settings import Settings

_BEARING: Final = frozenset(name for name, _ in BEARERS.values())
"""Events whose properties say what they tell of."""


class Looking:
    """Used once, for some people of the span from `since` until `until`. `user_id`: of this person alone what they would have got is shown."""

    def __init__(self, books: Mapping[str, Book], settings: Settings, since: datetime, until: datetime, *, user_id: str = "") -> None:
        self._books, self._index, self._since, self._until, self._user_id = books, Index(books), since, until, user_id
        self._journeys = {journey_id: book.latest for journey_id, book in books.items()}
        self._begins = beginnings(self._journeys.values())
        self._promised = {journey_id: Promised.of(journey, settings, since) for journey_id, journey in self._journeys.items()}
        self._zone = next(iter(books.values())).zone
        self._patience = min(journey.entry.max_age for journey in self._journeys.values())
        self.found = Tallies({journey_id: Tally() for journey_id in books})

    def over(self, people: Iterable[Past]) -> Tallies:
        for one in people:
            self._see(one)
        return self.found

    def _see(self, one: Past) -> None:
        told = tuple(PastEvent(row.id, "identify", row.at, "identify", traits=row.traits) for row in one.rows if row.traits)
        did = [row for row in one.rows if row.name != "identify" and row.at >= self._since]
        self.found.events += len(one.rows)
        self.found.people += 1
        for journey_id, begins in self._begins.items():
            self.found.of[journey_id].people += any(begins.is_told_by(row) for row in did)
        history = PersonHistory(one.user_id, one.rows[0].at, told)
        life = _ByTime(self._books, self._index, history, self._patience)
        lived = life.through(did, self._until)
        if not lived:
            return
        actions = self._count(lived, did)
        self._tell_fates(actions, life.person.zone)
        self._by_arrival(actions if life.is_arrival else self._late(history, did))

    def _count(self, lived: Sequence[Lived], rows: Sequence[PastRow]) -> list[Action]:
        """The messages that it comes to."""
        begun, inside, messages = dict[tuple[str, str], Moment](), dict[tuple[str, str], datetime](), list[Action]()
        tallies = self.found.of
        for _, journey_id, (state, actions, trail) in lived:
            tally = tallies[journey_id]
            tally.moved(trail)
            for action in actions:
                if type(action.does) is Message:
                    messages.append(action)
                else:
                    tally.others[type(action.does).__name__.lower()] += 1
            if state is None:
                continue
            run = journey_id, state.key
            if begun.get(run) is not state.entry:  # the same object as long as it is the same run
                if (since := inside.pop(run, None)) is not None:
                    tally.stayed(Stay(since, state.entry.at))
                begun[run] = state.entry
                self._entered(tally, journey_id, state, rows)
                if state.status != "held":
                    inside[run] = state.entry.at
            if state.status != "in" and (since := inside.pop(run, None)) is not None:
                tally.stayed(Stay(since, state.since.at))
        for (journey_id, _), since in inside.items():
            tallies[journey_id].stayed(Stay(since))
        for journey_id in {journey_id for journey_id, _ in begun} - self._begins.keys():
            tallies[journey_id].people += 1
        return messages

    def _entered(self, tally: Tally, journey_id: str, state: State, rows: Sequence[PastRow]) -> None:
        goal, at, is_held = self._journeys[journey_id].goal, state.entry.at, state.status == "held"
        reached = goal is not None and any(row.name == goal.event and at < row.at < at + goal.within for row in rows)
        tally.entries += 1
        tally.came[at.toordinal()] += 1
        if is_held:
            tally.held_out += 1
            tally.control += Arms(1, int(reached))
        else:
            tally.treated += Arms(1, int(reached))

    def _tell_fates(self, messages: Sequence[Action], zone: ZoneAt) -> None:
        """Together, and where there are several journeys each without the others."""
        tallies, only = self.found.of, self._user_id
        for action, became, sent_at in fates(messages, self._promised, zone, self._zone):
            tallies[action.journey_id].message(action, became, sent_at, shown=not only or action.user_id == only)
        if len(self._books) == 1:
            return
        for journey_id, tally in self.found.of.items():
            if own := [action for action in messages if action.journey_id == journey_id]:
                tally.alone.update(each.became for each in fates(own, {journey_id: self._promised[journey_id]}, zone, self._zone))

    def _by_arrival(self, messages: Iterable[Action]) -> None:
        for action in messages:
            self.found.of[action.journey_id].by_arrival += 1

    def _late(self, history: PersonHistory, rows: Sequence[PastRow]) -> Iterator[Action]:
        """The messages of the same life, with everything looked at when it arrived."""
        life = Life(self._books, self._index, history)
        arrivals = [Arrival(row.received, _happened(row, life.person)) for row in rows]
        for lived in life.through(arrivals, self._until):
            yield from (action for action in lived.outcome.actions if isinstance(action.does, Message))


class _ByTime:
    """A life by the moments at which things happened, as if each had arrived at once. `is_arrival`: it is that by the moments at which they arrived
    as well, for nothing was due between what happened and its arrival, and all arrived in the same order, soon enough to begin something."""

    def __init__(self, books: Mapping[str, Book], index: Index, history: PersonHistory, patience: timedelta) -> None:
        self._index, self._patience = index, patience
        self._life = Life(books, index, history)
        self.is_arrival = True

    @property
    def person(self) -> PersonOfHistory:
        return self._life.person

    def through(self, rows: Iterable[PastRow], until: datetime) -> Sequence[Lived]:
        life, of_events, lived = self._life, self._index.of_events, list[Lived]()
        arrived: datetime | None = None
        for row in rows:
            interest, at, received = of_events.get(row.name), row.at, row.received
            if interest is None and row.name not in _BEARING:
                continue
            self.is_arrival = self.is_arrival and at <= received and (arrived is None or arrived <= received)
            arrived = received
            if interest is not None and not interest.entries and interest.moves.isdisjoint(life.inside):
                continue
            if life.due < at:
                lived += life.before(at)
            self.is_arrival = self.is_arrival and received <= life.due and received - at <= self._patience
            lived += life.happens(_happened(row, life.person), at)
        lived += life.before(until)
        return lived


def _happened(row: PastRow, who: PersonOfHistory) -> Happened:
    if row.name not in _BEARING:
        return Happened("event", row.name, row.at, row.id, who, row.properties)
    kind, name = trigger_kind(row.name, said_in(row.properties), is_own=row.is_own)
    return Happened(kind, name, row.at, row.id, who, row.properties)
