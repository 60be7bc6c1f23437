"""Ports that cost nothing, for what is measured beside them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from regulars.domain.collection.source import SourceKey
from regulars.domain.people.profile import Profile
from regulars.ports import Stored


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


class NoProfiles:
    """Knows nobody and keeps nothing."""

    def get_many(self, user_ids: Sequence[str]) -> Mapping[str, Stored[Profile]]:
        return {}

    def put(self, profile: Profile, *, expected: int) -> None:
        return None

    def put_many(self, profiles: Sequence[Stored[Profile]]) -> Collection[str]:
        return ()
