"""What is kept of content and of who is where, in memory, and a web of feeds: one fake a port, which passes the same contract suite as the adapter
(tests/contracts)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from regulars.domain.content.feed import Polling
from regulars.domain.content.signature import SigningSecret
from regulars.domain.errors import ConflictError, NotFoundError, UnreadableFeedError
from regulars.domain.places.presence import Presence
from regulars.ports import Fetched, Known, Stored


class MemoryContentLedger:
    def __init__(self) -> None:
        self.taken: dict[str, datetime] = {}
        self.done: dict[str, Known] = {}

    def settled(self, keys: Collection[str]) -> Mapping[str, Known]:
        return {key: self.done[key] for key in keys if key in self.done}

    def take(self, key: str, at: datetime) -> datetime | None:
        return None if key in self.done else self.taken.setdefault(key, at)

    def settle(self, keys: Sequence[str], known: Known) -> None:
        self.done |= dict.fromkeys(keys, known)


class MemorySigningSecrets:
    def __init__(self) -> None:
        self.kept: dict[str, SigningSecret] = {}

    def get(self, source: str) -> SigningSecret | None:
        return self.kept.get(source)

    def put(self, secret: SigningSecret) -> None:
        self.kept[secret.source] = secret


class MemoryFeeds:
    def __init__(self) -> None:
        self.kept: dict[str, Stored[Polling]] = {}

    def get(self, feed_id: str) -> Stored[Polling]:
        if feed_id not in self.kept:
            raise NotFoundError(f"there is no feed {feed_id}")
        return self.kept[feed_id]

    def all(self) -> Sequence[Polling]:
        return [self.kept[feed_id].value for feed_id in sorted(self.kept)]

    def put(self, polling: Polling, *, expected: int) -> None:
        kept = self.kept.get(polling.feed.id)
        if (kept.version if kept else 0) != expected:
            raise ConflictError(polling.feed.id)
        self.kept[polling.feed.id] = Stored(polling, expected + 1)

    def remove(self, feed_id: str) -> None:
        self.kept.pop(feed_id, None)


class MemoryFetcher:
    """Answers by address; what it was asked with is in `asked`."""

    def __init__(self) -> None:
        self.answers: dict[str, Fetched | UnreadableFeedError] = {}
        self.asked: list[tuple[str, str, str]] = []

    def fetch(self, url: str, *, etag: str = "", last_modified: str = "") -> Fetched:
        self.asked.append((url, etag, last_modified))
        answer = self.answers.get(url, UnreadableFeedError("its server answered 404"))
        if isinstance(answer, UnreadableFeedError):
            raise answer
        same = (answer.etag and answer.etag == etag) or (answer.last_modified and answer.last_modified == last_modified)
        return Fetched(url, b"", etag=answer.etag, last_modified=answer.last_modified, not_modified=True) if same else answer


class MemoryFeedSchedules:
    def __init__(self) -> None:
        self.kept: dict[str, timedelta] = {}

    def ensure(self, feed_id: str, every: timedelta) -> None:
        self.kept[feed_id] = every

    def remove(self, feed_id: str) -> None:
        self.kept.pop(feed_id, None)


class MemoryPresences:
    def __init__(self) -> None:
        self.kept: dict[str, Stored[Presence]] = {}

    def get_many(self, user_ids: Sequence[str]) -> Mapping[str, Stored[Presence]]:
        return {user_id: self.kept[user_id] for user_id in user_ids if user_id in self.kept}

    def put(self, presence: Presence, *, expected: int) -> None:
        kept = self.kept.get(presence.user_id)
        if (kept.version if kept else 0) != expected:
            raise ConflictError(presence.user_id)
        self.kept[presence.user_id] = Stored(presence, expected + 1)
