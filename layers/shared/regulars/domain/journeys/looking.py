"""Looking back: people one after the other, each through all journeys at once, so that memory is that of one."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Final

from regulars.domain.delivery.zones import zone_named
from regulars.domain.journeys.book import Book
from regulars.domain.journeys.ends import is_exit
from regulars.domain.journeys.fates import SENT, CalledOff, Promised, fates
from regulars.domain.journeys.index import Index
from regulars.domain.journeys.journey import Journey
from regulars.domain.journeys.matching import exit_by
from regulars.domain.journeys.past import Past, PastRow, beginnings
from regulars.domain.journeys.past_texts import PastTexts
from regulars.domain.journeys.person import PersonOfHistory
from regulars.domain.journeys.replay import Replay, happened
from regulars.domain.journeys.simulation import Arrival, Life, Lived
from regulars.domain.journeys.state import Action, Moment, State
from regulars.domain.journeys.steps import Message
from regulars.domain.journeys.tally import Arms, Tallies, Tally
from regulars.domain.journeys.wording import step_kind
from regulars.domain.lake.buckets import BUCKETS
from regulars.domain.segments.evaluate import PastEvent, PersonHistory
from regulars.domain.settings import Settings

_CAME: Final = Arms(1)
_REACHED: Final = Arms(1, 1)


class Looking:
    """Used once, for some people of the span from `since` until `until`. `user_id`: of this person alone what they would have got is shown.
    `text_buckets`: of how many of the 10,000 buckets of people each message is made."""

    def __init__(
        self, books: Mapping[str, Book], settings: Settings, since: datetime, until: datetime, *, user_id: str = "", text_buckets: int = BUCKETS
    ) -> None:
        self._books, self._index, self._since, self._until = books, Index(books), since, until
        self._journeys = {journey_id: book.latest for journey_id, book in books.items()}
        self._begins = beginnings(self._journeys.values())
        self._promised = {journey_id: Promised.of(journey, settings, since) for journey_id, journey in self._journeys.items()}
        self._zone = next(iter(books.values())).zone
        self._patience = min(journey.entry.max_age for journey in self._journeys.values())
        self.found = Tallies({journey_id: Tally() for journey_id in books})
        self._texts = PastTexts(self._journeys.values(), self.found.of, user_id=user_id, buckets=text_buckets)

    def over(self, people: Iterable[Past]) -> Tallies:
        for one in people:
            self._see(one)
        return self.found

    def _see(self, one: Past) -> None:
        told = tuple(PastEvent(row.id, "identify", row.at, "identify", traits=row.traits) for row in one.rows if row.traits)
        did = [row for row in one.rows if row.name != "identify" and row.at >= self._since]
        self.found.events += len(one.rows)
        self.found.people += 1
        names = {row.name for row in did}
        for journey_id, begins in self._begins.items():
            self.found.of[journey_id].people += begins.name in names and any(begins.is_told_by(row) for row in did)
        history = PersonHistory(one.user_id, one.rows[0].at, told)
        life = Replay(self._books, self._index, history, self._patience, zone_named(one.zone))
        lived = life.through(did, self._until)
        if not lived:
            return
        actions = self._count(lived, did)
        self._tell_fates(actions, life.person, _CallingOff(self._journeys, lived, did, life.person))
        self._by_arrival(actions if life.is_arrival else self._late(history, did, life.person.of_device))

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
                    tally.others[step_kind(action.does)] += 1
            if state is None:
                continue
            run = journey_id, state.key
            if begun.get(run) is not state.entry:  # the same object as long as it is the same run
                if (since := inside.pop(run, None)) is not None:
                    tally.stayed(since, state.entry.at)
                begun[run] = state.entry
                self._entered(tally, journey_id, state, rows)
                if state.status != "held":
                    inside[run] = state.entry.at
            if state.status != "in" and (since := inside.pop(run, None)) is not None:
                tally.stayed(since, state.since.at)
        for (journey_id, _), since in inside.items():
            tallies[journey_id].stayed(since, None)
        for journey_id in {journey_id for journey_id, _ in begun} - self._begins.keys():
            tallies[journey_id].people += 1
        return messages

    def _entered(self, tally: Tally, journey_id: str, state: State, rows: Sequence[PastRow]) -> None:
        goal, at, is_held = self._journeys[journey_id].goal, state.entry.at, state.status == "held"
        reached = goal is not None and any(row.name == goal.event and at < row.at < at + goal.within for row in rows)
        tally.entries += 1
        tally.came[at.toordinal()] += 1
        one = _REACHED if reached else _CAME
        if is_held:
            tally.held_out += 1
            tally.control += one
        else:
            tally.treated += one

    def _tell_fates(self, messages: Sequence[Action], person: PersonOfHistory, called_off: CalledOff) -> None:
        """Together, with what they would have read, and where there are several journeys each without the others."""
        tallies, zone = self.found.of, person.zone
        found = fates(messages, self._promised, zone, self._zone, called_off)
        for action, became, sent_at in found:
            tallies[action.journey_id].message(action, became, sent_at)
        self._texts.read(found, person)
        if len(self._books) == 1:
            return
        alone = dict[str, list[Action]]()
        for action in messages:
            alone.setdefault(action.journey_id, []).append(action)
        for journey_id, own in alone.items():
            promised = self._promised[journey_id]
            if promised.is_free:
                tallies[journey_id].alone[SENT] += len(own)
            else:
                tallies[journey_id].alone.update(each.became for each in fates(own, {journey_id: promised}, zone, self._zone, called_off))

    def _by_arrival(self, messages: Iterable[Action]) -> None:
        for action in messages:
            self.found.of[action.journey_id].by_arrival += 1

    def _late(self, history: PersonHistory, rows: Sequence[PastRow], zone: tzinfo | None) -> Iterator[Action]:
        """The messages of the same life, with everything looked at when it arrived."""
        life = Life(self._books, self._index, history, zone=zone)
        arrivals = [Arrival(row.received, happened(row, life.person)) for row in rows]
        for lived in life.through(arrivals, self._until):
            yield from (action for action in lived.outcome.actions if isinstance(action.does, Message))


class _CallingOff:
    """What the worker calls off when an exit comes (`Mover`), of one person. Asked of what waits alone."""

    def __init__(self, journeys: Mapping[str, Journey], lived: Sequence[Lived], rows: Sequence[PastRow], who: PersonOfHistory) -> None:
        self._journeys, self._lived, self._rows, self._who = journeys, lived, rows, who

    def __call__(self, action: Action, until: datetime) -> bool:
        meanwhile = [row for row in self._rows if action.at < row.at <= until]
        return bool(meanwhile) and (self._is_exit(action, meanwhile) or self._left(action, {row.at for row in meanwhile}))

    def _is_exit(self, action: Action, rows: Iterable[PastRow]) -> bool:
        journey = self._journeys[action.journey_id]
        named = {end.pattern.name for end in journey.exits}
        happening = ((happened(row, self._who), Moment(row.at, row.id)) for row in rows if row.name in named)
        return any(exit_by(journey, action.entry, action.context, this, moment) for this, moment in happening)

    def _left(self, action: Action, moments: Container[datetime]) -> bool:
        """By what happened at one of them, on a way that leads to an `exit` step."""
        ways = (
            one.outcome.trail
            for one in self._lived
            if one.journey_id == action.journey_id
            and one.outcome.state is not None
            and (one.outcome.state.key, one.outcome.state.entry) == (action.run_key, action.entry)
        )
        return any(is_exit(move) and move.at in moments for trail in ways for move in trail)
