"""How refusals speak of what they were given."""

from collections.abc import Iterable
from enum import Enum

_LONGEST = 60


class Absence(Enum):
    """What stands where a document says nothing. (None is JSON's null, which says something.)"""

    MISSING = "missing"


MISSING = Absence.MISSING


def kind(value: object) -> str:
    """What JSON calls it."""
    match value:
        case None:
            return "null"
        case bool():
            return "true or false"
        case str():
            return "a text"
        case int() | float():
            return "a number"
        case list():
            return "a list"
        case dict():
            return "an object"
    return f"a {type(value).__name__}, which is no JSON"


def listed(names: Iterable[str]) -> str:
    """Each name in backticks, with commas between."""
    return ", ".join(f"`{name}`" for name in names)


def printable(text: str) -> str:
    """The text as any terminal and any JSON can show it: control characters and surrogates escaped, and cut where it is long."""
    short = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode("ascii") for each in short)
