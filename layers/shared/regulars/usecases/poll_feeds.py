"""A look at one feed: what is new in it is told, once. The first look only learns what there is."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from regulars.domain.content.feed import MOST_AT_ONCE, Polling
from regulars.domain.content.feed_text import read_feed
from regulars.domain.content.item import Item
from regulars.domain.errors import ConflictError, NotFoundError, UnreadableFeedError
from regulars.ports import AnnounceTrigger, Clock, ContentLedger, EventQueue, FeedFetcher, FeedSchedules, FeedStore, Known
from regulars.usecases.publish_items import correct_items, new_items, publish_items


@dataclass(frozen=True)
class Polled:
    """`error` is why the feed could not be read, empty where it could; `is_silent`: it has not been for a day. `looked`: it was its turn."""

    feed_id: str
    published: int = 0
    looked: bool = True
    error: str = ""
    is_silent: bool = False


def poll_feeds(
    feed_id: str,
    *,
    asked: bool,
    feeds: FeedStore,
    schedules: FeedSchedules,
    fetcher: FeedFetcher,
    ledger: ContentLedger,
    queue: EventQueue,
    announcer: AnnounceTrigger,
    clock: Clock,
) -> Polled:
    """`asked`: by somebody, who has put, changed or removed it or wants it read now; otherwise by its schedule, which a feed that failed lets pass
    until its pause is over. Safe to repeat.

    Raises StoreUnavailableError, QueueUnavailableError, TooManyRequestsError, SchedulerUnavailableError, RunnerUnavailableError; never for what the
    feed does.
    """
    try:
        kept = feeds.get(feed_id)
    except NotFoundError:
        schedules.remove(feed_id)
        return Polled(feed_id, looked=False)
    now, polling = clock.now(), kept.value
    if asked:
        schedules.ensure(feed_id, polling.feed.every)
    elif not polling.is_due(now):
        return Polled(feed_id, looked=False, is_silent=polling.is_silent(now))
    looked = _looked(polling, fetcher=fetcher, ledger=ledger, queue=queue, announcer=announcer, clock=clock)
    with suppress(ConflictError):  # somebody changed it or looked at it meanwhile; what was told of is settled all the same
        feeds.put(looked, expected=kept.version)
    return Polled(feed_id, looked.published - polling.published, error=looked.error, is_silent=looked.is_silent(now))


def _looked(polling: Polling, *, fetcher: FeedFetcher, ledger: ContentLedger, queue: EventQueue, announcer: AnnounceTrigger, clock: Clock) -> Polling:
    feed = polling.feed
    try:
        answer = fetcher.fetch(feed.url, etag=polling.etag, last_modified=polling.last_modified)
        if answer.not_modified:
            return polling.unchanged(clock.now())
        items = read_feed(answer.body, feed, content_type=answer.content_type, base=answer.url)
    except UnreadableFeedError as error:
        return polling.failed(clock.now(), str(error), not_before=error.not_before)
    now = clock.now()
    keys = dict.fromkeys(key for item in items for key in item.keys)
    known = ledger.settled(keys)
    new = new_items(items, known)
    told: Sequence[Item] = ()
    note = ""
    if polling.learned_at is not None and len(new) <= MOST_AT_ONCE:
        told = publish_items(new, ledger=ledger, queue=queue, announcer=announcer, now=now)
        correct_items(items, known, ledger=ledger, announcer=announcer, now=now)
    elif polling.learned_at is not None:
        note = f"{len(new)} new items at once were learned, and not told: at most {MOST_AT_ONCE} are news"
    settled = {*known, *(key for item in told for key in item.keys)}
    ledger.settle([key for key in keys if key not in settled], Known(now))
    return polling.read(now, etag=answer.etag, last_modified=answer.last_modified, published=len(told), note=note)
