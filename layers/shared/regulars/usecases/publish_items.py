"""Telling of items of content, each once: the event that journeys and the lake hear."""

from collections.abc import Collection, Sequence
from datetime import datetime

from regulars.domain.content.announcement import Announcement
from regulars.domain.content.item import Item, published_event
from regulars.ports import AnnounceTrigger, ContentLedger, EventQueue
from regulars.usecases.tell import tell


def publish_items(items: Sequence[Item], *, ledger: ContentLedger, queue: EventQueue, announcer: AnnounceTrigger, now: datetime) -> Sequence[Item]:
    """Those that were new. Whoever dies after an item was taken leaves it to the next, who tells the same event, which counts once.

    Raises StoreUnavailableError, QueueUnavailableError, TooManyRequestsError, RunnerUnavailableError; what was told by then stays told.
    """
    told = []
    settled = ledger.settled([key for item in items for key in item.keys])
    for item in new_items(items, settled):
        at = ledger.take(item.keys[0], now)
        if at is None:
            continue
        event = published_event(item, at)
        tell([event], queue=queue, now=now)
        announcer.start(Announcement(event["messageId"], at, item.properties))
        ledger.settle(item.keys, now)
        told.append(item)
    return told


def new_items(items: Sequence[Item], settled: Collection[str]) -> Sequence[Item]:
    """Those of which no key is settled, each once."""
    seen = set(settled)
    found = []
    for item in items:
        if seen.isdisjoint(item.keys):
            found.append(item)
            seen.update(item.keys)
    return found
