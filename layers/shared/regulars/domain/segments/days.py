"""The moments of a backtest."""

from datetime import datetime, timedelta
from typing import Final

from regulars.domain.errors import InvalidRequestError
from regulars.domain.lake.moments import Moments

MAX_MOMENTS: Final = 366
"""Of one backtest: a year of days."""


def moments_between(start: datetime, end: datetime, every: timedelta) -> Moments:
    """From `start` to `end`, both included, and the one before them, with which the first is compared. Raises InvalidRequestError."""
    if start.microsecond % 1000:
        raise InvalidRequestError("no finer than milliseconds, as in 2017-10-01 or 2017-10-01T08:30:00Z", field="from")
    if end < start:
        raise InvalidRequestError(f"the range ends before it begins, at {start:%Y-%m-%dT%H:%M:%SZ}", field="to")
    count = (end - start) // every + 1
    if count > MAX_MOMENTS:
        told = f"the range has {count:,} moments, {MAX_MOMENTS} are allowed: shorten it, or take longer steps"
        raise InvalidRequestError(told, field="every")
    try:
        return Moments(start - every, every, count + 1)
    except OverflowError as error:
        raise InvalidRequestError("there is no moment a step before it", field="from") from error
