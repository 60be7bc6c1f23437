"""The operators, and what each one is given. A value that an operator cannot judge is unknown to it, and unknown selects nobody."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from regulars.domain.language import MAX_WHOLE, Fields, Value, kind, listed, read_clock, read_moment, read_span
from regulars.domain.segments.judgement import Anniversary, Operand, Test
from regulars.domain.segments.limits import MAX_ANNIVERSARY_DAYS, MAX_VALUES
from regulars.domain.segments.patterns import read_pattern
from regulars.domain.segments.unbuilt import NOT_BUILT
from regulars.domain.segments.versions import read_version

Reader = Callable[[Value], Operand]

_SHARE = re.compile(r"(\d{1,2})(?:\.(\d))?%", re.ASCII)


def _scalar(value: Value) -> str | float:
    """Booleans are compared as the texts `true` and `false`, which is how JSON scalars read."""
    raw = value.raw
    if not isinstance(raw, str | int | float):
        value.refuse(f"a text, a number, true or false is needed, not {kind(raw)}; to ask for absence: `exists`: false")
    if isinstance(raw, bool):
        return "true" if raw else "false"
    return value.text(empty=True) if isinstance(raw, str) else _exact(value)


def _exact(value: Value) -> float:
    """Numbers are compared as doubles, of which each stands for several whole numbers from 2^53 on."""
    number = value.number()
    if abs(number) >= MAX_WHOLE:
        value.refuse(f"{value.raw} is too large to be told from its neighbours as a number: write it as a text, which is compared digit by digit")
    return number


def _scalars(value: Value) -> tuple[str, ...] | tuple[float, ...]:
    """All texts (or booleans), or all numbers: each kind is compared in its own way."""
    read = [_scalar(entry) for entry in value.items(MAX_VALUES)]
    texts = tuple(entry for entry in read if isinstance(entry, str))
    numbers = tuple(entry for entry in read if not isinstance(entry, str))
    if texts and numbers:
        value.refuse("either only texts or only numbers; put the others into a clause of their own")
    return texts or numbers


def _text(value: Value) -> str:
    return value.text()


def _number(value: Value) -> float:
    return value.number()


def _range(value: Value) -> tuple[float, ...]:
    low, high = (bound.number() for bound in _pair(value))
    if low > high:
        value.refuse("the lower number comes first")
    return (low, high)


def _whole(value: Value) -> int:
    return value.whole()


def _wholes(value: Value) -> tuple[float, ...]:
    return tuple(entry.whole() for entry in value.items(MAX_VALUES))


def _whole_range(value: Value) -> tuple[float, ...]:
    low, high = _pair(value)
    least = low.whole()
    return (least, high.whole(least))


def _pair(value: Value) -> tuple[Value, Value]:
    both = value.items(2)
    if len(both) != 2:
        value.refuse("two numbers are needed: the lower and the upper, both included")
    return both[0], both[1]


def _yes_or_no(value: Value) -> bool:
    return value.boolean()


def _anniversary(value: Value) -> Anniversary:
    if value.raw is True:
        return Anniversary(1)
    if not isinstance(value.raw, str):
        value.refuse("`true`, for the as-of day alone, or a span of whole days, as in 7d or 2w, is needed")
    days, rest = divmod(read_span(value), timedelta(days=1))
    if rest or days > MAX_ANNIVERSARY_DAYS:
        value.refuse(f"whole days, and at most {MAX_ANNIVERSARY_DAYS} of them, as in 7d or 2w")
    return Anniversary(days)


def _share(value: Value) -> int:
    """Tenths of a percent."""
    wanted = "a share in percent, as in 20% or 0.5%, above 0% and below 100%,"
    if not isinstance(value.raw, str):
        value.refuse_kind(wanted)
    found = _SHARE.fullmatch(value.text())
    tenths = int(found[1]) * 10 + int(found[2] or "0") if found else 0
    if not tenths:
        value.refuse(f"{wanted} is needed")
    return tenths


OPERATORS: Mapping[str, Reader] = MappingProxyType(
    {
        "eq": _scalar,
        "ne": _scalar,
        "in": _scalars,
        "nin": _scalars,
        "gt": _number,
        "gte": _number,
        "lt": _number,
        "lte": _number,
        "between": _range,
        "contains": _text,
        "not_contains": _text,
        "starts_with": _text,
        "ends_with": _text,
        "matches": read_pattern,
        "exists": _yes_or_no,
        "before": read_moment,
        "after": read_moment,
        "within": read_span,
        "older_than": read_span,
        "anniversary": _anniversary,
        "version_gte": read_version,
        "version_lt": read_version,
    }
)
"""Of traits and properties."""

OWN_TIME_OPERATORS: Mapping[str, Reader] = MappingProxyType({**OPERATORS, "before": read_clock, "after": read_clock})
"""The same by each person's own clock."""

MOMENT_OPERATORS: Final = ("before", "after", "within", "older_than", "anniversary")
"""Those that compare moments, of which one without a zone may be."""

NUMBER_OPERATORS: Mapping[str, Reader] = MappingProxyType(
    {
        "eq": _number,
        "ne": _number,
        "gt": _number,
        "gte": _number,
        "lt": _number,
        "lte": _number,
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

RANK_OPERATORS: Mapping[str, Reader] = MappingProxyType({"top": _share, "bottom": _share})
"""Of what people have a place by among all others."""


_KINDS: Final[Mapping[Reader, str]] = MappingProxyType(
    {
        _scalar: "scalar",
        _scalars: "scalars",
        _text: "text",
        _number: "number",
        _range: "range",
        _whole: "whole",
        _wholes: "wholes",
        _whole_range: "whole_range",
        _yes_or_no: "boolean",
        _anniversary: "anniversary",
        _share: "share",
        read_pattern: "pattern",
        read_moment: "moment",
        read_clock: "clock",
        read_span: "span",
        read_version: "version",
    }
)


def value_kind(reader: Reader) -> str:
    """What it reads, in a word for editors: a control for each kind is a control for every operator."""
    return _KINDS[reader]


def parse_test(given: Fields, table: Mapping[str, Reader], *, beside: Iterable[str] = ()) -> Test:
    """The one operator among the keys of `given`; the keys in `beside` are somebody else's. Raises InvalidRuleError."""
    others = tuple(beside)
    operators = [key for key in given if key not in others]
    given.only((*others, *table), NOT_BUILT)
    if len(operators) != 1:
        found = f"not {listed(operators)}: join two clauses with `all`" if operators else "and there is none"
        given.value.refuse(f"one operator is needed, {found}; known: {listed(table)}")
    operator = operators[0]
    return Test(operator, table[operator](given[operator]))
