"""Telling of items of content, each once: the event that journeys and the lake hear. What is corrected is told again to whoever waits for it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from regulars.domain.collection.moments import iso
from regulars.domain.content.announcement import Announcement
from regulars.domain.content.feed import MOST_AT_ONCE
from regulars.domain.content.item import CORRECTED, CORRECTED_WITHIN, Item, message_id, published_event
from regulars.ports import AnnounceTrigger, ContentLedger, EventQueue, Known
from regulars.usecases.tell import tell


def publish_items(items: Sequence[Item], *, ledger: ContentLedger, queue: EventQueue, announcer: AnnounceTrigger, now: datetime) -> Sequence[Item]:
    """Those that were new. Whoever dies after an item was taken leaves it to the next, who tells the same event, which counts once.

    Raises StoreUnavailableError, QueueUnavailableError, TooManyRequestsError, RunnerUnavailableError; what was told by then stays told.
    """
    told = []
    known = ledger.settled([key for item in items for key in item.keys])
    for item in new_items(items, known):
        at = ledger.take(item.keys[0], now)
        if at is None:
            continue
        event = published_event(item, at)
        tell([event], queue=queue, now=now)
        announcer.start(Announcement(event["messageId"], at, item.properties))
        ledger.settle(item.keys, Known(at, item.said))
        told.append(item)
    correct_items(items, known, ledger=ledger, announcer=announcer, now=now)
    return told


def correct_items(items: Sequence[Item], known: Mapping[str, Known], *, ledger: ContentLedger, announcer: AnnounceTrigger, now: datetime) -> None:
    """Of items that are `known` by an id of their own, and say something else now: whoever has one in a digest that is not sent yet has it so. Of
    more than MOST_AT_ONCE the others are corrected when they come again.

    Raises StoreUnavailableError, RunnerUnavailableError.
    """
    before = {item: known[item.keys[0]] for item in items if item.given_id and item.keys[0] in known}
    changed = [item for item, was in before.items() if was.said not in ("", item.said) and now - was.at <= CORRECTED_WITHIN]
    for item in changed[:MOST_AT_ONCE]:
        at = before[item].at
        announcer.start(Announcement(message_id(item, at), at, {**item.properties, CORRECTED: iso(now)}, corrects=True))
        ledger.settle(item.keys, Known(at, item.said))


def new_items(items: Sequence[Item], settled: Collection[str]) -> Sequence[Item]:
    """Those of which no key is settled, each once."""
    seen = set(settled)
    found = []
    for item in items:
        if seen.isdisjoint(item.keys):
            found.append(item)
            seen.update(item.keys)
    return found
