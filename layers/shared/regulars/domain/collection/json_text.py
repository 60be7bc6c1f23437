"""JSON in and out, also the hostile kind.

orjson reads and writes nearly everything. What it refuses must not cost the neighbours of the one event that has it: escaped half surrogates, numbers
beyond a double and more than 1,024 levels (254 when writing), which are JSON by RFC 8259, and what unmodified clients write all the same: `NaN` and
`Infinity`, bytes that are not UTF-8, and line breaks inside texts. Those take the slow path here, to be refused with their event (`examination`).

Numbers are exact as JSON has them between parties that agree on doubles (https://www.rfc-editor.org/rfc/rfc8259#section-6): a decimal is the double
nearest to it, a whole number of 64 bits is itself, and one beyond is refused unless a double is exactly it. orjson rounds those without a word,
which `parsed_exactly` does not.
"""

import json
from collections.abc import Iterator
from decimal import Decimal
from math import isfinite
from typing import Any, Final

import orjson

from regulars.domain.collection.nesting import cut
from regulars.domain.errors import InvalidRequestError

_SMALLEST: Final = -(2**63)
_GREATEST: Final = 2**64 - 1

_DIGITS: Final = bytes(ord("0") if chr(byte) in "0123456789" else byte for byte in range(256))
"""Every digit as a zero: a long number is then found like any text, eleven times as fast as by a pattern."""
_LONG: Final = (b"0" * len(str(_GREATEST)), b"-" + b"0" * len(str(_SMALLEST).lstrip("-")))


class NoNumber:
    """Stands for a literal that cannot be kept, so that only its own event is refused: `NaN`, what no double can hold, or a whole number whose last
    digits would be lost."""

    __slots__ = ("literal",)

    def __init__(self, literal: str) -> None:
        self.literal = literal

    def __str__(self) -> str:
        return self.literal

    @property
    def is_whole(self) -> bool:
        return _is_whole(self.literal)


def parsed(text: bytes) -> Any:
    """The JSON value of `text`; a byte that is not UTF-8 becomes half of a surrogate pair, and what is nested too deeply is `cut`. Raises
    InvalidRequestError where it is not JSON, saying where. A whole number beyond 64 bits may come rounded to a double."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        return _parsed_leniently(text, reason=str(error))


def parsed_exactly(text: bytes) -> Any:
    """The same, but for whole numbers that would be rounded: they are NoNumber."""
    digits = text.translate(_DIGITS)
    return _parsed_leniently(text) if any(long in digits for long in _LONG) else parsed(text)


def _parsed_leniently(text: bytes, *, reason: str = "") -> Any:
    try:
        return _loaded(text)
    except RecursionError:
        return _parsed_leniently(cut(text), reason="nested too deeply, and broken")
    except ValueError as error:
        raise InvalidRequestError(f"the body is not JSON: {reason or error}") from error


def _loaded(text: bytes) -> Any:
    lenient = text.decode("utf-8-sig", "surrogateescape")
    return json.loads(lenient, strict=False, parse_constant=NoNumber, parse_int=number_read, parse_float=number_read)


def number_read(literal: str) -> int | float | NoNumber:
    """The number that a literal of JSON stands for."""
    number = float(literal)
    if not isfinite(number):
        return NoNumber(literal)
    if not _is_whole(literal):
        return number
    whole = int(literal)
    if _SMALLEST <= whole <= _GREATEST:
        return whole  # as orjson reads it
    is_double = whole == int(number) or whole == Decimal(repr(number))  # JavaScript writes the shortest digits of a double, filled up with zeros
    return number if is_double else NoNumber(literal)


def _is_whole(literal: str) -> bool:
    return literal.lstrip("-").isdecimal()


def written(value: Any) -> bytes:
    """What was `parsed`, for `parsed` to read again: half surrogates stay escaped, and a literal that cannot be kept stays what it was, so that
    nothing but a repair makes it another value."""
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
            yield item.literal if isinstance(item, NoNumber) else json.dumps(item)
