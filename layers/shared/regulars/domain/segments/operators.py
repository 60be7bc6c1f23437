"""The operators, and what each one is given. A value that an operator cannot judge is unknown to it, and unknown selects nobody."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from regulars.domain.segments.limits import MAX_VALUES
from regulars.domain.segments.moments import parse_moment, parse_span
from regulars.domain.segments.reading import as_list, as_number, as_text, as_whole, kind, listed, refuse, refuse_key
from regulars.domain.segments.rule import Operand, Test

Reader = Callable[[object, str], Operand]


def _scalar(value: object, path: str) -> str | float:
    """Booleans are compared as the texts `true` and `false`, which is how JSON scalars read."""
    if not isinstance(value, str | int | float):
        refuse(path, f"a text, a number, true or false is needed, not {kind(value)}; to ask for absence: `exists`: false")
    if isinstance(value, bool):
        return "true" if value else "false"
    return as_text(value, path, empty=True) if isinstance(value, str) else as_number(value, path)


def _scalars(value: object, path: str) -> tuple[str, ...] | tuple[float, ...]:
    """All texts (or booleans), or all numbers: each kind is compared in its own way."""
    read = [_scalar(entry, f"{path}[{index}]") for index, entry in enumerate(as_list(value, path, MAX_VALUES))]
    texts = tuple(entry for entry in read if isinstance(entry, str))
    numbers = tuple(entry for entry in read if not isinstance(entry, str))
    if texts and numbers:
        refuse(path, "either only texts or only numbers; put the others into a clause of their own")
    return texts or numbers


def _text(value: object, path: str) -> str:
    return as_text(value, path)


def _range(value: object, path: str) -> tuple[float, ...]:
    low, high = _pair(value, path)
    bounds = (as_number(low, f"{path}[0]"), as_number(high, f"{path}[1]"))
    if bounds[0] > bounds[1]:
        refuse(path, "the lower number comes first")
    return bounds


def _whole(value: object, path: str) -> int:
    return as_whole(value, path)


def _wholes(value: object, path: str) -> tuple[float, ...]:
    return tuple(as_whole(entry, f"{path}[{index}]") for index, entry in enumerate(as_list(value, path, MAX_VALUES)))


def _whole_range(value: object, path: str) -> tuple[float, ...]:
    low, high = _pair(value, path)
    return (as_whole(low, f"{path}[0]"), as_whole(high, f"{path}[1]", as_whole(low, f"{path}[0]")))


def _pair(value: object, path: str) -> list[Any]:
    both = as_list(value, path, 2)
    if len(both) != 2:
        refuse(path, "two numbers are needed: the lower and the upper, both included")
    return both


def _yes_or_no(value: object, path: str) -> bool:
    if not isinstance(value, bool):
        refuse(path, f"true or false is needed, not {kind(value)}")
    return value


OPERATORS: Mapping[str, Reader] = MappingProxyType(
    {
        "eq": _scalar,
        "ne": _scalar,
        "in": _scalars,
        "nin": _scalars,
        "gt": as_number,
        "gte": as_number,
        "lt": as_number,
        "lte": as_number,
        "between": _range,
        "contains": _text,
        "not_contains": _text,
        "starts_with": _text,
        "ends_with": _text,
        "exists": _yes_or_no,
        "before": parse_moment,
        "after": parse_moment,
        "within": parse_span,
        "older_than": parse_span,
    }
)
"""Of traits and properties."""

NUMBER_OPERATORS: Mapping[str, Reader] = MappingProxyType(
    {
        "eq": as_number,
        "ne": as_number,
        "gt": as_number,
        "gte": as_number,
        "lt": as_number,
        "lte": as_number,
        "between": _range,
    }
)
"""Of sums, means, least and greatest values."""

COUNT_OPERATORS: Mapping[str, Reader] = MappingProxyType(
    {
        "eq": _whole,
        "ne": _whole,
        "in": _wholes,
        "nin": _wholes,
        "gt": _whole,
        "gte": _whole,
        "lt": _whole,
        "lte": _whole,
        "between": _whole_range,
    }
)
"""Of counts, which are whole and never unknown."""


def parse_test(given: Mapping[str, Any], table: Mapping[str, Reader], path: str, *, beside: Iterable[str] = ()) -> Test:
    """The one operator among the keys of `given`; the keys in `beside` are somebody else's. Raises InvalidRuleError."""
    others = tuple(beside)
    operators = [key for key in given if key not in others]
    for key in operators:
        if key not in table:
            refuse_key(key, path, (*others, *table))
    if len(operators) != 1:
        found = f"not {listed(operators)}: join two clauses with `all`" if operators else "and there is none"
        refuse(path, f"one operator is needed, {found}; known: {listed(table)}")
    operator = operators[0]
    return Test(operator, table[operator](given[operator], f"{path}.{operator}"))
