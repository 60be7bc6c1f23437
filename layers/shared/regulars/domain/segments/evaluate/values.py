"""The text of a value as a number or a moment, with exactly the meaning that `compile.values` has in SQL."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from regulars.domain.segments.limits import GREATEST_NUMBER

_NUMBER: Final = re.compile(r"[ \t\r\n]*([+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?)[ \t\r\n]*")

_MOMENT: Final = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"([T ](?P<clock>([01][0-9]|2[0-3]):[0-5][0-9])(:(?P<second>[0-5][0-9])([.](?P<fraction>[0-9]{1,9}))?)?)?"
    r"(?P<zone>Z|(?P<sign>[+-])(?P<hours>0[0-9]|1[0-3]|14(?=:?00)):?(?P<minutes>[0-5][0-9]))?"
)


def number(text: str | None) -> float | None:
    """A finite double of at most GREATEST_NUMBER, written in ASCII digits; None for any other text."""
    found = _NUMBER.fullmatch(text) if text is not None else None
    read = float(found[1]) if found else None
    return read if read is not None and abs(read) <= GREATEST_NUMBER else None


def moment(text: str | None) -> datetime | None:
    """ISO 8601 of the years 1 to 9999, to the microsecond (what is finer is cut off), in UTC; without a zone it is what a clock shows: naive. None
    for any other text, and for a day that no calendar has. What an offset carries out of Python's calendar stays at its end, a thousand years from
    whatever it is compared with."""
    found = _MOMENT.fullmatch(text) if text is not None else None
    if found is None:
        return None
    written = f"{found['day']}T{found['clock'] or '00:00'}:{found['second'] or '00'}.{(found['fraction'] or '')[:6]:0<6}"
    try:
        clock = datetime.fromisoformat(written)
    except ValueError:
        return None
    if found["zone"] is None:
        return clock
    local = clock.replace(tzinfo=UTC)
    if found["sign"] is None:
        return local
    offset = timedelta(hours=int(found["hours"]), minutes=int(found["minutes"]))
    try:
        return local - offset if found["sign"] == "+" else local + offset
    except OverflowError:
        return local


def month_day(text: str | None) -> str | None:
    """Of a moment's own calendar, whatever its zone: `10-01`. None for what is no moment."""
    return text[5:10] if text is not None and moment(text) is not None else None
