"""How many events of a name there were yesterday, and how many there usually are on such a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Final, Literal

WEEKS: Final = 8
DAYS: Final = 7 * WEEKS + 1
"""The last full day and all before it that it is compared with."""

ENOUGH_WEEKS: Final = 4
"""Ours: of fewer days nobody can say what is usual."""

FEW: Final = 20
"""Ours: below, half or double is chance."""

Anomaly = Literal["low", "high"]


@dataclass(frozen=True)
class Volume:
    """`count` of the last full day (UTC), `median` of the same weekday of up to eight weeks before, from when the event was first seen. Where these
    are not `enough`, nothing is said to be an anomaly."""

    event: str
    count: int
    median: float
    enough: bool
    anomaly: Anomaly | None = None


def volume(event: str, counts: Mapping[date, int], last: date) -> Volume:
    """Of the counts by day, in which a day without events is absent. Less than half of the median is low, more than double is high."""
    first = min(counts, default=last)
    days = [last - timedelta(weeks=week) for week in range(1, WEEKS + 1)]
    earlier = [counts.get(day, 0) for day in days if day >= first]
    count, usual = counts.get(last, 0), float(median(earlier)) if earlier else 0.0
    enough = len(earlier) >= ENOUGH_WEEKS
    return Volume(event, count, usual, enough, _anomaly(count, usual) if enough else None)


def _anomaly(count: int, usual: float) -> Anomaly | None:
    if max(count, usual) < FEW:
        return None
    if count < usual / 2:
        return "low"
    return "high" if count > 2 * usual else None
