"""When a clock on a wall shows a time next."""

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from regulars.domain.delivery.zones import moment_of
from regulars.domain.journeys.steps import ClockTime
from regulars.domain.lake.buckets import BUCKETS

_MOST_DAYS: Final = 16
"""A zone may skip a whole day at the date line (Pacific/Apia, 30 December 2011): with one day of the week allowed, the next is a week later."""


def next_time(until: ClockTime, after: datetime, zone: tzinfo, bucket: int) -> datetime:
    """The first such moment after `after`, in UTC; a time that clocks skip comes when they have. `bucket` is the place in the spread."""
    today = after.astimezone(zone).date()
    for days in range(-1, _MOST_DAYS):
        day = today + timedelta(days=days)
        if until.days and day.weekday() not in until.days:
            continue
        moment = moment_of(datetime.combine(day, until.time), zone)
        if moment > after:
            return moment.astimezone(UTC) + until.spread * bucket / BUCKETS
    raise AssertionError(f"no clock shows {until.time} within {_MOST_DAYS} days of {after}")
