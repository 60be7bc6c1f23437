"""What an answer shows of an event that may be large, deep, or hold what JSON cannot carry."""

from itertools import islice
from typing import Any, Final

from regulars.domain.collection.json_text import NoNumber

LONGEST_TEXT: Final = 200
"""Characters."""

MOST_MEMBERS: Final = 50
DEEPEST: Final = 20


def excerpt(value: Any, depth: int = 1) -> Any:
    """The value of an event as JSON can carry it: what is long is cut with how much there is, a number that cannot be kept says so, and half a
    surrogate pair stands escaped."""
    match value:
        case str():
            return _text(value)
        case NoNumber():
            return f"{_text(value.literal)} (a number that cannot be kept)"
        case dict() | list() if depth > DEEPEST:
            return "(more levels)"
        case dict():
            shown = {_text(name): excerpt(member, depth + 1) for name, member in islice(value.items(), MOST_MEMBERS)}
            return {**shown, **({"...": f"({len(value):,} members)"} if len(value) > MOST_MEMBERS else {})}
        case list():
            more = [f"({len(value):,} entries)"] if len(value) > MOST_MEMBERS else []
            return [*(excerpt(member, depth + 1) for member in value[:MOST_MEMBERS]), *more]
        case _:
            return value


def _text(text: str) -> str:
    escaped = text.encode("utf-8", "backslashreplace").decode()
    return escaped if len(escaped) <= LONGEST_TEXT else f"{escaped[:LONGEST_TEXT]}... ({len(text):,} characters)"
