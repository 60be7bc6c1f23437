"""Moments and spans as documents write them."""

import re
from datetime import UTC, datetime, timedelta

from regulars.domain.language.value import Value

MAX_DAYS = 36_525
"""Of a span: a hundred years, so that no moment from 1000 to 2999 is carried out of the calendar by one."""

_MOMENT = re.compile(r"[12]\d{3}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?)?", re.ASCII)
_SPAN = re.compile(r"([1-9]\d{0,7})([mhdw])", re.ASCII)
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_LONGEST = 40


def read_moment(value: Value) -> datetime:
    """`2017-10-01`, `2017-10-01T08:30:00Z`, `2017-10-01T08:30:00.250+02:00`; without a zone it is UTC.

    At most microseconds, which is what the lake keeps.
    """
    moment = read_clock(value)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def read_clock(value: Value) -> datetime:
    """The same, in UTC; but without a zone it is what some clock shows: naive."""
    wanted = "a moment, as in 2017-10-01 or 2017-10-01T08:30:00Z (years 1000 to 2999, at most microseconds),"
    if not isinstance(value.raw, str):
        value.refuse_kind(wanted)
    written = value.text(_LONGEST)
    if not _MOMENT.fullmatch(written):
        value.refuse(f"{wanted} is needed")
    try:
        moment = datetime.fromisoformat(written)
        return moment.astimezone(UTC) if moment.tzinfo else moment
    except ValueError as error:
        value.refuse(f"there is no such moment: {error}")


def read_span(value: Value) -> timedelta:
    """`90m`, `12h`, `30d`, `2w`: at most MAX_DAYS."""
    wanted = "a span, as in 90m, 12h, 30d or 2w,"
    if not isinstance(value.raw, str):
        value.refuse_kind(wanted)
    found = _SPAN.fullmatch(value.text(_LONGEST))
    if not found:
        value.refuse(f"{wanted} is needed")
    span = int(found[1]) * _UNITS[found[2]]
    if span > timedelta(days=MAX_DAYS):
        value.refuse(f"at most {MAX_DAYS} days")
    return span


def shown(moment: datetime) -> str:
    """ISO 8601 in UTC, as short as is exact: `2017-10-01T00:00:00Z`; what a clock shows without the Z."""
    if moment.tzinfo is None:
        return moment.isoformat()
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
