"""When an event must have happened, and what is measured over the events of a clause."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from regulars.domain.language import Path
from regulars.domain.segments.judgement import Test


@dataclass(frozen=True)
class Period:
    """When an event must have happened: `start <= t < end`. `within` counts back from the as-of moment; None means no bound."""

    within: timedelta | None = None
    start: datetime | None = None
    end: datetime | None = None


EVER: Final = Period()


@dataclass(frozen=True)
class Count:
    """How many events."""

    test: Test


@dataclass(frozen=True)
class Distinct:
    """How many different values of a property, or, where `path` is None, how many days (UTC) with an event."""

    path: Path | None
    test: Test


AGGREGATES = ("sum", "avg", "min", "max")


@dataclass(frozen=True)
class Aggregate:
    """The sum, mean, least or greatest of a numeric property. Unknown where no event has a number there."""

    function: Literal["sum", "avg", "min", "max"]
    path: Path
    test: Test


@dataclass(frozen=True)
class Edge:
    """That the first or the last of the events lies in a period. Unknown where there is no event."""

    which: Literal["first", "last"]
    period: Period


Amount = Literal["count", "distinct", "sum", "avg", "min", "max", "first", "last"]


@dataclass(frozen=True)
class Rank:
    """That a person is among the greatest (`top`) or the least of all people with such an event, by an amount: so many tenths of a percent of them.

    The greatest comes first; of equal amounts whoever did it later, and then by the SHA-256 of the user id. The top P % of n people are the first
    `ceil(n * P / 100)`, the bottom P % all but the top 100 - P %. Unknown of whoever has no such event, or no amount.
    """

    which: Literal["top", "bottom"]
    tenths: int
    amount: Amount
    path: Path | None = None


Measure = Count | Distinct | Aggregate | Edge | Rank
