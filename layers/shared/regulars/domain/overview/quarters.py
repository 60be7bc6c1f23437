"""The quarters in which a global control group was held out, as far as one share held."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from regulars.domain.delivery.global_control import GlobalControl, global_control
from regulars.domain.overview.calendar import Months


@dataclass(frozen=True)
class Period:
    """Of a quarter, `2026Q4`: from `since` up to `end`, which is its end or the as-of moment, the same share was held out."""

    quarter: str
    since: datetime
    end: datetime
    group: GlobalControl

    @property
    def closes(self) -> datetime:
        """When the quarter is over."""
        return datetime.combine(self.group.until, time(), UTC) + timedelta(days=1)

    @property
    def earliest(self) -> datetime:
        """Since when it is looked at what the same people had done before: as long as the whole of it will be, and so fixed when it begins."""
        return self.since - (self.closes - self.since)

    @property
    def unfinished(self) -> bool:
        return self.end < self.closes


def periods(shares: Iterable[tuple[datetime, int]], months: Months) -> list[Period]:
    """Those of the months' quarters in which a group was held out at their end, the earliest first. `shares` are the buckets held out from each
    moment on, in order."""
    known = [(since, buckets) for since, buckets in shares if since < months.as_of]
    found = []
    start = months.start
    while start < months.as_of:
        start, end = _quarter(start)
        period = _period(start, min(end, months.as_of), known)
        found += [period] if period else []
        start = end
    return found


def _period(start: datetime, end: datetime, shares: Sequence[tuple[datetime, int]]) -> Period | None:
    since, buckets = start, 0
    for moment, share in shares:
        if moment < end and share != buckets:
            since, buckets = max(start, moment), share
    group = global_control(buckets, start)
    return Period(f"{start.year}Q{(start.month + 2) // 3}", since, end, group) if group else None


def _quarter(moment: datetime) -> tuple[datetime, datetime]:
    first = datetime(moment.year, (moment.month - 1) // 3 * 3 + 1, 1, tzinfo=UTC)
    after = first + timedelta(days=95)
    return first, datetime(after.year, (after.month - 1) // 3 * 3 + 1, 1, tzinfo=UTC)
