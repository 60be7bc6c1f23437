"""How refusals speak of what they were given, and what people see of a text."""

import re
from collections.abc import Iterable
from enum import Enum
from typing import Final

_LONGEST = 60

_VISIBLE: Final = re.compile(
    "[^\\s\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
"""Any character but white space, controls, and those that are drawn as nothing: Unicode's Default_Ignorable_Code_Point, the blank of Braille."""


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


def says_something(text: str) -> bool:
    """Whether somebody who looks at it sees anything."""
    return _VISIBLE.search(text) is not None
