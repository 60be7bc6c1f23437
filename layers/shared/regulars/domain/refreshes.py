"""Segments that are refreshed: looked at again and again, with an event for everybody who entered or exited since the last look.

    due        a period has begun since the last look, and everything accepted before its moment can be queried
    asked      an evaluation lists its people; its id is kept before it is started
    settled    its list is compared with the last one, who came and went is told, and then it is the last one

A look that dies is gone on with by the next: the same two lists are compared again, and what is told twice has the same message ids.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from regulars.domain.evaluations import Evaluation
from regulars.domain.segments.limits import BASE_LIFE

MINUTE: Final = timedelta(minutes=1)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Listed:
    """A list of a segment's people: its evaluation, the versions of the segment and of all that it refers to, as of when, and how many they are."""

    evaluation_id: str
    versions: Mapping[str, int]
    as_of: datetime
    count: int


@dataclass(frozen=True)
class Base:
    """What was counted of the people once (`segments.compile.increments`): the moment that it starts from, up to when rows were curated that are in
    it, the query that writes it, and the versions that it counts for."""

    id: str
    first: datetime
    through: datetime
    query_id: str
    versions: Mapping[str, int]

    def serves(self, versions: Mapping[str, int], as_of: datetime) -> bool:
        """Whether people can be counted from it then: at whole minutes."""
        return self.lives(versions, as_of) and as_of == floored(as_of, MINUTE) and as_of >= self.first + MINUTE

    def lives(self, versions: Mapping[str, int], as_of: datetime) -> bool:
        """Whether it serves, or will."""
        return self.versions == versions and as_of - self.first <= BASE_LIFE


@dataclass(frozen=True)
class Refresh:
    """How a segment's refreshing stands. Moments are in UTC; counts are of the last look that succeeded, in people."""

    segment_id: str
    listed: Listed | None = None
    """The last list: what the next one is compared with."""
    asked: str = ""
    """The evaluation that is under way."""
    asked_as_of: datetime | None = None
    """The moment of the last look that began, whatever became of it."""
    entered: int = 0
    exited: int = 0
    bytes_scanned: int = 0
    refreshed_at: datetime | None = None
    base: Base | None = None
    error: str = ""
    failed_at: datetime | None = None
    """When the last look failed; None while none has since one succeeded."""

    def due(self, every: timedelta, curated_through: datetime) -> datetime | None:
        """The moment to look at, or None: that of the newest events, to the minute, once a period that it lies in has not been looked at."""
        moment = floored(curated_through, MINUTE)
        if self.asked_as_of is not None and floored(moment, every) <= floored(self.asked_as_of, every):
            return None
        return moment

    def asking(self, evaluation: Evaluation, base: Base | None) -> "Refresh":
        return replace(self, asked=evaluation.id, asked_as_of=evaluation.as_of, base=base)

    def comparable(self, evaluation: Evaluation) -> Listed | None:
        """The list that this one can be compared with. Whoever is in by another rule has not entered: after a change the people are learned anew."""
        return self.listed if self.listed is not None and self.listed.versions == evaluation.versions else None

    def settled(self, evaluation: Evaluation, *, entered: int, exited: int, at: datetime) -> "Refresh":
        listed = Listed(evaluation.id, evaluation.versions, evaluation.as_of, evaluation.count or 0)
        told = replace(self, listed=listed, entered=entered, exited=exited, bytes_scanned=evaluation.bytes_scanned)
        return replace(told, asked="", refreshed_at=at, error="", failed_at=None)

    def failed(self, reason: str, at: datetime) -> "Refresh":
        """The list stays; whoever comes and goes meanwhile is told by the next look that succeeds. What was counted is not relied on any more."""
        return replace(self, asked="", base=None, error=reason, failed_at=at)


def floored(moment: datetime, unit: timedelta) -> datetime:
    """The last moment up to this one that is a whole number of units after 1970."""
    return moment - (moment - _EPOCH) % unit
