"""Moments and spans as rules write them."""

import re
from datetime import UTC, datetime, timedelta

from regulars.domain.segments.limits import MAX_DAYS
from regulars.domain.segments.reading import as_text, refuse

_MOMENT = re.compile(r"[12]\d{3}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?)?", re.ASCII)
_SPAN = re.compile(r"([1-9]\d{0,7})([mhdw])", re.ASCII)
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


def parse_moment(value: object, path: str) -> datetime:
    """`2017-10-01`, `2017-10-01T08:30:00Z`, `2017-10-01T08:30:00.250+02:00`; without a zone it is UTC.

    At most microseconds, which is what the lake keeps. Raises InvalidRuleError.
    """
    written = as_text(value, path, 40)
    if not _MOMENT.fullmatch(written):
        refuse(path, "a moment is needed, as in 2017-10-01 or 2017-10-01T08:30:00Z (years 1000 to 2999, at most microseconds)")
    try:
        moment = datetime.fromisoformat(written)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except ValueError as error:
        refuse(path, f"there is no such moment: {error}")


def parse_span(value: object, path: str) -> timedelta:
    """`90m`, `12h`, `30d`, `2w`. Raises InvalidRuleError."""
    found = _SPAN.fullmatch(as_text(value, path, 40))
    if not found:
        refuse(path, "a span is needed, as in 90m, 12h, 30d or 2w")
    amount, unit = int(found[1]), _UNITS[found[2]]
    if amount * unit > timedelta(days=MAX_DAYS):
        refuse(path, f"at most {MAX_DAYS} days")
    return amount * unit


def shown(moment: datetime) -> str:
    """ISO 8601 in UTC, as short as is exact: `2017-10-01T00:00:00Z`."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
