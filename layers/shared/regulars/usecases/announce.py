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
from sqlglot import exp

from regulars.domain.content.announcement import Announcement
from regulars.domain.definitions import documents_of
from regulars.domain.errors import InvalidRuleError, QueryFailedError
from regulars.domain.journeys.affinity import Affinity, told
from regulars.domain.journeys.book import Book
from regulars.domain.journeys.inputs import Trigger
from regulars.domain.journeys.journey import Entry
from regulars.domain.journeys.steps import gathers_items
from regulars.domain.lake.sql import printed
from regulars.domain.queries import ResultRow
from regulars.domain.segments import audience_sql
from regulars.domain.segments.evaluate.shares import Share
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
    entry = books[this.journey_id].latest.entry
    try:
        query_id = this.query_id or _asked(this, entry, definitions, queries)
    except InvalidRuleError as error:
        return Announced([this.journey_id], refused=str(error))
    if query_id is None:
        return Announced([this.journey_id])
    asked = this if this.query_id else this.going_on(query_id, "")
    query = queries.wait(query_id, within=max(time_left() - MARGIN, timedelta()))
    if query.state in ("failed", "cancelled"):
        raise QueryFailedError(f"whom the item is for: {query.reason}")
    if not query.is_over:
        trigger.start(asked)
        return Announced([this.journey_id], goes_on=True)
    return _told(asked, entry.affinity, time_left, queries, queue, trigger)


def _wants(book: Book, this: Announcement) -> bool:
    """A journey that is paused takes people in, too: what it sends waits. What is corrected concerns those alone in which it may wait."""
    entry = book.latest.entry
    if entry.audience is None or book.standing == "stopped" or (this.corrects and not gathers_items(book.latest.steps.values())):
        return False
    return entry.meets(orjson.dumps(this.item).decode(), this.at)


def _asked(this: Announcement, entry: Entry, definitions: DefinitionStore, queries: QueryEngine) -> str | None:
    """None: without asking it is known that the item is for nobody."""
    assert entry.audience is not None
    rule = entry.audience.rule(this.item)
    segments = reach_segments(rule_references(rule), documents_of(definitions.all("segment")), definitions=definitions)
    audience: exp.Select | None = audience_sql(rule, this.at, segments)
    if entry.affinity is not None and audience is not None:
        audience = entry.affinity.asked(audience, this.item, this.at)
    return queries.start(printed(audience), token=f"announce-{this.id}-{this.journey_id}") if audience is not None else None


def _told(
    this: Announcement,
    affinity: Affinity | None,
    time_left: Callable[[], timedelta],
    queries: QueryEngine,
    queue: JourneyQueue,
    trigger: AnnounceTrigger,
) -> Announced:
    people, page = 0, this.page
    while True:
        rows, after = queries.rows(this.query_id, page=page)
        said = ((row["user_id"], told(this.item, _read(affinity, row))) for row in rows)
        queue.send([Trigger(user_id, "content", this.journey_id, this.at, this.id, item) for user_id, item in said if user_id])
        people += len(rows)
        if not after:
            return Announced([this.journey_id], people)
        if time_left() < MARGIN:
            trigger.start(this.going_on(this.query_id, after))
            return Announced([this.journey_id], people, goes_on=True)
        page = after


def _read(affinity: Affinity | None, row: ResultRow) -> float | None:
    these, alike = row.get("these"), row.get("alike")
    return affinity.of(Share(int(these), int(alike))) if affinity is not None and these and alike else None
