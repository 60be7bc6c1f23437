"""Whether an event's JSON is fit to be kept in columns, whatever it means."""

import re
from typing import Any, Final

import orjson

from regulars.domain.collection.identifiers import MAX_LENGTH
from regulars.domain.collection.json_text import NoNumber
from regulars.domain.collection.keys import KEY_FIELDS, remove_keys
from regulars.domain.collection.rejection import EventRejectedError

MAX_EVENT_BYTES: Final = 32 * 1024
"""Of an event's JSON without spaces and write keys (https://segment.com/docs/connections/sources/catalog/libraries/server/http-api/#max-request-size)."""

MAX_EVENT_DEPTH: Final = 254
"""Levels of objects and arrays: as many as orjson 3.13 writes (it refuses more), so that the check costs nothing. A test holds it."""

_UNFIT: Final = re.compile("[\x00\ud800-\udfff]")
_WRITE_KEY, _API_KEY = (f'"{name}"'.encode() for name in KEY_FIELDS)


_GREAT_DOUBLE: Final = re.compile(rb"e\+[0-9]{2,3}[,\]}]")
"""As orjson 3.13 writes one from 1e16 on, and nothing else (a test holds it); in a text it is found nearly never."""
_PLUS, _E, _BACKSLASH = b"+e\\"
"""As numbers: one is found in bytes eight times as fast as a text of one byte."""


class RoundedNumberError(Exception):
    """A number may have been rounded as its request was read. Never leaves the use case."""


def examine(event: dict[str, Any], *, exact: bool = True) -> None:
    """Refuses an event that is too large, too deep, or holds text or numbers that cannot be stored.

    Takes write keys out of it, in place. Writing the event once and searching its bytes finds nearly every event innocent;
    only a suspect is walked through. Raises EventRejectedError, and RoundedNumberError where a number is of a size that is rounded unless all are
    `exact`.
    """
    for name in KEY_FIELDS:
        event.pop(name, None)
    try:
        text = orjson.dumps(event)
    except TypeError:
        _refuse_unfit(event)
        raise
    if not exact and _PLUS in text and _holds_great_double(text):
        raise RoundedNumberError
    if _BACKSLASH in text and b"\\u0000" in text:
        _refuse_unfit(event)
    if _WRITE_KEY in text or _API_KEY in text:
        remove_keys(event)
        text = orjson.dumps(event)
    if len(text) > MAX_EVENT_BYTES:
        raise EventRejectedError("event_too_large", f"the event is {len(text):,} bytes of JSON; the limit is {MAX_EVENT_BYTES:,}")


def _holds_great_double(text: bytes) -> bool:
    place = text.find(b"+")
    while place > 0:
        if text[place - 1] == _E and _GREAT_DOUBLE.match(text, place - 1):
            return True
        place = text.find(b"+", place + 1)
    return False


def _refuse_unfit(event: Any) -> None:
    """Walks without recursion and raises at the first thing that cannot be stored."""
    waiting: list[tuple[Any, str, int]] = [(event, "", 1)]
    while waiting:
        item, path, depth = waiting.pop()
        if isinstance(item, dict | list):
            if depth > MAX_EVENT_DEPTH:
                raise EventRejectedError("event_too_deep", f"more than {MAX_EVENT_DEPTH} levels at {path}")
            members = item.items() if isinstance(item, dict) else enumerate(item)
            for name, member in members:
                here = (f"{path}.{name}" if path else str(name))[:MAX_LENGTH]
                _refuse_text(name, here)
                waiting.append((member, here, depth + 1))
        elif isinstance(item, NoNumber):
            wrong = "has more digits than can be kept of a number; send it as text" if item.is_whole else "is no finite number"
            raise EventRejectedError("number_out_of_range", f"{path} {wrong}: {item.literal[:40]}")
        else:
            _refuse_text(item, path)


def _refuse_text(item: Any, path: str) -> None:
    if isinstance(item, str) and _UNFIT.search(item):
        shown = path.encode("ascii", "backslashreplace").decode()
        raise EventRejectedError("invalid_text", f"{shown} holds NUL or half of a surrogate pair")
