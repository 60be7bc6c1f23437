"""A run that sends nothing goes the way of one that does, with these in the places of what would reach people: everybody's message is rendered, no
device is taken, and FCM is not asked."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from regulars.domain.delivery.caps import Contacts
from regulars.domain.delivery.decision import Ready
from regulars.domain.delivery.recipients import Recipient
from regulars.domain.errors import InfrastructureError
from regulars.domain.messages.rendering import Unsendable
from regulars.domain.people.device import Device
from regulars.domain.reasons import REHEARSAL
from regulars.ports import Clock, ContactStore, DeviceStore, Push, PushResult, Stored
from regulars.usecases.recipient_source import RecipientSource


@dataclass(frozen=True)
class Rehearsed:
    """A source whose messages are for nobody."""

    source: RecipientSource

    def windows(self) -> Iterator[tuple[int, Sequence[Recipient]]]:
        return self.source.windows()

    def message(self, ready: Ready, message_id: str, now: datetime) -> Unsendable:
        """Why there is none for this recipient, or that it was rendered. Nobody has failed to get what nobody was sent: they are skipped, and no
        segment of people whom a campaign failed to reach has them."""
        made = self.source.message(ready, message_id, now)
        return Unsendable(made.reason if isinstance(made, Unsendable) else REHEARSAL, "skipped")


class NoClaims:
    """A device that two people may have is anybody's: nobody gets a push."""

    def hold(self, name: str, *, holder: str) -> bool:
        return True


class ReadOnlyContacts:
    """Who has had enough gets nothing in a rehearsal either; and nobody has had more for it."""

    def __init__(self, contacts: ContactStore) -> None:
        self.get_many = contacts.get_many

    def put_many(self, changes: Sequence[tuple[Contacts | None, Contacts]]) -> Collection[str]:
        return ()


class NoSession:
    """The `PushSession` of who sends nothing, until the `deadline`."""

    rest, waits_for, refused, busy = 0.0, "", 1.0, False
    failure: InfrastructureError | None = None

    def __init__(self, deadline: datetime, clock: Clock) -> None:
        self._deadline, self._clock, self._halted = deadline, clock, False

    @property
    def hungry(self) -> bool:
        return not self._halted and self._clock.now() < self._deadline

    def halt(self) -> None:
        self._halted = True

    def take(self, pushes: Iterable[Push]) -> None:
        raise AssertionError("a rehearsal sends nothing")

    def results(self) -> Sequence[PushResult]:
        return ()


class Untouched:
    """The devices as they are: nothing is taken away from one that has expired."""

    def __init__(self, devices: DeviceStore) -> None:
        self._devices = devices

    def get_many(self, keys: Sequence[str]) -> Mapping[str, Stored[Device]]:
        return self._devices.get_many(keys)

    def put(self, thing: Device, *, expected: int) -> None:
        """Nothing."""

    def put_many(self, things: Sequence[Stored[Device]]) -> Collection[str]:
        return ()
