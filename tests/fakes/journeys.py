"""What is kept of journeys, in memory: one fake a port, which passes the same contract suite as the adapter (tests/contracts)."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from regulars.domain.collection.message import MAX_MESSAGE_BYTES
from regulars.domain.errors import ConflictError, PayloadTooLargeError, StoreUnavailableError
from regulars.domain.journeys.ahead import Ahead
from regulars.domain.journeys.errand import Errand, Kept, OfPerson, PutOff
from regulars.domain.journeys.inputs import Again, Due, JourneyInput, identity_of, input_document
from regulars.domain.journeys.registry import Registry
from regulars.ports import StateWrite, Stored, Waiting, WebhookAnswer


class MemoryJourneyRegistry:
    def __init__(self) -> None:
        self.kept = Stored(Registry(), 0)

    def get(self) -> Stored[Registry]:
        return self.kept

    def put(self, registry: Registry, *, expected: int) -> None:
        if self.kept.version != expected:
            raise ConflictError("the registry")
        self.kept = Stored(registry, expected + 1)


class MemoryJourneys:
    def __init__(self) -> None:
        self.kept: dict[tuple[str, str, str], tuple[Kept, int]] = {}
        self.wakes: dict[tuple[str, str, str], datetime] = {}
        self.errands: dict[tuple[str, str], PutOff] = {}
        self.ahead: dict[str, tuple[Ahead, ...]] = {}

    def of(self, user_id: str) -> OfPerson:
        kept = (self.kept[key] for key in sorted(self.kept) if key[0] == user_id)
        put_off = (self.errands[key] for key in sorted(self.errands) if key[0] == user_id)
        return OfPerson(tuple(kept), tuple(put_off), self.ahead.get(user_id, ()))

    def put(self, writes: Sequence[StateWrite]) -> Mapping[int, ConflictError | StoreUnavailableError]:
        refused = dict[int, ConflictError | StoreUnavailableError]()
        for place, (kept, wakes_at, _, expected) in enumerate(writes):
            key = kept.state.user_id, kept.journey_id, kept.state.key
            if (self.kept[key][1] if key in self.kept else 0) != expected:
                refused[place] = ConflictError(kept.state.user_id)
                continue
            self.kept[key] = kept, expected + 1
            self.wakes.pop(key, None)
            if wakes_at is not None:
                self.wakes[key] = wakes_at
        return refused

    def remember(self, user_id: str, ahead: Sequence[Ahead], *, forgotten_at: datetime) -> None:
        self.ahead[user_id] = tuple(ahead)

    def claim(self, claims: Sequence[tuple[PutOff, Errand]]) -> Mapping[int, ConflictError | StoreUnavailableError]:
        refused = dict[int, ConflictError | StoreUnavailableError]()
        for place, (this, errand) in enumerate(claims):
            if self.errands.get((errand.user_id, errand.id)) == this:
                self.errands[errand.user_id, errand.id] = this._replace(errand=errand)
            else:
                refused[place] = ConflictError(errand.user_id)
        return refused

    def put_off(self, this: PutOff) -> None:
        self.errands[this.errand.user_id, this.errand.id] = this

    def take_off(self, user_id: str, errand_id: str) -> None:
        self.errands.pop((user_id, errand_id), None)

    def due(self, journey_id: str, step: str, until: datetime, *, limit: int) -> Iterator[Due]:
        there = sorted((at, key) for key, at in self._in(journey_id, step) if at <= until)
        return (Due(user_id, of, key, at) for at, (user_id, of, key) in there[:limit])

    def due_again(self, journey_id: str, until: datetime, *, limit: int) -> Iterator[Again]:
        there = sorted((this.until, user_id, each) for (user_id, each), this in self._errands(journey_id) if this.until <= until)
        return (Again(user_id, each, at) for at, user_id, each in there[:limit])

    def waiting(self, journey_id: str, step: str, *, versions: Collection[int] | None = None) -> Waiting:
        there = [at for key, at in self._in(journey_id, step) if versions is None or self.kept[key][0].state.version in versions]
        return Waiting(len(there), min(there, default=None))

    def waiting_errands(self, journey_id: str) -> Waiting:
        there = [this.until for _, this in self._errands(journey_id)]
        return Waiting(len(there), min(there, default=None))

    def _in(self, journey_id: str, step: str) -> Iterator[tuple[tuple[str, str, str], datetime]]:
        return ((key, at) for key, at in self.wakes.items() if key[1] == journey_id and self.kept[key][0].state.step == step)

    def _errands(self, journey_id: str) -> Iterator[tuple[tuple[str, str], PutOff]]:
        return ((key, this) for key, this in self.errands.items() if this.errand.journey_id == journey_id)


class MemoryJourneyQueue:
    """`sent` has each once."""

    def __init__(self) -> None:
        self.sent: list[JourneyInput] = []
        self._known: set[str] = set()

    def send(self, inputs: Sequence[JourneyInput]) -> None:
        for this in inputs:
            if len(input_document(this).encode()) > MAX_MESSAGE_BYTES:
                raise PayloadTooLargeError("too much for one message: it is a test")
            if (identity := identity_of(this)) not in self._known:
                self._known.add(identity)
                self.sent.append(this)


class MemoryJourneyTimers:
    """`told` are those whose moment nobody has waited for yet."""

    def __init__(self) -> None:
        self.told: list[Due | Again] = []

    def tell(self, inputs: Sequence[Due | Again]) -> None:
        self.told += inputs


class MemoryHeartbeat:
    def __init__(self) -> None:
        self.beats = False

    def begin(self) -> None:
        self.beats = True

    def end(self) -> None:
        self.beats = False


class MemoryWebhooks:
    """Answers by address; `calls` are the address, the body and the key of each."""

    def __init__(self) -> None:
        self.answers: dict[str, WebhookAnswer] = {}
        self.calls: list[tuple[str, bytes, str]] = []

    def call(self, url: str, body: bytes, *, key: str) -> WebhookAnswer:
        self.calls.append((url, body, key))
        return self.answers.get(url, WebhookAnswer(200, taken=True, final=False, because="", retry_after=timedelta(0)))
