"""What a look back goes by, and where it keeps what it has, in the lake's bucket."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Final

from regulars.domain.delivery.zones import zone_named
from regulars.domain.documents import JsonObject
from regulars.domain.errors import InvalidRequestError
from regulars.domain.journeys.book import Book
from regulars.domain.journeys.hindsight import Span
from regulars.domain.journeys.looking import Looking
from regulars.domain.journeys.parse import examined
from regulars.domain.journeys.warnings import asked_of_the_lake
from regulars.domain.lake.buckets import BUCKETS
from regulars.domain.language import Problem
from regulars.domain.segments.references import reachable_segments
from regulars.domain.settings import Settings, parse_settings

MOST_TOGETHER: Final = 20
"""Ours: journeys that are looked at together. Each is moved for each person."""

MOST_DAYS: Final = 3_660
"""Ours: days of all journeys together, ten years. What is counted of each minute of each journey, of two shards at a time, is a gigabyte by then."""

MADE_FOR: Final = 1_000_000
"""Ours: events, of whose people each message is made. One with Liquid takes three quarters of what all else of it does."""


def text_buckets_for(events: int) -> int:
    """Of how many of the 10,000 buckets of people that is done: of all of them, unless there are more events."""
    return min(BUCKETS, max(1, BUCKETS * MADE_FOR // max(1, events)))


@dataclass(frozen=True)
class Question:
    """Of which span, of how many of the 10,000 buckets of people, and whose messages are shown (empty: the first ones). `beside` are other journeys,
    that send to the same people."""

    start: datetime
    end: datetime
    sample_buckets: int = BUCKETS
    user_id: str = ""
    beside: Sequence[str] = ()


@dataclass(frozen=True)
class LookBack:
    """Planned: every shard goes by the same. `journeys` are the documents, with their versions, first the one that was asked for; `segments` those
    that their rules name."""

    question: Question
    journeys: Sequence[JsonObject]
    segments: Mapping[str, JsonObject]
    settings: JsonObject
    text_buckets: int = BUCKETS
    """Of how many of the 10,000 buckets of people each message is made, so that it is known for whom it would have been none."""

    @cached_property
    def books(self) -> Mapping[str, Book]:
        """Raises InvalidJourneyError, InvalidRuleError, and InvalidRequestError for a journey that is named twice."""
        journeys = {each.id: each for each in (examined(document).required() for document in self.journeys)}
        if len(journeys) < len(self.journeys):
            raise InvalidRequestError("a journey is named twice", field="with")
        zone = zone_named(self._settings.timezone) or UTC
        wanted = {identity for journey in journeys.values() for identity in journey.segments}
        segments = reachable_segments(sorted(wanted), self.segments)
        return {journey_id: Book.of([journey], segments=segments, zone=zone) for journey_id, journey in journeys.items()}

    def unanswerable(self) -> Iterator[Problem]:
        """What their rules ask, themselves or by a segment, that is not fetched of the past: of people that is what they told of themselves."""
        for book in self.books.values():
            for place, rule in book.latest.rules():
                for path in asked_of_the_lake(rule, place):
                    yield Problem(path, "asks what the person did before, which a look back does not know: nobody would have come this way")

    @property
    def span(self) -> Span:
        asked = self.question
        return Span(asked.start, asked.end, asked.sample_buckets / BUCKETS)

    def looking(self) -> Looking:
        asked = self.question
        return Looking(self.books, self._settings, asked.start, asked.end, user_id=asked.user_id, text_buckets=self.text_buckets)

    @property
    def _settings(self) -> Settings:
        return parse_settings(self.settings)


def result_key(look_back_id: str) -> str:
    """What was found, for a week."""
    return f"backtests/{look_back_id}.json"


def plan_key(look_back_id: str) -> str:
    """The `LookBack`."""
    return f"look_backs/{look_back_id}/plan.json"


def past_prefix(look_back_id: str) -> str:
    """Where UNLOAD writes what people did: a folder an attempt, and in it one a shard. For a day."""
    return f"look_backs/{look_back_id}/past/"


def tally_key(look_back_id: str, shard: int) -> str:
    """What was counted of a shard."""
    return f"look_backs/{look_back_id}/tallies/{shard:03d}.json"
