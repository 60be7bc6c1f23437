"""The worker: moves people by what happened to them, or by the clock, and does what that comes to.

    read what is kept of a person        all inputs of theirs in the call, one after the other, in memory
    tell the way that they went          of everybody in the call: events with ids of their own, which told again are the same
    write the states with their outboxes likewise in one request, each on the condition that nobody wrote meanwhile
    do what the outboxes say             of everybody at once
    empty the outboxes                   in one request, on the same condition; what is put off has an item of its own by then
    set timers                           of what is due soon, so that nobody waits for the sweep

Wherever that is cut off, the queue brings the inputs again. Before the write nothing has happened. After it they move nobody any more (what happened
moves a person only if it came after they got there), and the outbox that is found is done first: each thing once, for it is claimed before it is
done. Of the people in a call, whoever is in trouble comes again, with all inputs of theirs, and nobody else.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Final, NamedTuple

from regulars.domain.documents import JsonObject
from regulars.domain.errors import ConflictError, InfrastructureError
from regulars.domain.journeys.ahead import KEPT_FOR
from regulars.domain.journeys.errand import Errand, Kept, OfPerson, PutOff
from regulars.domain.journeys.inputs import Again, Due, JourneyInput, Trigger, UnreadableInputError, input_of
from regulars.domain.journeys.moving import Moved, Mover, forgotten_at, looked_after, unfinished
from regulars.domain.journeys.published import Published
from regulars.domain.people.device import Sightings
from regulars.ports import Clock, DeviceStore, EventQueue, JourneyStore, JourneyTimers, ProfileStore, StateWrite
from regulars.usecases.live_journeys import LiveJourneys
from regulars.usecases.merge_devices import merge_devices
from regulars.usecases.merge_profiles import merge_profiles
from regulars.usecases.perform import Perform, Performed
from regulars.usecases.profiled_person import ProfiledPerson
from regulars.usecases.tell import tell

CONFLICTS: Final = 3
"""So often a person is read and moved anew because somebody else wrote meanwhile, before the inputs come again later."""


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


@dataclass
class _OfOne:
    """A person in a call: their records and inputs, and what is to be done for them."""

    records: list[str] = field(default_factory=list)
    inputs: list[JourneyInput] = field(default_factory=list)
    open: list[tuple[Kept, int]] = field(default_factory=list)
    waiting: list[PutOff] = field(default_factory=list)
    put_off: set[str] = field(default_factory=set)

    @property
    def errands(self) -> Iterator[Errand]:
        """Of those in an outbox, the ones that a call before had not put off when it died."""
        yield from (errand for kept, _ in self.open for errand in kept.outbox if errand.id not in self.put_off)
        yield from (this.errand for this in self.waiting)


def advance(
    records: Sequence[Record],
    *,
    live: LiveJourneys,
    perform: Perform,
    journeys: JourneyStore,
    profiles: ProfileStore,
    devices: DeviceStore,
    events: EventQueue,
    timers: JourneyTimers,
    clock: Clock,
    time_left: Callable[[], timedelta] = lambda: timedelta(hours=1),
) -> Advanced:
    """What could not be done is `undone`. Raises StoreUnavailableError where nobody knows which journeys run: then nothing was."""
    return _Call(live, perform, journeys, profiles, devices, events, timers, clock, time_left).of(records)


class _Call:
    def __init__(
        self,
        live: LiveJourneys,
        perform: Perform,
        journeys: JourneyStore,
        profiles: ProfileStore,
        devices: DeviceStore,
        events: EventQueue,
        timers: JourneyTimers,
        clock: Clock,
        time_left: Callable[[], timedelta],
    ) -> None:
        self._live, self._perform, self._time_left = live, perform, time_left
        self._journeys, self._profiles, self._devices = journeys, profiles, devices
        self._events, self._timers, self._clock = events, timers, clock
        self._soon: list[Due | Again] = []
        self._done = Advanced()

    def of(self, records: Sequence[Record]) -> Advanced:
        people = self._by_person(records)
        self._published = self._known(this for one in people.values() for this in one.inputs)
        for user_id, one in people.items():
            self._try(user_id, one, partial(self._learn, user_id, one.inputs))
        self._move(self._untroubled(people))
        self._do(self._untroubled(people))
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

    def _by_person(self, records: Sequence[Record]) -> Mapping[str, _OfOne]:
        people: dict[str, _OfOne] = {}
        for record in records:
            try:
                this = input_of(record.body)
            except UnreadableInputError as error:
                self._done.undone.append(record.identity)
                self._done.trouble[""] = str(error)
                continue
            one = people.setdefault(this.user_id, _OfOne())
            one.records.append(record.identity)
            one.inputs.append(this)
        return people

    def _try_all(self, people: Mapping[str, _OfOne], act: Callable[[], None]) -> None:
        """What is done for all of them at once: where it fails, all of them come again."""
        try:
            act()
        except Exception as error:
            for user_id, one in people.items():
                self._comes_again(user_id, one, error)

    def _try(self, user_id: str, one: _OfOne, act: Callable[[], None]) -> None:
        """One person's trouble, whatever it is, is theirs alone: it comes again, and ends among the dead letters if it stays."""
        try:
            act()
        except Exception as error:
            self._comes_again(user_id, one, error)

    def _comes_again(self, user_id: str, one: _OfOne, error: Exception) -> None:
        if user_id not in self._done.trouble:
            self._done.undone += one.records
        self._done.trouble[user_id] = f"{type(error).__name__}: {error}"

    def _untroubled(self, people: Mapping[str, _OfOne]) -> Mapping[str, _OfOne]:
        return {user_id: one for user_id, one in people.items() if user_id not in self._done.trouble}

    def _move(self, people: Mapping[str, _OfOne]) -> None:
        """Whoever was moved by somebody else meanwhile is read and moved anew."""
        for _ in range(CONFLICTS):
            read = dict[str, tuple[OfPerson, Moved]]()
            for user_id, one in people.items():
                self._try(user_id, one, partial(self._read, user_id, one, read))
            told = {user_id: people[user_id] for user_id in read}
            self._try_all(told, partial(self._tell, [event for _, moved in read.values() for event in moved.events]))
            for user_id, one in self._untroubled(told).items():
                self._try(user_id, one, partial(self._set_right, user_id, read[user_id][1]))
            people = self._written(self._untroubled(told), read)
        for user_id, one in people.items():
            self._comes_again(user_id, one, ConflictError(f"somebody else moved {user_id} at the same moment, {CONFLICTS} times"))

    def _read(self, user_id: str, one: _OfOne, into: dict[str, tuple[OfPerson, Moved]]) -> None:
        of = self._journeys.of(user_id)
        into[user_id] = of, Mover(self._published, ProfiledPerson(user_id, self._profiles), of, self._clock.now()).moved(one.inputs)

    def _set_right(self, user_id: str, moved: Moved) -> None:
        """What stands beside the states, before these say that it does."""
        for this in moved.called_off:
            self._journeys.take_off(user_id, this.errand.id)
        if moved.ahead:
            self._journeys.remember(user_id, moved.ahead, forgotten_at=moved.ahead[-1].moment.at + KEPT_FOR)

    def _written(self, people: Mapping[str, _OfOne], read: Mapping[str, tuple[OfPerson, Moved]]) -> Mapping[str, _OfOne]:
        """Gives those whom somebody else moved meanwhile."""
        conflicts = self._put(people, [self._write_of(*write) for user_id in people for write in read[user_id][1].writes])
        for user_id, one in self._untroubled(people).items():
            if user_id not in conflicts:
                of, moved = read[user_id]
                self._settle(one, of, moved)
        return {user_id: people[user_id] for user_id in conflicts}

    def _put(self, people: Mapping[str, _OfOne], writes: Sequence[StateWrite]) -> Collection[str]:
        """Gives those to whom another write came first. Whose state the store does not take, come again."""
        refused, conflicts = dict[int, Exception](), set[str]()
        if writes:
            self._try_all(people, lambda: refused.update(self._journeys.put(writes)))
        for place, error in refused.items():
            user_id = writes[place].kept.state.user_id
            if isinstance(error, ConflictError):
                conflicts.add(user_id)
            else:
                self._comes_again(user_id, people[user_id], error)
        return conflicts - self._done.trouble.keys()

    def _write_of(self, kept: Kept, expected: int) -> StateWrite:
        books = self._published.books
        return StateWrite(kept, looked_after(kept, books), forgotten_at(kept, books), expected)

    def _settle(self, one: _OfOne, of: OfPerson, moved: Moved) -> None:
        """What is written of them: everything that has an outbox now, with its version, and what is due soon."""
        still = {(kept.journey_id, kept.state.key): (kept, version) for kept, version in unfinished(of)}
        for kept, expected in moved.writes:
            still[kept.journey_id, kept.state.key] = kept, expected + 1
            wakes_at = looked_after(kept, self._published.books)
            if wakes_at is not None and wakes_at - self._clock.now() <= SOON:
                self._soon.append(Due(kept.state.user_id, kept.journey_id, kept.state.key, wakes_at))
        one.open = [(kept, version) for kept, version in still.values() if kept.outbox]
        one.waiting, one.put_off = moved.waiting, {this.errand.id for this in of.put_off}
        self._done.inputs += len(one.inputs)
        self._done.entered += moved.entered

    def _tell(self, events: Sequence[JsonObject]) -> None:
        tell(events, queue=self._events, now=self._clock.now())

    def _learn(self, user_id: str, inputs: Sequence[JourneyInput]) -> None:
        """What somebody said of themselves just before, and what they registered, is on its way, and is there before anything asks for it. Devices go
        first, as in `load`."""
        triggers = [this for this in inputs if isinstance(this, Trigger)]
        seen: dict[str, Sightings] = {}
        for sighting in (each for this in triggers for each in this.seen if each.user_id == user_id and each.device.id):
            seen.setdefault(str(sighting.device.id), Sightings()).add(sighting)
        if seen and merge_devices(seen, devices=self._devices, time_left=self._time_left).undone:
            raise ConflictError(f"a device of {user_id} cannot be written")
        told = [change for this in triggers for change in this.told if change.user_id == user_id]
        if told and merge_profiles({user_id: told}, profiles=self._profiles, time_left=self._time_left).undone:
            raise ConflictError(f"the profile of {user_id} cannot be written")

    def _do(self, people: Mapping[str, _OfOne]) -> None:
        errands = [errand for one in people.values() for errand in one.errands]
        performed = self._performed(errands) if errands else Performed()
        self._done.errands, self._done.refused = len(errands), performed.refused
        for user_id, one in people.items():
            self._try(user_id, one, partial(self._put_off, one, performed))
        self._empty(self._untroubled(people))

    def _performed(self, errands: Sequence[Errand]) -> Performed:
        """By what runs at this very moment: whatever was paused or stopped until now sends nothing."""
        try:
            performed = self._perform(errands, self._live(newest=True))
            self._tell(performed.events)
        except InfrastructureError as error:
            return Performed(trouble=dict.fromkeys((errand.id for errand in errands), error))
        return performed

    def _put_off(self, one: _OfOne, performed: Performed) -> None:
        for errand in one.errands:
            if trouble := performed.trouble.get(errand.id):
                raise trouble
            if until := performed.later.get(errand.id):
                self._journeys.put_off(PutOff(errand._replace(tries=errand.tries + 1), until))
                self._done.put_off += 1
                if timedelta(0) < until - self._clock.now() <= SOON:  # what is put off until it is resumed is due already
                    self._soon.append(Again(errand.user_id, errand.id, until))
        for this in one.waiting:
            if this.errand.id not in performed.later:
                self._journeys.take_off(this.errand.user_id, this.errand.id)

    def _empty(self, people: Mapping[str, _OfOne]) -> None:
        emptied = [self._write_of(kept._replace(outbox=()), version) for one in people.values() for kept, version in one.open]
        for user_id in self._put(people, emptied):
            self._comes_again(user_id, people[user_id], ConflictError(f"somebody else moved {user_id} at the same moment"))

    def _set_timers(self) -> None:
        """Twice written is once waited for: state and outbox are two writes of the same moment."""
        try:
            if self._soon:
                self._timers.tell(list(dict.fromkeys(self._soon)))
        except InfrastructureError as error:
            self._done.untimed = str(error)
