"""What runs, as one document: every journey that was launched, with each version that may have somebody inside, and the segments that their rules
name, as they were then. It is replaced whole at a launch, a pause, a resumption and a stop, so nobody sees half of one.

    {"segments": {ID: {..}}, "journeys": {ID: {"standing": "live", "stopped_at": null, "versions": {"1": {..}, "2": {..}}}},
     "names": [EVENT, ..]}

`names` are those of all events that any of them may have to know of: whoever sees an event of another name needs nothing else.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from regulars.domain.documents import JsonObject
from regulars.domain.errors import RefusedError
from regulars.domain.journeys.book import Book
from regulars.domain.journeys.index import Index
from regulars.domain.journeys.journey import Journey
from regulars.domain.journeys.parse import parse_journey
from regulars.domain.journeys.registry import Registry
from regulars.domain.journeys.triggers import event_names
from regulars.domain.language.times import shown
from regulars.domain.segments.references import reachable_segments


@dataclass(frozen=True)
class Published:
    """Books by journey. `unreadable` says of journeys why they are none: a version that a later one of this program does not understand any more
    costs its own journey only."""

    books: Mapping[str, Book] = field(default_factory=dict)
    unreadable: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def index(self) -> Index:
        return Index(self.books)

    def is_over(self, *, before: datetime) -> bool:
        """Whether all of them were stopped before this moment. One that cannot be read is not known to be."""
        return not self.unreadable and all(
            book.standing == "stopped" and book.stopped_at is not None and book.stopped_at < before for book in self.books.values()
        )


NOTHING = Published()


def published_key(revision: int, content: bytes) -> str:
    """Where the document of a revision lies in the lake's bucket. Of two who change something at once each writes an object of their own."""
    return f"journeys/published/{revision:09d}-{hashlib.sha256(content).hexdigest()[:16]}.json"


def published_document(registry: Registry, versions: Mapping[tuple[str, int], JsonObject], segments: Mapping[str, JsonObject]) -> JsonObject:
    """`versions` are the documents of all that the registry lists, by journey and version; of the segments those
    stay that their rules lead to."""
    document: dict[str, Any] = {
        "segments": dict(segments),
        "journeys": {
            journey_id: {
                "standing": listed.standing,
                "stopped_at": shown(listed.stopped_at) if listed.stopped_at else None,
                "versions": {str(version): dict(versions[journey_id, version]) for version in listed.versions},
            }
            for journey_id, listed in registry.journeys.items()
        },
    }
    named = {each for kept in document["journeys"].values() for journey in _readable(kept) for each in journey.segments}
    found, reached = published(document), reachable_segments(named, segments)
    return {**document, "segments": {each: segments[each] for each in sorted(reached)}, "names": sorted(event_names(found.index))}


def published(document: JsonObject) -> Published:
    """Of a document that `published_document` made."""
    books, unreadable = dict[str, Book](), dict[str, str]()
    for journey_id, kept in document["journeys"].items():
        try:
            books[journey_id] = _book(kept, document["segments"])
        except RefusedError as error:
            unreadable[journey_id] = str(error)
    return Published(books, unreadable)


def _book(kept: JsonObject, segments: Mapping[str, JsonObject]) -> Book:
    journeys = _versions(kept)
    stopped_at = datetime.fromisoformat(kept["stopped_at"]) if kept["stopped_at"] else None
    named = {each for journey in journeys for each in journey.segments}
    return Book.of(journeys, segments=reachable_segments(named, segments), standing=kept["standing"], stopped_at=stopped_at)


def _versions(kept: JsonObject) -> Sequence[Journey]:
    return [parse_journey({**document, "version": int(version)}) for version, document in kept["versions"].items()]


def _readable(kept: JsonObject) -> Sequence[Journey]:
    """None where one of them cannot be read any more: then its journey is no book either."""
    try:
        return _versions(kept)
    except RefusedError:
        return ()
