"""Liquid's filters (https://shopify.github.io/liquid/filters/), for data as it comes: null is nothing, `true` is a word, numbers read as people write
them, and what has the wrong kind is not an error where nothing speaks against going on.

Those of python-liquid convert by Python's `str`, fail where a list holds null or numbers beside texts, and read a clock in `date`.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import wraps
from typing import Any, Final

from liquid.filter import flatten

from regulars.domain.messages.limits import MAX_NUMBER, MAX_VALUE, refuse, within
from regulars.domain.messages.values import inspected, text_of

Filter = Callable[..., Any]

_OF_TEXTS: Final = (
    *("append", "base64_decode", "base64_encode", "base64_url_safe_decode", "base64_url_safe_encode", "capitalize", "downcase", "escape"),
    *("escape_once", "escapejs", "lstrip", "newline_to_br", "prepend", "remove", "remove_first", "remove_last", "replace_first", "replace_last"),
    *("rstrip", "safe", "split", "squish", "strip", "strip_html", "strip_newlines", "upcase", "url_decode", "url_encode"),
)
_OF_NUMBERS: Final = ("abs", "at_least", "at_most", "ceil", "divided_by", "floor", "minus", "plus", "round", "times")
_OF_OBJECTS: Final = ("find", "find_index", "has", "reject", "where")
_CUTS: Final = ("truncate", "truncatewords")


def tolerant(filters: Mapping[str, Filter]) -> dict[str, Filter]:
    """python-liquid's filters, by name, made so; each with its limits (`limits`)."""
    ours: dict[str, Filter] = {
        **filters,
        **{name: _of_texts(filters[name]) for name in _OF_TEXTS},
        **{name: _of_numbers(filters[name]) for name in _OF_NUMBERS},
        **{name: _of_objects(filters[name]) for name in _OF_OBJECTS},
        **{name: _cut(filters[name]) for name in _CUTS},
        **_WRITTEN_ANEW,
    }
    return {name: _bounded(name, filter_) for name, filter_ in ours.items()}


def _bounded(name: str, filter_: Filter) -> Filter:
    """What Python says against a value becomes an error of Liquid's, which has a place."""

    @wraps(filter_)
    def bounded(left: Any, *arguments: Any, **named: Any) -> Any:
        try:
            return within(filter_(left, *arguments, **named))
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            raise refuse(f"{name}: {error}") from error

    return bounded


def _of_texts(filter_: Filter) -> Filter:
    @wraps(filter_)
    def of_texts(left: Any, *arguments: Any, **named: Any) -> Any:
        return filter_(_text(left), *map(_text, arguments), **named)

    return of_texts


def _of_numbers(filter_: Filter) -> Filter:
    @wraps(filter_)
    def of_numbers(left: Any, *arguments: Any) -> Any:
        return filter_(_number(left), *map(_number, arguments))

    return of_numbers


def _of_objects(filter_: Filter) -> Filter:
    """What is no object in the list has no properties."""

    @wraps(filter_)
    def of_objects(left: Any, attribute: Any, value: Any = None) -> Any:
        return filter_([entry if isinstance(entry, dict) else {} for entry in _entries(left)], _text(attribute), value)

    return of_objects


def _cut(filter_: Filter) -> Filter:
    """A length that nobody knows is the filter's own."""

    @wraps(filter_)
    def cut(left: Any, length: Any = None, end: Any = "...") -> Any:
        wanted = _whole(length)
        return filter_(_text(left), **({} if wanted is None else {"num": wanted}), end=_text(end))

    return cut


def _replace(left: Any, sought: Any, by: Any = "") -> str:
    text, old, new = _text(left), _text(sought), _text(by)
    if len(text) + text.count(old) * (len(new) - len(old)) > MAX_VALUE:
        raise refuse(f"replace: more than {MAX_VALUE} characters")
    return text.replace(old, new)


def _slice(left: Any, start: Any, length: Any = 1) -> Any:
    value = _entries(left) if isinstance(left, (list, tuple, range)) else _text(left)
    first, wanted = _whole(start) or 0, _whole(length)
    last = first + (1 if wanted is None else max(wanted, 0))
    return value[first : None if first < 0 <= last else last]


def _concat(left: Any, right: Any) -> list[Any]:
    return [*_entries(left), *_entries(right)]


def _join(left: Any, separator: Any = " ") -> str:
    texts, between = [text_of(entry) for entry in _entries(left)], _text(separator)
    if sum(map(len, texts)) + len(between) * len(texts) > MAX_VALUE:
        raise refuse(f"join: more than {MAX_VALUE} characters")
    return between.join(texts)


def _reverse(left: Any) -> list[Any]:
    return _entries(left)[::-1]


def _map(left: Any, key: Any) -> list[Any]:
    return [_property(entry, key) for entry in _entries(left)]


def _compact(left: Any, key: Any = None) -> list[Any]:
    return [entry for entry in _entries(left) if (entry if key is None else _property(entry, key)) is not None]


def _sort(left: Any, key: Any = None) -> list[Any]:
    return sorted(_entries(left), key=lambda entry: _order(entry if key is None else _property(entry, key)))


def _sort_natural(left: Any, key: Any = None) -> list[Any]:
    def order(entry: Any) -> tuple[bool, str]:
        value = entry if key is None else _property(entry, key)
        return value is None, text_of(value).lower()

    return sorted(_entries(left), key=order)


def _sum(left: Any, key: Any = None) -> int | float:
    numbers = [_number(entry if key is None else _property(entry, key)) for entry in _entries(left)]
    whole = all(isinstance(number, int) for number in numbers)
    return sum(numbers) if whole else float(sum((Decimal(str(number)) for number in numbers), Decimal(0)))


def _modulo(left: Any, right: Any) -> int | float:
    """The sign is the divisor's, as in Ruby."""
    number, by = _number(left), _number(right)
    if by == 0:
        raise refuse("modulo: can't divide by 0")
    return number % by if isinstance(number, int) and isinstance(by, int) else float(Fraction(str(number)) % Fraction(str(by)))


def _uniq(left: Any, key: Any = None) -> list[Any]:
    """The first of each; 1, 1.0, "1" and true are not the same."""
    first: dict[str, Any] = {}
    for entry in _entries(left):
        first.setdefault(inspected(entry if key is None else _property(entry, key)), entry)
    return list(first.values())


def _text(value: Any) -> str:
    text: str = within(text_of(value))
    return text


_NUMBER: Final = re.compile(r"\s*[+-]?[0-9]{1,308}(\.[0-9]{1,308})?([eE][+-]?[0-9]{1,3})?\s*")


def number_in(value: Any) -> int | float | None:
    """A number, or what a text says that is one. Not what no double holds."""
    if isinstance(value, str) and (match := _NUMBER.fullmatch(value)):
        value = float(value) if match[1] or match[2] else int(value)
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) and -MAX_NUMBER <= value <= MAX_NUMBER else None


def _number(value: Any) -> int | float:
    """0 where it is none, as in Liquid."""
    return number_in(value) or 0


def _whole(value: Any) -> int | None:
    number = number_in(value)
    return None if number is None else int(number)


def _entries(value: Any) -> list[Any]:
    """Nothing has none; what is no list is one entry of it."""
    if isinstance(value, range):
        if value.stop - value.start > MAX_VALUE:
            raise refuse(f"a range of {value.stop - value.start} numbers; at most {MAX_VALUE}")
        return list(value)
    entries: list[Any] = within(flatten(value) if isinstance(value, (list, tuple)) else list(_alone(value)))
    return entries


def _alone(value: Any) -> Iterator[Any]:
    if value is not None and value != "":
        yield value


def _property(entry: Any, key: Any) -> Any:
    return entry.get(_text(key)) if isinstance(entry, dict) else None


def _order(value: Any) -> tuple[int, float, str]:
    """Numbers, then texts, then what is neither, and nothing last."""
    match value:
        case None:
            return 3, 0, ""
        case bool() | list() | dict():
            return 2, 0, text_of(value)
        case int() | float():
            return 0, value, ""
    return 1, 0, text_of(value)


_WRITTEN_ANEW: Final[Mapping[str, Filter]] = {
    "compact": _compact,
    "concat": _concat,
    "join": _join,
    "map": _map,
    "modulo": _modulo,
    "replace": _replace,
    "reverse": _reverse,
    "slice": _slice,
    "sort": _sort,
    "sort_natural": _sort_natural,
    "sum": _sum,
    "uniq": _uniq,
}
