"""JSON that is passed on as it is."""

from typing import Any

from regulars.domain.language.fields import Fields
from regulars.domain.language.value import Value

MAX_LEVELS = 100
"""Objects and lists inside each other: as many as protobuf reads in C++ and Java
(https://github.com/protocolbuffers/protobuf-go/releases/tag/v1.28.0, "Upcoming breakage changes"), and FCM's messages are protobuf."""

_WHOLE = range(-(2**63), 2**64)
"""What orjson writes: https://github.com/ijl/orjson#int"""


def read_tree(value: Value, levels: int = MAX_LEVELS) -> Any:
    """The value unchanged, once all of it can be written as JSON and sent: texts without NUL and surrogates, finite numbers, whole ones
    of 64 bits, at most `levels` deep."""
    if not levels:
        value.refuse(f"more than {MAX_LEVELS} levels")
    match value.raw:
        case None | bool():
            pass
        case str():
            value.text(limit=None, empty=True)
        case int() as whole if whole not in _WHOLE:
            value.refuse("a whole number of more than 64 bits; put it in quotes")
        case int() | float():
            value.number()
        case list():
            for entry in value.items(empty=True):
                read_tree(entry, levels - 1)
        case dict():
            fields = Fields(value)
            for key in fields:
                Value(key, value.error, fields[key].path).text(limit=None, empty=True)
                read_tree(fields[key], levels - 1)
        case _:
            value.refuse_kind("JSON")
    return value.raw
