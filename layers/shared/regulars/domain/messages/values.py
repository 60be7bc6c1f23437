"""How a value of the data reads in a text: as Liquid prints it, and never as Python does.

Liquid's own rules: https://github.com/Shopify/liquid/blob/main/lib/liquid/utils.rb (`to_s`, `inspect`) and `variable.rb` (`render_obj_to_output`).
"""

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

_VISIBLE: Final = re.compile(
    "[^\\s\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
"""Any character but white space, controls, and those that are drawn as nothing: Unicode's Default_Ignorable_Code_Point, the blank of Braille."""


def says_something(text: str) -> bool:
    """Whether somebody who looks at it sees anything."""
    return _VISIBLE.search(text) is not None


def text_of(value: Any) -> str:
    """`true`, `3.0`, nothing for null, a list's entries one after the other, a map as `{"city"=>"Graz"}`."""
    if isinstance(value, str):
        return value
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float():
            return _decimal(value)
        case list() | tuple():
            return "".join(map(text_of, value))
        case Mapping():
            return inspected(value) if isinstance(value, dict) else str(value)  # Liquid's own, such as `forloop`, say what they are
        case range():
            return f"{value.start}..{value.stop - 1}"
        case datetime():
            return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    return str(value)


def _decimal(value: float) -> str:
    """As people write numbers, without an exponent; what is no number is nothing."""
    if not math.isfinite(value):
        return ""
    text = repr(value)
    return format(Decimal(text), "f") if "e" in text else text


def inspected(value: Any) -> str:
    """As it stands inside of a map: texts in quotes, null as `nil`. Two values that differ do so here too."""
    match value:
        case dict():
            return "{" + ", ".join(f"{inspected(key)}=>{inspected(one)}" for key, one in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(map(inspected, value)) + "]"
        case str():
            return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
        case None:
            return "nil"
    return text_of(value)
