"""The worker: moves people by what happened to them, or by the clock, and does what that comes to.

    read what is kept of a person        all inputs of theirs in the call, one after the other, in memory
    decide about their messages          of everybody in the call at once: consent, quiet hours, caps; nothing is sent
    tell the way that they went          likewise: events with ids of their own, which told again are the same
    write the states with their outboxes in one request, each on the condition that nobody wrote meanwhile; it says which messages this call sends
    send the messages of the outboxes    of everybody at once; then tell what became of them
    empty the outboxes                   in one request, on the same condition; what is put off has an item of its own by then
    do what else they say, the same way  webhooks, traits, other journeys
    set timers                           of what is due soon, so that nobody waits for the sweep

Wherever that is cut off, the queue brings the inputs again. Before the write nothing has happened, but that room may be taken under a cap, which the
same message finds again. After it they move nobody any more (what happened moves a person only if it came after they got there), and the outbox that
is found is done first: what nobody has claimed is decided anew, and of a message that another call has claimed nobody knows. Of the people in a call,
whoever is in trouble comes again, with all inputs of theirs, and nobody else.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache, partial
from typing import Final, NamedTuple

from regulars.domain.documents import JsonObject
from regulars.domain.errors import ConflictError, InfrastructureError
from regulars.domain.journeys.ahead import KEPT_FOR
from regulars.domain.journeys.errand import PutOff
from regulars.domain.journeys.inputs import Again, Due, JourneyInput, Trigger, UnreadableInputError, input_of
from regulars.domain.journeys.moving import Moved, Mover, forgotten_at, looked_after
from regulars.domain.journeys.published import Published
from regulars.ports import Clock, DeviceStore, EventQueue, JourneyStore, JourneyTimers, ProfileStore, StateWrite
from regulars.usecases.current_settings import current_settings
from regulars.usecases.learn_ahead import learn_ahead
from regulars.usecases.live_journeys import LiveJourneys
from regulars.usecases.perform import Begun, Performed, Performer
from regulars.usecases.person_in_hand import PersonInHand, errand_ids
from regulars.usecases.profiled_person import Known, ProfiledPerson
from regulars.usecases.send_messages import PATIENCE
from regulars.usecases.tell import tell

CONFLICTS: Final = 3
"""So often a person is read and moved anew because somebody else wrote meanwhile, before the inputs come again later."""

ENOUGH: Final = PATIENCE + timedelta(seconds=5)
"""So much time has to be left to begin messages: whatever is claimed and then cut off, nobody knows of."""

SOON: Final = timedelta(minutes=14)
"""What is due by then comes by a timer, to the second; everything else by the sweep, up to a minute late. A minute less than a timer can last: the
clocks of others."""


class Record(NamedTuple):
    """A message of the queue, by the id that failures are reported by."""

    identity: str
    body: str


@dataclass
class Advanced:
    """What a call did. `undone` are the records that come again, and `trouble` says why, by person (empty where nobody could read whose it is);
    `refused` is why FCM takes nothing from us, and `untimed` why what is due soon waits for the sweep."""

    inputs: int = 0
    entered: int = 0
    errands: int = 0
    put_off: int = 0
    refused: str = ""
    untimed: str = ""
    undone: list[str] = field(default_factory=list)
    trouble: dict[str, str] = field(default_factory=dict)


def advance(
    records: Sequence[Record],
    *,
    live: LiveJourneys,
    performer: Performer,
    journeys: JourneyStore,
    profiles: ProfileStore,
    devices: DeviceStore,
    events: EventQueue,
    timers: JourneyTimers,
    clock: Clock,
    time_left: Callable[[], timedelta] = lambda: timedelta(hours=1),
) -> Advanced:
    """What could not be done is `undone`. Raises StoreUnavailableError where nobody knows which journeys run: then nothing was."""
    return _Call(live, performer, journeys, profiles, devices, events, timers, clock, time_left).of(records)


class _Call:
    def __init__(
        self,
        live: LiveJourneys,
        performer: Performer,
        journeys: JourneyStore,
        profiles: ProfileStore,
        devices: DeviceStore,
        events: EventQueue,
        timers: JourneyTimers,
        clock: Clock,
        time_left: Callable[[], timedelta],
    ) -> None:
        self._live, self._performer, self._time_left = live, performer, time_left
        self._journeys, self._profiles, self._devices = journeys, profiles, devices
        self._events, self._timers, self._clock = events, timers, clock
        self._known_by = Known(profiles, devices, cache(lambda: current_settings(performer.prepare.definitions)))
        self._soon: list[Due | Again] = []
        self._done = Advanced()

    def of(self, records: Sequence[Record]) -> Advanced:
        people = self._by_person(records)
        self._published = self._known(this for one in people.values() for this in one.inputs)
        for user_id, one in people.items():
            learn = partial(learn_ahead, user_id, one.inputs, profiles=self._profiles, devices=self._devices, time_left=self._time_left)
            self._try(user_id, one, learn)
        left = self._untroubled(people)
        for _ in range(CONFLICTS):
            left = self._move(left) if left else left
        for user_id, one in left.items():
            self._comes_again(user_id, one, ConflictError(f"somebody else moved {user_id} at the same moment, {CONFLICTS} times"))
        self._set_timers()
        return self._done

    def _known(self, inputs: Iterable[JourneyInput]) -> Published:
        """The journeys that run. Whoever sent an input knew one that it concerns: where nobody here does, what was read is too old."""
        published = self._live()
        index, books = published.index, published.books
        unknown = (
            index.interest(this.kind, this.name) is None if isinstance(this, Trigger) else isinstance(this, Due) and this.journey_id not in books
            for this in inputs
        )
        return self._live(newest=True) if any(unknown) else published

    def _by_person(self, records: Sequence[Record]) -> Mapping[str, PersonInHand]:
        people: dict[str, PersonInHand] = {}
        for record in records:
            try:
                this = input_of(record.body)
            except UnreadableInputError as error:
                self._done.undone.append(record.identity)
                self._done.trouble[""] = str(error)
                continue
            one = people.setdefault(this.user_id, PersonInHand())
            one.records.append(record.identity)
            one.inputs.append(this)
        return people

    def _try_all(self, people: Mapping[str, PersonInHand], act: Callable[[], None]) -> None:
        """What is done for all of them at once: where it fails, all of them come again."""
        try:
            act()
        except Exception as error:
            for user_id, one in people.items():
                self._comes_again(user_id, one, error)

    def _try(self, user_id: str, one: PersonInHand, act: Callable[[], None]) -> None:
        """One person's trouble, whatever it is, is theirs alone: it comes again, and ends among the dead letters if it stays."""
        try:
            act()
        except Exception as error:
            self._comes_again(user_id, one, error)

    def _comes_again(self, user_id: str, one: PersonInHand, error: Exception) -> None:
        if user_id not in self._done.trouble:
            self._done.undone += one.records
        self._done.trouble[user_id] = f"{type(error).__name__}: {error}"

    def _untroubled(self, people: Mapping[str, PersonInHand]) -> Mapping[str, PersonInHand]:
        return {user_id: one for user_id, one in people.items() if user_id not in self._done.trouble}

    def _move(self, people: Mapping[str, PersonInHand]) -> Mapping[str, PersonInHand]:
        """Gives those whom somebody else moved meanwhile: they are to be read and moved anew."""
        for user_id, one in people.items():
            self._try(user_id, one, partial(self._read, user_id, one))
        people = self._untroubled(people)
        begun = self._begun(people)
        people = self._untroubled(people)
        self._try_all(people, partial(self._tell, [event for one in people.values() for event in one.came_to.events]))
        for user_id, one in self._untroubled(people).items():
            self._try(user_id, one, partial(self._set_right, user_id, one.came_to))
        people = self._untroubled(people)
        conflicts = self._write(people)
        written = {user_id: one for user_id, one in self._untroubled(people).items() if user_id not in conflicts}
        self._done.inputs += sum(len(one.inputs) for one in written.values())
        self._done.entered += sum(one.came_to.entered for one in written.values())
        self._do(written, begun)
        return {user_id: people[user_id] for user_id in conflicts}

    def _read(self, user_id: str, one: PersonInHand) -> None:
        of = self._journeys.of(user_id)
        one.moved(of, Mover(self._published, ProfiledPerson(user_id, self._known_by), of, self._clock.now()).moved(one.inputs))

    def _begun(self, people: Mapping[str, PersonInHand]) -> Begun | None:
        """By what runs at this very moment: whatever was paused or stopped until now sends nothing."""
        having = {user_id: one for user_id, one in people.items() if any(one.errands)}
        if not having:
            return None
        if self._time_left() < ENOUGH:
            for user_id, one in having.items():
                self._comes_again(user_id, one, TimeoutError("too little time is left to send"))
            return None
        begun = self._performer.begin([errand for one in having.values() for errand in one.errands], self._live(newest=True))
        for user_id, one in having.items():
            if trouble := next((begun.trouble[errand.id] for errand in one.errands if errand.id in begun.trouble), None):
                self._comes_again(user_id, one, trouble)
            one.claim(begun.claimed)
        return begun

    def _set_right(self, user_id: str, moved: Moved) -> None:
        """What stands beside the states, before these say that it does."""
        for this in moved.called_off:
            self._journeys.take_off(user_id, this.errand.id)
        if moved.ahead:
            self._journeys.remember(user_id, moved.ahead, forgotten_at=moved.ahead[-1].moment.at + KEPT_FOR)

    def _write(self, people: Mapping[str, PersonInHand]) -> Collection[str]:
        """Gives those to whom another write came first."""
        claims = [claim for one in people.values() for claim in one.claims]
        lost = self._lost(people, [this.errand.user_id for this, _ in claims], _refused(partial(self._journeys.claim, claims), len(claims)))
        return {*lost, *self._put({user_id: one for user_id, one in self._untroubled(people).items() if user_id not in lost})}

    def _put(self, people: Mapping[str, PersonInHand]) -> Collection[str]:
        """What is new of them."""
        books, states = self._published.books, [state for one in people.values() for state in one.states if state.is_new]
        writes = [StateWrite(each.kept, looked_after(each.kept, books), forgotten_at(each.kept, books), each.version) for each in states]
        refused = _refused(partial(self._journeys.put, writes), len(writes))
        for state, write in (pair for place, pair in enumerate(zip(states, writes, strict=True)) if place not in refused):
            state.version, state.is_new = state.version + 1, False
            if write.wakes_at is not None and write.wakes_at - self._clock.now() <= SOON:
                self._soon.append(Due(state.kept.state.user_id, state.kept.journey_id, state.kept.state.key, write.wakes_at))
        return self._lost(people, [state.kept.state.user_id for state in states], refused)

    def _lost(self, people: Mapping[str, PersonInHand], whose: Sequence[str], refused: Mapping[int, Exception]) -> Collection[str]:
        """Who lost a race, of those `whose` the writes were. Of whom the store did not take one, come again."""
        lost = set[str]()
        for place, error in refused.items():
            if isinstance(error, ConflictError):
                lost.add(whose[place])
            else:
                self._comes_again(whose[place], people[whose[place]], error)
        return lost - self._done.trouble.keys()

    def _tell(self, events: Sequence[JsonObject]) -> None:
        tell(events, queue=self._events, now=self._clock.now())

    def _do(self, people: Mapping[str, PersonInHand], begun: Begun | None) -> None:
        if begun is None:
            self._end(people, Performed())
            return
        self._end(people, begun.send(errand_ids(people)), begun.deeds)
        people = {user_id: one for user_id, one in self._untroubled(people).items() if any(one.errands)}
        if people:
            self._end(people, begun.do(errand_ids(people)))

    def _end(self, people: Mapping[str, PersonInHand], performed: Performed, left: Collection[str] = ()) -> None:
        """Tells what became of their errands, and empties the outboxes of all but those that are `left`: also of whoever comes again, so that nobody
        takes what is done for something of which they do not know."""
        ended = [errand_id for errand_id in errand_ids(people) if errand_id not in left]
        self._done.errands, self._done.refused = self._done.errands + len(ended), performed.refused or self._done.refused
        events = [event for errand_id in ended for event in performed.events.get(errand_id, ())]
        self._try_all({user_id: one for user_id, one in people.items() if any(one.errands)}, partial(self._tell, events))
        for user_id, one in self._untroubled(people).items():
            self._try(user_id, one, partial(self._put_off, one, performed, left))
        for user_id in self._put(people):
            self._comes_again(user_id, people[user_id], ConflictError(f"somebody else moved {user_id} at the same moment"))

    def _put_off(self, one: PersonInHand, performed: Performed, left: Collection[str]) -> None:
        for errand in one.errands:
            if until := performed.later.get(errand.id):
                self._journeys.put_off(PutOff(errand.again(begun=errand.id not in performed.held), until))
                self._done.put_off += 1
                if timedelta(0) < until - self._clock.now() <= SOON:  # what is put off until it is resumed is due already
                    self._soon.append(Again(errand.user_id, errand.id, until))
        undone = {errand.id: performed.trouble[errand.id] for errand in one.errands if errand.id in performed.trouble}
        for this in one.waiting:
            if this.errand.id not in {*performed.later, *undone, *left}:
                self._journeys.take_off(this.errand.user_id, this.errand.id)
        one.ended(but={*undone, *left})
        for error in undone.values():
            raise error

    def _set_timers(self) -> None:
        """Twice written is once waited for: state and outbox are two writes of the same moment."""
        try:
            if self._soon:
                self._timers.tell(list(dict.fromkeys(self._soon)))
        except InfrastructureError as error:
            self._done.untimed = str(error)


def _refused(write: Callable[[], Mapping[int, Exception]], many: int) -> Mapping[int, Exception]:
    """By their places why some of so many were not written; all of them, where the store does not answer."""
    try:
        return write() if many else {}
    except Exception as error:
        return dict.fromkeys(range(many), error)
