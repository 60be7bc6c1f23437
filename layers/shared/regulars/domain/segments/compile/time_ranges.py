"""Periods as half-open ranges of event time, none of which reaches past the as-of moment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlglot import exp

from regulars.domain.lake.sql import text, timestamp
from regulars.domain.segments.functions import call
from regulars.domain.segments.measure import Period
from regulars.domain.segments.own_time import is_local

_OFF = timedelta(days=1)
"""No clock on the Earth is, or was, so far from UTC: at most 14 hours, and 16 before there were time zones (https://www.iana.org/time-zones)."""

_CALENDAR = datetime.min.replace(tzinfo=UTC)
"""The first moment that Python can name."""


@dataclass(frozen=True)
class TimeRange:
    """`start <= event_ts < end`; without a start it reaches back to the first event."""

    start: datetime | None
    end: datetime


def range_of(period: Period, as_of: datetime) -> TimeRange:
    """What the period means at `as_of`."""
    if period.within is not None:
        reaches_back = as_of - _CALENDAR >= period.within
        return TimeRange(as_of - period.within if reaches_back else None, as_of)
    return TimeRange(period.start, min(period.end, as_of) if period.end else as_of)


def local_range(period: Period, as_of: datetime) -> TimeRange:
    """A period of what clocks show, as if it were in UTC. No clock shows as much as `_OFF` after the as-of moment."""
    start, end = (bound.replace(tzinfo=UTC) if bound else None for bound in (period.start, period.end))
    return TimeRange(start, end or as_of + _OFF)


def reading(period: Period, as_of: datetime) -> TimeRange:
    """Where the moments are that lie in the period, whatever clock it goes by."""
    if not is_local(period):
        return range_of(period, as_of)
    here = local_range(period, as_of)
    return TimeRange(here.start - _OFF if here.start else None, min(here.end + _OFF, as_of))


def covering(ranges: Iterable[TimeRange]) -> tuple[TimeRange, ...]:
    """The fewest ranges that hold exactly the same moments, in order: what one scan for all of them must read."""
    joined: list[TimeRange] = []
    for this in sorted(set(ranges), key=lambda each: (each.start is not None, each.start or each.end, each.end)):
        if joined and (this.start is None or this.start <= joined[-1].end):
            last = joined.pop()
            joined.append(TimeRange(last.start, max(last.end, this.end)))
        else:
            joined.append(this)
    return tuple(joined)


def within(moment: exp.Expr, this: TimeRange) -> exp.Expr:
    """That a moment, named once, lies in the range: the lake keeps microseconds."""
    if this.start is None:
        return exp.LT(this=moment, expression=timestamp(this.end))
    return exp.Between(this=moment, low=timestamp(this.start), high=timestamp(this.end - timedelta(microseconds=1)))


def later(moment: exp.Expr, span: timedelta) -> exp.Expr:
    """The moment so much later, or earlier: spans are whole minutes."""
    minutes = span // timedelta(minutes=1)
    number = exp.Literal.number(abs(minutes))
    return call("date_add", text("minute"), exp.Neg(this=number) if minutes < 0 else number, moment)


def inside(these: tuple[TimeRange, ...]) -> list[exp.Expr]:
    """The conditions on `event_ts`, all of which must hold. Several ranges come with their outer bounds, which any planner can prune by."""
    if len(these) == 1:
        return bounds(these[0])
    either = exp.or_(*(exp.and_(*bounds(each), copy=False) for each in these), copy=False)
    return [*bounds(TimeRange(these[0].start, these[-1].end)), either]


def bounds(this: TimeRange, column: str = "event_ts") -> list[exp.Expr]:
    """The conditions on a column of moments, both of which must hold."""
    until = exp.LT(this=exp.column(column), expression=timestamp(this.end))
    if this.start is None:
        return [until]
    return [exp.GTE(this=exp.column(column), expression=timestamp(this.start)), until]
