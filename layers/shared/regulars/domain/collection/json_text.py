"""JSON in and out, also the hostile kind.

orjson reads and writes nearly everything. What it refuses must not cost the neighbours of the one event that has it: escaped half surrogates, numbers
beyond a double and (when writing) more than 254 levels, which are JSON by RFC 8259, and what unmodified clients write all the same: `NaN` and
`Infinity`, bytes that are not UTF-8, and line breaks inside texts. Those take the slow path here, to be refused with their event (`examination`).
"""

import json
from collections.abc import Iterator
from math import isfinite
from typing import Any, Final

import orjson

from regulars.domain.errors import InvalidRequestError

_SMALLEST: Final = -(2**63)
_GREATEST: Final = 2**64 - 1


class NoNumber:
    """Stands for a literal that is no finite number, `NaN` or one that no double can hold, so that only its own event is refused."""

    __slots__ = ("literal",)

    def __init__(self, literal: str) -> None:
        self.literal = literal


def parsed(text: bytes) -> Any:
    """The JSON value of `text`; a byte that is not UTF-8 becomes half of a surrogate pair. Raises InvalidRequestError saying what is wrong and where:
    not JSON, nested too deeply."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        return _parsed_leniently(text, reason=str(error))


def _parsed_leniently(text: bytes, *, reason: str) -> Any:
    try:
        return json.loads(text.decode("utf-8-sig", "surrogateescape"), strict=False, parse_constant=NoNumber, parse_int=_number, parse_float=_number)
    except RecursionError as error:
        raise InvalidRequestError("the body is nested too deeply to be read") from error
    except ValueError as error:
        raise InvalidRequestError(f"the body is not JSON: {reason}") from error


def _number(literal: str) -> int | float | NoNumber:
    if literal.lstrip("-").isdigit() and len(literal) < 21 and _SMALLEST <= (whole := int(literal)) <= _GREATEST:
        return whole  # as orjson reads it
    number = float(literal)
    return number if isfinite(number) else NoNumber(literal)


def written(value: Any) -> bytes:
    """JSON of whatever `parsed` returned. Half surrogates stay escaped; what is no finite number becomes text."""
    try:
        return orjson.dumps(value)
    except TypeError:
        return "".join(_pieces(value)).encode("ascii")


class _Written(str):
    """A piece of finished JSON among values that are still to be written."""

    __slots__ = ()


def _pieces(value: Any) -> Iterator[str]:
    """Writes without recursion: the value may be nested deeper than Python's stack."""
    waiting: list[Any] = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, _Written):
            yield item
        elif isinstance(item, dict):
            pairs = [part for name, member in item.items() for part in (_Written(f",{json.dumps(name)}:"), member)]
            yield "{"
            waiting.append(_Written("}"))
            waiting.extend(reversed([_Written(pairs[0][1:]), *pairs[1:]] if pairs else []))
        elif isinstance(item, list):
            members = [part for member in item for part in (_Written(","), member)][1:]
            yield "["
            waiting.append(_Written("]"))
            waiting.extend(reversed(members))
        else:
            yield json.dumps(item.literal if isinstance(item, NoNumber) else item)
