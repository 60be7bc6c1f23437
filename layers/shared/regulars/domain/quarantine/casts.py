"""Values as another type, where nothing has to be guessed."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from regulars.domain.collection.json_text import NoNumber, number_read
from regulars.domain.collection.moments import iso

_NUMBER: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_YES_AND_NO: Final = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
_MILLISECONDS_FROM: Final = 1e11
"""An epoch time from here on is in milliseconds: as seconds it would be after the year 5000, and as milliseconds it is after March 1973."""


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    if isinstance(value, str | int | float | NoNumber):
        return str(value)
    raise ValueError(value)


def _number(value: Any) -> int | float:
    if isinstance(value, bool):
        raise ValueError(value)
    if isinstance(value, int | float):
        return value
    if not isinstance(value, str) or not _NUMBER.fullmatch(text := value.strip()):
        raise ValueError(value)
    number = number_read(text.lstrip("+"))
    if isinstance(number, NoNumber):
        raise ValueError(value)
    return number


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    found = _YES_AND_NO.get(_text(value).strip().lower())
    if found is None:
        raise ValueError(value)
    return found


def _moment(value: Any) -> str:
    """Epoch seconds or milliseconds as ISO 8601; text that is no number stays as it is."""
    if isinstance(value, str) and not _NUMBER.fullmatch(value.strip()):
        return value
    number = _number(value)
    return iso(datetime.fromtimestamp(number / 1000 if abs(number) >= _MILLISECONDS_FROM else number, UTC))


def _object(value: Any) -> dict[str, Any]:
    """PHP writes an empty map as `[]`."""
    if isinstance(value, dict):
        return value
    if value == [] and isinstance(value, list):
        return {}
    raise ValueError(value)


CASTS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "text": _text,
    "number": _number,
    "boolean": _boolean,
    "moment": _moment,
    "object": _object,
}
"""By the name of the type. Each raises ValueError, OverflowError or OSError for a value that is not to be read so."""
