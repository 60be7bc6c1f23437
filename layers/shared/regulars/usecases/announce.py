"""Bringing an item of content to whom it is for: the lake is asked once for each journey that begins with it; each person of the answer is an input.

    announced to all       one call for each journey that wants such items, so that what is wrong with one costs no other
    announced to one       its audience as of the item's moment; a page of people at a time is on the queue before the next is read
    going on               a call that runs short of time starts the next, from its page on

Whatever is cut off is done again: the same question has the same answer, and the same input is not there twice.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import orjson

from regulars.domain.content.announcement import Announcement
from regulars.domain.definitions import documents_of
from regulars.domain.errors import InvalidRuleError, QueryFailedError
from regulars.domain.journeys.book import Book
from regulars.domain.journeys.inputs import Trigger
from regulars.domain.lake.sql import printed
from regulars.domain.segments import audience_sql
from regulars.domain.segments.references import rule_references
from regulars.ports import AnnounceTrigger, DefinitionStore, JourneyQueue, QueryEngine
from regulars.usecases.reach_segments import reach_segments

MARGIN: Final = timedelta(seconds=60)
"""With less time left no further page is read: the next call goes on."""


@dataclass(frozen=True)
class Announced:
    """`journeys` are those that were asked to take people in; of one journey, `people` are those who were told to it by this call, `goes_on` whether
    another call tells the others, and `refused` why nobody can be found, empty where somebody can."""

    journeys: Sequence[str]
    people: int = 0
    goes_on: bool = False
    refused: str = ""


def announce(
    this: Announcement,
    *,
    books: Mapping[str, Book],
    time_left: Callable[[], timedelta],
    definitions: DefinitionStore,
    queries: QueryEngine,
    queue: JourneyQueue,
    trigger: AnnounceTrigger,
) -> Announced:
    """`books` are those of all journeys that were launched.

    Raises QueryFailedError, StoreUnavailableError, QueueUnavailableError, TooManyRequestsError, RunnerUnavailableError: whoever called calls again.
    """
    wanting = [journey_id for journey_id, book in books.items() if _wants(book, this)]
    if not this.journey_id:
        for journey_id in wanting:
            trigger.start(this.to(journey_id))
        return Announced(wanting)
    if this.journey_id not in wanting:
        return Announced(())  # it was stopped meanwhile, or begins with something else
    try:
        asked = this if this.query_id else this.going_on(_asked(this, books[this.journey_id], definitions, queries), "")
    except InvalidRuleError as error:
        return Announced([this.journey_id], refused=str(error))
    query = queries.wait(asked.query_id, within=max(time_left() - MARGIN, timedelta()))
    if query.state in ("failed", "cancelled"):
        raise QueryFailedError(f"whom the item is for: {query.reason}")
    if not query.is_over:
        trigger.start(asked)
        return Announced([this.journey_id], goes_on=True)
    return _told(asked, time_left, queries, queue, trigger)


def _wants(book: Book, this: Announcement) -> bool:
    """A journey that is paused takes people in, too: what it sends waits."""
    entry = book.latest.entry
    if entry.audience is None or book.standing == "stopped":
        return False
    return entry.meets(orjson.dumps(this.item).decode(), this.at)


def _asked(this: Announcement, book: Book, definitions: DefinitionStore, queries: QueryEngine) -> str:
    audience = book.latest.entry.audience
    assert audience is not None
    rule = audience.rule(this.item)
    segments = reach_segments(rule_references(rule), documents_of(definitions.all("segment")), definitions=definitions)
    return queries.start(printed(audience_sql(rule, this.at, segments)), token=f"announce-{this.id}-{this.journey_id}")


def _told(this: Announcement, time_left: Callable[[], timedelta], queries: QueryEngine, queue: JourneyQueue, trigger: AnnounceTrigger) -> Announced:
    item, people, page = orjson.dumps(this.item).decode(), 0, this.page
    while True:
        rows, after = queries.rows(this.query_id, page=page)
        queue.send([Trigger(row["user_id"], "content", this.journey_id, this.at, this.id, item) for row in rows if row["user_id"]])
        people += len(rows)
        if not after:
            return Announced([this.journey_id], people)
        if time_left() < MARGIN:
            trigger.start(this.going_on(this.query_id, after))
            return Announced([this.journey_id], people, goes_on=True)
        page = after
