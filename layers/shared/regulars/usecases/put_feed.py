"""Registering a feed of content, changing it and removing it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from regulars.domain.content.feed import Polling, parse_feed
from regulars.domain.documents import JsonObject
from regulars.domain.errors import NotFoundError
from regulars.ports import Clock, FeedStore, PollTrigger, Stored


@dataclass(frozen=True)
class FeedShown:
    """A feed and how its polling stands. `every_s` is in seconds; `error` why the last poll failed, and `failing_since` since when they do;
    `published` how many items were told of since its first poll, at `learned_at`; `note` what was odd about the last one."""

    id: str
    url: str
    every_s: int
    tags: Sequence[str]
    added_at: datetime
    learned_at: datetime | None
    polled_at: datetime | None
    changed_at: datetime | None
    next_at: datetime | None
    published: int
    failures: int
    failing_since: datetime | None
    error: str
    note: str


def put_feed(document: JsonObject, *, feeds: FeedStore, trigger: PollTrigger, clock: Clock) -> FeedShown:
    """From then on it is polled; the first time only to learn what is in it. Safe to repeat, also where the answer was lost.

    Raises InvalidRequestError, ConflictError, StoreUnavailableError, RunnerUnavailableError.
    """
    feed = parse_feed(document)
    try:
        kept = feeds.get(feed.id)
        changed = kept.value.changed(feed)
    except NotFoundError:
        kept = Stored(Polling(feed, clock.now()), 0)
        changed = kept.value
    if not kept.version or changed != kept.value:
        feeds.put(changed, expected=kept.version)
    trigger.start(feed.id)
    return shown(changed)


def remove_feed(feed_id: str, *, feeds: FeedStore, trigger: PollTrigger) -> FeedShown:
    """What was told of stays known. Raises NotFoundError, StoreUnavailableError, RunnerUnavailableError."""
    polling = feeds.get(feed_id).value
    feeds.remove(feed_id)
    trigger.start(feed_id)  # which finds none and removes its schedule
    return shown(polling)


def shown(polling: Polling) -> FeedShown:
    feed = polling.feed
    return FeedShown(
        feed.id,
        feed.url,
        int(feed.every.total_seconds()),
        feed.tags,
        polling.added_at,
        polling.learned_at,
        polling.polled_at,
        polling.changed_at,
        polling.next_at,
        polling.published,
        polling.failures,
        polling.failing_since,
        polling.error,
        polling.note,
    )
