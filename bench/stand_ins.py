"""Ports that cost nothing, for what is measured beside them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Generic, TypeVar

from regulars.domain.collection.source import SourceKey
from regulars.domain.people.device import Device
from regulars.domain.people.profile import Profile
from regulars.ports import Stored

T = TypeVar("T")


class Queue:
    """Keeps what is sent."""

    def __init__(self) -> None:
        self.bodies: list[str] = []

    def send(self, body: str) -> None:
        self.bodies.append(body)

    def depth(self) -> int:
        return len(self.bodies)

    def give_back(self, receipts: Mapping[str, timedelta]) -> None:
        raise AssertionError(f"{len(receipts)} messages were not loaded")


class EveryKey:
    """Each write key is the bench's."""

    def find(self, digest: str) -> SourceKey | None:
        return SourceKey(digest, "bench", datetime.min.replace(tzinfo=UTC))


class EveryName:
    """Each name has a partition."""

    def admitted(self, source: str, names: Collection[str]) -> Collection[str]:
        return names


class Nothing(Generic[T]):
    """A store of profiles or devices that knows none and keeps none."""

    def get_many(self, keys: Sequence[str]) -> Mapping[str, Stored[T]]:
        return {}

    def put(self, thing: T, *, expected: int) -> None:
        return None

    def put_many(self, things: Sequence[Stored[T]]) -> Collection[str]:
        return ()


class NoProfiles(Nothing[Profile]):
    pass


class NoDevices(Nothing[Device]):
    pass
