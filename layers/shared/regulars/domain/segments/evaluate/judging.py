"""One operator over one value: true, false, or None for unknown."""

import operator
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from types import MappingProxyType

from regulars.domain.segments.anniversaries import celebrated
from regulars.domain.segments.evaluate import values
from regulars.domain.segments.evaluate.clocks import is_before
from regulars.domain.segments.evaluate.json_texts import Spelled, exists, inside, scalar
from regulars.domain.segments.evaluate.verdicts import Verdict, both, either
from regulars.domain.segments.judgement import Anniversary, Elements, Judgement, Test
from regulars.domain.segments.limits import GREATEST_NUMBER
from regulars.domain.segments.patterns import Pattern
from regulars.domain.segments.versions import Version

_ORDER: Mapping[str, Callable[[float, float], bool]] = MappingProxyType(
    {"eq": operator.eq, "ne": operator.ne, "gt": operator.gt, "gte": operator.ge, "lt": operator.lt, "lte": operator.le}
)


def judged(value: object, test: Judgement, as_of: datetime) -> Verdict:
    """A value out of JSON (`json_texts.value_at`), or the elements of a list there, against any operator of `operators.OPERATORS`. Moments without a
    zone, and days, are by the clock of the as-of moment's."""
    return _elements(value, test, as_of) if isinstance(test, Elements) else _judged(value, test, as_of)


def judge_of(test: Judgement) -> Callable[[object, datetime], Verdict]:
    """`judged` by this one test, made ready for being asked of very many values: most are of a number, or of a word."""
    match test:
        case Test(name, float(bound)) if name in _ORDER:
            return partial(_compared, _ORDER[name], bound)
        case Test("eq", str(words)):
            return partial(_same, words)
        case _:
            return lambda value, as_of: judged(value, test, as_of)


def _compared(order: Callable[[float, float], bool], bound: float, value: object, _as_of: datetime) -> Verdict:
    number = float(value) if type(value) is Spelled else values.number(scalar(value))
    return None if number is None or abs(number) > GREATEST_NUMBER else order(number, bound)


def _same(words: str, value: object, _as_of: datetime) -> Verdict:
    text = scalar(value)
    return None if text is None else text == words


def _elements(value: object, these: Elements, as_of: datetime) -> Verdict:
    """Unknown where there is no list; but whether something is there is always known."""
    verdicts = (_judged(inside(element, these.path), these.test, as_of) for element in value) if isinstance(value, list) else None
    if verdicts is None:
        return these.every if these.test.operator == "exists" else None
    return both(verdicts) if these.every else either(verdicts)


def _judged(value: object, test: Test, as_of: datetime) -> Verdict:
    text = scalar(value)
    match test.operand:
        case float():
            return _counted(value, test)
        case bool(wanted):
            return exists(value) is wanted
        case str(words):
            return None if text is None else _text(text, test.operator, words)
        case (str(), *_) as members:
            return None if text is None else (text in members) is (test.operator == "in")
        case datetime() as bound:
            return _dated(values.moment(text), test.operator, bound, as_of)
        case timedelta() as span:
            return _aged(values.moment(text), test.operator, span, as_of)
        case Anniversary() as anniversary:
            month_day = values.month_day(text)
            return None if month_day is None else month_day in celebrated(anniversary, as_of)
        case Version() as bound:
            version = None if text is None else Version.of(text)
            return None if version is None else (version.key >= bound.key) is (test.operator == "version_gte")
        case Pattern() as pattern:
            return None if text is None else pattern.found_in(text)
        case _:
            return _counted(value, test)


def _counted(value: object, test: Test) -> Verdict:
    number = _number(value)
    return None if number is None else holds(number, test)


def _number(value: object) -> float | None:
    """What JSON spells as a number is one by `values.number`, too, unless it is too large."""
    if type(value) is not Spelled:
        return values.number(scalar(value))
    number = float(value)
    return number if abs(number) <= GREATEST_NUMBER else None


def holds(number: float, test: Test) -> bool:
    """A number against the test's number or numbers."""
    match test.operator, test.operand:
        case name, int() | float() as other if name in _ORDER:
            return _ORDER[name](number, other)
        case "between", (int() | float() as low, int() | float() as high):
            return low <= number <= high
        case "in" | "nin" as name, tuple(members):
            return (number in members) is (name == "in")
    raise AssertionError(f"the parser let {test} through")


def _text(text: str, name: str, words: str) -> bool:
    match name:
        case "eq" | "ne":
            return (text == words) is (name == "eq")
        case "contains" | "not_contains":
            return (words in text) is (name == "contains")
        case "starts_with":
            return text.startswith(words)
        case "ends_with":
            return text.endswith(words)
    raise AssertionError(f"the parser let {name} of a text through")


def _dated(moment: datetime | None, name: str, bound: datetime, as_of: datetime) -> Verdict:
    return None if moment is None else is_before(moment, bound, as_of.tzinfo) is (name == "before")


def _aged(moment: datetime | None, name: str, span: timedelta, as_of: datetime) -> Verdict:
    """`within`: in the span that ends at the as-of moment; `older_than`: before it."""
    if moment is None:
        return None
    start = as_of.astimezone(UTC) - span
    is_older = is_before(moment, start, as_of.tzinfo)
    return is_older if name == "older_than" else not is_older and is_before(moment, as_of, as_of.tzinfo)
