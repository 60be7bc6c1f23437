"""What the text of a CSV's field becomes."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from typing import Any, Final
from zoneinfo import ZoneInfo, available_timezones

from regulars.domain.collection.json_text import NoNumber, number_read, parsed_exactly
from regulars.domain.errors import InvalidRequestError
from regulars.domain.language import Fields

Cast = Callable[[str], Any]
"""Raises CastError."""

CASTS: Final = ("text", "number", "boolean", "time", "json")

_NUMBERS: Final = {
    ".": re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?([eE][+-]?\d+)?"),
    ",": re.compile(r"[+-]?(\d+|\d{1,3}(\.\d{3})+)(,\d+)?([eE][+-]?\d+)?"),
}
"""By the decimal sign; the other one groups thousands."""

_BOOLEANS: Final = {"true": True, "yes": True, "1": True, "y": True, "t": True, "false": False, "no": False, "0": False, "n": False, "f": False}


class CastError(Exception):
    """The text is not what it is cast to. Never leaves the domain."""


def cast_of(name: str, fields: Fields, *, decimal: str) -> Cast:
    """`fields` is the column's object, which may say `format` and `timezone` of a time. Raises its error."""
    cast = (fields["cast"] if "cast" in fields else fields.value.at("cast", name)).choice(CASTS)
    for key in ("format", "timezone"):
        if key in fields and cast != "time":
            fields[key].refuse(f"is for `cast: time` (or `timestamp`), not for {cast}")
    match cast:
        case "number":
            return lambda text: _number(text, decimal)
        case "boolean":
            return _boolean
        case "time":
            return _time(fields["format"].text() if "format" in fields else "", _zone(fields))
        case "json":
            return _json
    return str.strip


def _zone(fields: Fields) -> tzinfo:
    if "timezone" not in fields:
        return UTC
    name = fields["timezone"].text()
    if name not in available_timezones():
        fields["timezone"].refuse(f"`{name}` is no IANA time zone, as in `Europe/Berlin`")
    return ZoneInfo(name)


def _number(text: str, decimal: str) -> int | float:
    plain = text.strip().replace(" ", "").replace(" ", "").replace(" ", "")
    if not _NUMBERS[decimal].fullmatch(plain):
        raise CastError(f"{text[:40]!r} is no number with the decimal sign {decimal!r}")
    digits = plain.replace("." if decimal == "," else ",", "").replace(",", ".")
    number = number_read(digits.lstrip("+"))
    if isinstance(number, NoNumber):
        wrong = "has more digits than can be kept of a number; cast it to text" if number.is_whole else "is larger than a number can be"
        raise CastError(f"{text[:40]!r} {wrong}")
    return number


def _boolean(text: str) -> bool:
    found = _BOOLEANS.get(text.strip().lower())
    if found is None:
        raise CastError(f"{text[:40]!r} is neither yes nor no; known: {', '.join(_BOOLEANS)}")
    return found


def _time(form: str, zone: tzinfo) -> Cast:
    """A time without a zone is one of `zone`; what comes out is ISO 8601 in UTC."""

    def cast(text: str) -> str:
        plain = text.strip()
        try:
            moment = datetime.strptime(plain, form) if form else datetime.fromisoformat(plain)
            return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC).isoformat()
        except (ValueError, OverflowError) as error:
            raise CastError(f"{plain[:40]!r} is no time {f'like {form}' if form else 'of ISO 8601'}") from error

    return cast


def _json(text: str) -> Any:
    try:
        return parsed_exactly(text.encode())
    except InvalidRequestError as error:
        raise CastError(str(error).replace("the body", repr(text[:40]))) from error
