"""What content and places need: who may tell of an item, which were told of, the feeds that they are read from, and who is at which place."""

from __future__ import annotations  # a function imports the types that it uses, not those of every port

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime, timedelta

    from regulars.domain.content.announcement import Announcement
    from regulars.domain.content.feed import Polling
    from regulars.domain.content.signature import SigningSecret
    from regulars.domain.places.presence import Presence
    from regulars.ports.stores import Stored


@dataclass(frozen=True)
class Known:
    """Since when an item counts as published, and what it said when people were told (`Item.said`), empty where it was only learned."""

    at: datetime
    said: str = ""


class ContentLedger(Protocol):
    """Which items there are already, by `Item.keys`, for ever. Raises StoreUnavailableError."""

    def settled(self, keys: Collection[str]) -> Mapping[str, Known]:
        """Those among the keys that were told of or learned."""
        ...

    def take(self, key: str, at: datetime) -> datetime | None:
        """The moment at which the item counts as published: `at`, or that of whoever took it before and did not settle it. None where it is
        settled."""
        ...

    def settle(self, keys: Sequence[str], known: Known) -> None:
        """Nobody is told of these any more."""
        ...


class SigningSecrets(Protocol):
    """The secret of each source that tells of content. Raises StoreUnavailableError."""

    def get(self, source: str) -> SigningSecret | None: ...

    def put(self, secret: SigningSecret) -> None:
        """In the place of the one that there is."""
        ...


class FeedStore(Protocol):
    """Feeds and how their polling stands. Raises StoreUnavailableError."""

    def get(self, feed_id: str) -> Stored[Polling]:
        """Strongly consistent. Raises NotFoundError."""
        ...

    def all(self) -> Sequence[Polling]:
        """By their ids."""
        ...

    def put(self, polling: Polling, *, expected: int) -> None:
        """Writes version `expected + 1`. Raises ConflictError if another write came first."""
        ...

    def remove(self, feed_id: str) -> None:
        """Also where it is not there."""
        ...


@dataclass(frozen=True)
class Fetched:
    """A server's answer: `body` is inflated, `url` the address after all redirects. `not_modified`: it has nothing new, and `body` is empty."""

    url: str
    body: bytes
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    not_modified: bool = False


class FeedFetcher(Protocol):
    def fetch(self, url: str, *, etag: str = "", last_modified: str = "") -> Fetched:
        """Asks for what changed since. Raises UnreadableFeedError, with `not_before` where the server says when it may be asked again."""
        ...


class FeedSchedules(Protocol):
    """What has each feed polled. Raises SchedulerUnavailableError."""

    def ensure(self, feed_id: str, every: timedelta) -> None:
        """It is polled so often from now on."""
        ...

    def remove(self, feed_id: str) -> None:
        """Also where there is none."""
        ...


class PollTrigger(Protocol):
    def start(self, feed_id: str) -> None:
        """Has this feed looked at now, and does not wait for it. Raises RunnerUnavailableError."""
        ...


class PresenceStore(Protocol):
    """Who is at which places. Raises StoreUnavailableError."""

    def get_many(self, user_ids: Sequence[str]) -> Mapping[str, Stored[Presence]]:
        """The known ones, strongly consistent."""
        ...

    def put(self, presence: Presence, *, expected: int) -> None:
        """Writes version `expected + 1`. Raises ConflictError if another write came first."""


class AnnounceTrigger(Protocol):
    def start(self, announcement: Announcement) -> None:
        """Has an item brought to whom it is for, and does not wait for it. Raises RunnerUnavailableError."""
        ...
