"""What journeys need that run: which there are, where people are in them, the queue of what moves them, and what beats only while there are any."""

from __future__ import annotations  # a function imports the types that it uses, not those of every port

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import datetime, timedelta

    from regulars.domain.errors import ConflictError, StoreUnavailableError
    from regulars.domain.journeys.ahead import Ahead
    from regulars.domain.journeys.errand import Errand, Kept, OfPerson, PutOff
    from regulars.domain.journeys.inputs import Again, Due, JourneyInput
    from regulars.domain.journeys.registry import Registry
    from regulars.ports.stores import Stored


class Waiting(NamedTuple):
    """How many people wait in a step, or errands of a journey, and when the first of them is due; None where nobody does."""

    people: int
    next_due: datetime | None


class StateWrite(NamedTuple):
    """A state with its outbox, for the place of version `expected` of it (0: there is none yet). `wakes_at` is when somebody has to look after it
    (None: nobody has to), and from `forgotten_at` on it may be gone (None: never)."""

    kept: Kept
    wakes_at: datetime | None
    forgotten_at: datetime | None
    expected: int


class JourneyRegistry(Protocol):
    """Raises StoreUnavailableError."""

    def get(self) -> Stored[Registry]:
        """Strongly consistent. The empty one, at version 0, before the first launch."""
        ...

    def put(self, registry: Registry, *, expected: int) -> None:
        """Writes version `expected + 1`. Raises ConflictError if another write came first."""
        ...


class JourneyStore(Protocol):
    """Where people are. Raises StoreUnavailableError."""

    def of(self, user_id: str) -> OfPerson:
        """Strongly consistent, in one read."""
        ...

    def put(self, writes: Sequence[StateWrite]) -> Mapping[int, ConflictError | StoreUnavailableError]:
        """Writes version `expected + 1` of each, on its own, and says by their places why some were not: another write came first, or the store does
        not take this one. The states differ."""
        ...

    def remember(self, user_id: str, ahead: Sequence[Ahead], *, forgotten_at: datetime) -> None:
        """In the place of what was remembered of them. From `forgotten_at` on it may be gone."""

    def claim(self, claims: Sequence[tuple[PutOff, Errand]]) -> Mapping[int, ConflictError | StoreUnavailableError]:
        """Writes each errand, which says who claims it, into the place of what was put off, where that still stands as it was read; by their places
        why some were not."""
        ...

    def put_off(self, this: PutOff) -> None:
        """In the place of what is kept of the same errand."""
        ...

    def take_off(self, user_id: str, errand_id: str) -> None:
        """It is done. What is not there is done already."""
        ...

    def due(self, journey_id: str, step: str, until: datetime, *, limit: int) -> Iterator[Due]:
        """Who waits in the step and is due by `until`, those that are due first of each part of the index; as of a moment ago."""
        ...

    def due_again(self, journey_id: str, until: datetime, *, limit: int) -> Iterator[Again]:
        """The same of errands that were put off."""
        ...

    def waiting(self, journey_id: str, step: str, *, versions: Collection[int] | None = None) -> Waiting:
        """As of a moment ago; of `versions`, whoever goes by one of them."""
        ...

    def waiting_errands(self, journey_id: str) -> Waiting: ...


class JourneyQueue(Protocol):
    """The worker's: inputs of one person come one after the other. Raises QueueUnavailableError, TooManyRequestsError, and PayloadTooLargeError for
    an input of more than a mebibyte, which no queue ever takes."""

    def send(self, inputs: Sequence[JourneyInput]) -> None:
        """Returns only when the queue has all of them durably. One that was sent within the last minutes is not there twice."""
        ...


class JourneyTimers(Protocol):
    """A shorter way for what is due soon. Nobody relies on it: the sweep finds whatever does not come."""

    def tell(self, inputs: Sequence[Due | Again]) -> None:
        """Each comes to the worker's queue when its moment has come, which is no more than a quarter of an hour away. Raises QueueUnavailableError,
        TooManyRequestsError."""
        ...


class Heartbeat(Protocol):
    """What runs only while a journey does: the sweep of each minute, and the looks into the queues. Raises SchedulerUnavailableError,
    RunnerUnavailableError; either may be asked for again."""

    def begin(self) -> None:
        """Returns without having done everything where that takes a while: the next sweep goes on."""
        ...

    def end(self) -> None: ...


class WakeTrigger(Protocol):
    def start(self) -> None:
        """Has a sweep made now, which begins the heartbeat. Raises RunnerUnavailableError."""
        ...


class WebhookAnswer(NamedTuple):
    """What a receiver made of a call. `status` is 0 where it did not answer, and `because` then says why; `final`: it would say the same again."""

    status: int
    taken: bool
    final: bool
    because: str
    retry_after: timedelta


class WebhookCaller(Protocol):
    def call(self, url: str, body: bytes, *, key: str) -> WebhookAnswer:
        """Posts JSON once. `key` is the same whenever it is the same call. Whatever goes wrong is in the answer."""
        ...
