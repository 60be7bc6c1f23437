"""How a value of the data reads in a text: as Liquid prints it, and never as Python does.

Liquid's own rules: https://github.com/Shopify/liquid/blob/main/lib/liquid/utils.rb (`to_s`, `inspect`) and `variable.rb` (`render_obj_to_output`).
"""

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any


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
