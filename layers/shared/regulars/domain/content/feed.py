"""A feed of content and how its polling stands: a frozen record, and what each poll makes of it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from regulars.domain.content.item import MAX_TAG, is_web_address
from regulars.domain.errors import InvalidRequestError
from regulars.domain.language import FEED_ID, Fields, Problems, Value, read_id, read_span, refusal

OFTEN: Final = timedelta(minutes=5)
SELDOM: Final = timedelta(days=1)
EVERY: Final = timedelta(minutes=15)
LONGEST_PAUSE: Final = timedelta(hours=6)
"""Of a feed that fails: then it is tried four times a day."""
SILENT_AFTER: Final = timedelta(days=1)
"""How long a feed may fail before somebody hears of it."""
MOST_AT_ONCE: Final = 20
"""More new items than this in one poll are no news: the feed's ids and addresses have changed, or its archive was put into it. They are learned."""
MAX_TAGS: Final = 10
_ROOM: Final = timedelta(minutes=1)
"""What a schedule may be early by."""


@dataclass(frozen=True)
class Feed:
    """Where it is and how often it is asked. `tags` are added to those of each item."""

    id: str
    url: str
    every: timedelta = EVERY
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Polling:
    """How the polling of a feed stands. `etag` and `last_modified` are what the server said of what was read last, to be asked with the next time.

    `learned_at` is when its items were read first: what was in it then is known, and not told. `published` counts what was told since."""

    feed: Feed
    added_at: datetime
    etag: str = ""
    last_modified: str = ""
    learned_at: datetime | None = None
    polled_at: datetime | None = None
    changed_at: datetime | None = None
    published: int = 0
    failures: int = 0
    failing_since: datetime | None = None
    error: str = ""
    note: str = ""
    next_at: datetime | None = None

    def is_due(self, now: datetime) -> bool:
        return self.next_at is None or now >= self.next_at - _ROOM

    def is_silent(self, now: datetime) -> bool:
        """Whether it has failed for so long that somebody should look."""
        return self.failing_since is not None and now - self.failing_since >= SILENT_AFTER

    def unchanged(self, now: datetime) -> "Polling":
        """The server says that there is nothing new."""
        return replace(self, polled_at=now, failures=0, failing_since=None, error="", next_at=now + self.feed.every)

    def read(self, now: datetime, *, etag: str, last_modified: str, published: int, note: str) -> "Polling":
        known = replace(self.unchanged(now), etag=etag, last_modified=last_modified, changed_at=now, note=note)
        return replace(known, learned_at=self.learned_at or now, published=self.published + published)

    def failed(self, now: datetime, reason: str, *, not_before: datetime | None = None) -> "Polling":
        """Each further failure doubles the pause, up to LONGEST_PAUSE; `not_before` is what the server asked for."""
        pause = min(self.feed.every * 2 ** min(self.failures, 10), max(LONGEST_PAUSE, self.feed.every))
        next_at = max(now + pause, min(not_before, now + SELDOM) if not_before else now)
        since = self.failing_since or now
        return replace(self, polled_at=now, failures=self.failures + 1, failing_since=since, error=reason, next_at=next_at)

    def changed(self, feed: Feed) -> "Polling":
        """Of another address nothing is known: it is learned anew."""
        return replace(self, feed=feed) if feed.url == self.feed.url else Polling(feed, self.added_at)


def parse_feed(document: object) -> Feed:
    """`{"id", "url", "every": "15m", "tags": [..]}`. Raises InvalidRequestError, with the path of what is wrong first, and with all problems."""
    problems = Problems()
    given = problems.fields(Value(document, InvalidRequestError), ("id", "url", "every", "tags"))
    feed = _feed(given, problems) if given is not None else None
    if feed is None or problems.found:
        raise refusal(InvalidRequestError, problems.found)
    return feed


def _feed(given: Fields, problems: Problems) -> Feed:
    tags = (problems.read(lambda it: it.items(MAX_TAGS, empty=True), given["tags"]) or []) if "tags" in given else []
    problems.different(tags)
    return Feed(
        problems.read(lambda it: read_id(it, FEED_ID), given["id"]) or "",
        problems.read(_address, given["url"]) or "",
        problems.optional(_every, given, "every", EVERY),
        tuple(problems.read(lambda it: it.visible_text(MAX_TAG), tag) or "" for tag in tags),
    )


def _address(value: Value) -> str:
    text = value.text()
    if not is_web_address(text) or "@" in text.split("/")[2]:
        value.refuse("the address of a feed is needed, as in https://example.com/feed.xml, without a user name")
    return text


def _every(value: Value) -> timedelta:
    span = read_span(value)
    if not OFTEN <= span <= SELDOM:
        value.refuse("from 5m to 1d")
    return span
