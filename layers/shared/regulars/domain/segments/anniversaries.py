"""Days of the year that come round: which are celebrated in the days from a moment on."""

from calendar import isleap
from datetime import date, datetime, timedelta
from typing import Final

from regulars.domain.segments.judgement import Anniversary

_LEAP_DAY: Final = "02-29"
_DAY_BEFORE: Final = "02-28"


def celebrated(anniversary: Anniversary, as_of: datetime) -> tuple[str, ...]:
    """The months and days, `10-01`, that the as-of day and those after it are anniversaries of. Who was born on 29 February celebrates on
    the 28th in years without one."""
    days = (as_of.date() + timedelta(days=after) for after in range(anniversary.days))
    return tuple(dict.fromkeys(each for day in days for each in _of(day)))


def _of(day: date) -> tuple[str, ...]:
    month_day = day.isoformat()[5:]
    return (month_day, _LEAP_DAY) if month_day == _DAY_BEFORE and not isleap(day.year) else (month_day,)
