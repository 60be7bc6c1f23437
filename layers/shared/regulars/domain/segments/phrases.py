"""The words for the parts of a clause: values, tests, periods. Every text stands in quotes, no number does, so that no two values look the same."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from regulars.domain.language import Path, shown
from regulars.domain.segments.judgement import Anniversary, Condition, Elements, Judgement, Operand, Test
from regulars.domain.segments.measure import Amount, Period
from regulars.domain.segments.patterns import Pattern
from regulars.domain.segments.versions import Version

_PLAIN: Final = re.compile(r"[^\W\d]\w*", re.ASCII)
_MOST_SHOWN: Final = 5
"""Entries of a long list; a digest tells it from others that begin alike."""

_REDUCED: Final = {"sum": "sum", "avg": "mean", "min": "least", "max": "greatest"}
_UNITS: Final = (("day", timedelta(days=1)), ("hour", timedelta(hours=1)), ("minute", timedelta(minutes=1)))

_OF_VALUES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "eq": "is {}",
        "ne": "is not {}",
        "in": "is one of {}",
        "nin": "is none of {}",
        "gt": "is more than {}",
        "gte": "is at least {}",
        "lt": "is less than {}",
        "lte": "is at most {}",
        "between": "is from {} to {}",
        "contains": "contains {}",
        "not_contains": "does not contain {}",
        "starts_with": "starts with {}",
        "ends_with": "ends with {}",
        "before": "is before {}",
        "after": "is {} or later",
        "within": "is in the last {}",
        "older_than": "is more than {} ago",
        "matches": "matches {}",
        "anniversary": "has its anniversary {}",
        "version_gte": "is version {} or later",
        "version_lt": "is a version before {}",
    }
)
"""What an operator says of a value. `exists` has two forms of its own."""

_OF_NUMBERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "eq": "exactly {}",
        "ne": "other than {}",
        "in": "one of {}",
        "nin": "none of {}",
        "gt": "more than {}",
        "gte": "at least {}",
        "lt": "less than {}",
        "lte": "at most {}",
        "between": "{} to {}",
    }
)
"""What an operator says of how many or how much."""


def value_label(operator: str) -> str:
    """`is at least {}`: what an operator says of a value, before there is one."""
    return _OF_VALUES.get(operator, "is there {}")


def amount_label(operator: str) -> str:
    """`at least {}`: what it says of how many or how much."""
    return _OF_NUMBERS[operator]


def quoted(text: str) -> str:
    """In double quotes, with JSON's escapes, so that nothing in it ends it."""
    return json.dumps(text, ensure_ascii=False)


def path_phrase(path: Path) -> str:
    """`shop.city`; a name that is no plain word stands in quotes: `"a.b".city`."""
    return ".".join(name if _PLAIN.fullmatch(name) else quoted(name) for name in path)


def condition_phrase(condition: Condition) -> str:
    return f"{path_phrase(condition.path)} {operator_phrase(condition.test)}"


def operator_phrase(test: Judgement) -> str:
    """`is at least 7`, `contains "wine"`, `is absent`; of a list, `has an element whose sku is "a"`."""
    if isinstance(test, Elements):
        return _elements_phrase(test)
    if test.operator == "exists":
        return "is there" if test.operand else "is absent"
    return _OF_VALUES[test.operator].format(*_operands(test))


def _elements_phrase(these: Elements) -> str:
    found = "has only elements" if these.every else "has an element"
    of = f"whose {path_phrase(these.path)}" if these.path else "of which each" if these.every else "which"
    return f"{found} {of} {operator_phrase(these.test)}"


def amount_phrase(test: Test) -> str:
    """`at least 7`."""
    return _OF_NUMBERS[test.operator].format(*_operands(test))


def times_phrase(test: Test) -> str:
    """`at least twice`, `exactly 0 times`, `2 to 5 times`."""
    if isinstance(test.operand, int) and test.operand in (1, 2) and test.operator != "between":
        return _OF_NUMBERS[test.operator].format("once" if test.operand == 1 else "twice")
    return f"{amount_phrase(test)} times"


def period_phrase(period: Period) -> str:
    """`in the last 30 days`, `from 2017-07-01 to before 2017-10-01`; nothing where it is ever."""
    if period.within is not None:
        return f"in the last {span_phrase(period.within)}"
    match period.start, period.end:
        case datetime() as start, datetime() as end:
            return f"from {moment_phrase(start)} to before {moment_phrase(end)}"
        case datetime() as start, None:
            return f"from {moment_phrase(start)} on"
        case None, datetime() as end:
            return f"before {moment_phrase(end)}"
    return ""


def span_phrase(span: timedelta) -> str:
    """In the largest unit that leaves nothing over: `14 days`, `36 hours`."""
    for unit, length in _UNITS:
        count, rest = divmod(span, length)
        if not rest:
            return unit if count == 1 else f"{count} {unit}s"
    return f"{span.total_seconds():g} seconds"


def ranked_by_phrase(amount: Amount, path: Path | None) -> str:
    """What people are ranked by: `the sum of revenue`, `how often`, `when the last was`."""
    match amount:
        case "count":
            return "how often"
        case "first" | "last":
            return f"when the {amount} was"
        case "distinct":
            return f"how many different values of {path_phrase(path)}" if path else "on how many days"
        case _:
            return f"the {_REDUCED[amount]} of {path_phrase(path or ())}"


def share_phrase(tenths: int) -> str:
    """`20%`, `0.5%`."""
    return f"{tenths / 10:g}%"


def moment_phrase(moment: datetime) -> str:
    """A day where it begins one (UTC); of what a clock shows, it says so."""
    if moment.tzinfo is None:
        return f"{shown(moment).removesuffix('T00:00:00')} local time"
    return shown(moment).removesuffix("T00:00:00Z")


def listed_phrase(texts: Sequence[str]) -> str:
    """`"a", "b" or "c"`; of a long list its first entries, its length and a digest of all."""
    if len(texts) > 2 * _MOST_SHOWN:
        digest = hashlib.sha256("\0".join(texts).encode()).hexdigest()[:8]
        return f"{', '.join(texts[:_MOST_SHOWN])} and {len(texts) - _MOST_SHOWN} others (list {digest})"
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} or {texts[-1]}"


def _operands(test: Test) -> Sequence[str]:
    match test.operand:
        case tuple(members) if test.operator == "between":
            return [_value(member) for member in members]
        case tuple(members):
            return [listed_phrase([_value(member) for member in members])]
        case operand:
            return [_value(operand)]


def _value(operand: Operand) -> str:
    match operand:
        case "true" | "false":
            return str(operand)
        case str():
            return quoted(operand)
        case datetime():
            return moment_phrase(operand)
        case timedelta():
            return span_phrase(operand)
        case Anniversary(days):
            return "that day" if days == 1 else f"in the {days} days from then on"
        case Version(shown=written) | Pattern(shown=written):
            return quoted(written)
        case int() | float():
            return repr(operand).removesuffix(".0")
    raise AssertionError(f"the parser let {operand} through")
