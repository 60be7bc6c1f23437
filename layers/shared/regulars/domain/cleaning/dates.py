"""Dates and moments in ISO 8601, where only one day can be meant."""

import re
from datetime import UTC, date, datetime
from typing import Final

from regulars.domain.collection.moments import iso

_YEAR_FIRST: Final = re.compile(r"([0-9]{4})[/.]([0-9]{1,2})[/.]([0-9]{1,2})|((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})")
_YEAR_LAST: Final = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4})")
_EPOCH: Final = re.compile("[0-9]{10}(?:[0-9]{3})?")


def day_or_moment(value: str | int | float) -> str | None:
    """`31/12/1990`, `1.2.1990`, `19901231` and `1990/12/31` as `1990-12-31`; Unix time in seconds or milliseconds as a moment in UTC.

    None for what is no day of the calendar, and for `01/02/2026`, which is a day in January to some and in February to others. With dots
    the day is first: no locale of CLDR has the month there (https://cldr.unicode.org/translation/date-time/date-time-patterns).
    What is ISO 8601 already stays as it is, with its zone or without.
    """
    text = str(value)
    if _EPOCH.fullmatch(text):
        return iso(datetime.fromtimestamp(int(text) / (1 if len(text) == 10 else 1000), UTC))
    try:
        if stated := _YEAR_FIRST.fullmatch(text):
            return date(*(int(part) for part in stated.groups() if part is not None)).isoformat()
        if stated := _YEAR_LAST.fullmatch(text):
            return _with_year_last(int(stated[1]), stated[2], int(stated[3]), int(stated[4]))
        datetime.fromisoformat(text)
    except ValueError:
        return None
    return text


def _with_year_last(first: int, mark: str, second: int, year: int) -> str | None:
    if mark != "." and first != second and first <= 12 and second <= 12:
        return None
    day, month = (second, first) if mark != "." and second > 12 else (first, second)
    return date(year, month, day).isoformat()
