"""Liquid's `date`, which reads no clock: "now" and "today" are the moment of sending, and what a date leaves out is that day's."""

from datetime import UTC, datetime
from typing import Any, Final

from dateutil import parser
from liquid.context import RenderContext
from liquid.filter import with_context

from regulars.domain.messages.limits import refuse
from regulars.domain.messages.values import text_of

NOW: Final = "now"
"""The moment of sending: a name of ours in the render context."""

_LONGEST: Final = 100
"""Characters that are looked at as a date."""

_MILLISECONDS_FROM: Final = 100_000_000_000
"""A number from here on is taken for milliseconds: in seconds it would be the year 5138."""


@with_context
def date(value: Any, form: Any = None, *, context: RenderContext) -> str:
    """The filter."""
    return dated(value, form, context.resolve(NOW))


def dated(value: Any, form: Any, now: datetime) -> str:
    """`value` as `form` says (https://strftime.org), in its own zone, or UTC where it names none. What is no date stays as it is, as in Liquid."""
    pattern = text_of(form)
    moment = _moment(value, now) if pattern else None
    if moment is None:
        return text_of(value)
    try:
        return moment.strftime(pattern)
    except ValueError as error:
        raise refuse(f"date: {error}") from error


def _moment(value: Any, now: datetime) -> datetime | None:
    match value:
        case datetime():
            return value
        case bool():
            return None
        case int() | float():
            return _at(float(value))
        case str() if value in ("now", "today"):
            return now
        case str() if value.isascii() and value.isdigit() and len(value) < _LONGEST:
            return _at(float(value))
        case str() if 0 < len(value) <= _LONGEST:
            return _read(value, now)
    return None


def _at(seconds: float) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds / 1000 if abs(seconds) >= _MILLISECONDS_FROM else seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def _read(text: str, now: datetime) -> datetime | None:
    try:
        moment: datetime = parser.parse(text, default=now.replace(hour=0, minute=0, second=0, microsecond=0))
    except (OverflowError, TypeError, ValueError):
        return None
    return moment
