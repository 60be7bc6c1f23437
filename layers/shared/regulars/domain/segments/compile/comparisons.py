"""One operator as a condition in SQL: true, false, or NULL for unknown."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from sqlglot import exp

from regulars.domain.lake.sql import text, timestamp
from regulars.domain.segments.anniversaries import celebrated
from regulars.domain.segments.compile.clocks import day_of, sides
from regulars.domain.segments.compile.time_ranges import TimeRange, within
from regulars.domain.segments.compile.values import JsonValue, number_literal
from regulars.domain.segments.compile.versions import version_key
from regulars.domain.segments.functions import call
from regulars.domain.segments.judgement import Anniversary, Elements, Judgement, Test
from regulars.domain.segments.patterns import Pattern
from regulars.domain.segments.versions import Version

_ELEMENT = "element"

_BINARY: Mapping[str, type[exp.Binary]] = MappingProxyType({"eq": exp.EQ, "ne": exp.NEQ, "gt": exp.GT, "gte": exp.GTE, "lt": exp.LT, "lte": exp.LTE})


def compared(value: exp.Expr, test: Test, literal: Callable[[float], exp.Expr]) -> exp.Expr:
    """A number against the test's number or numbers, written by `literal`."""
    match test.operator, test.operand:
        case operator, int() | float() as number if operator in _BINARY:
            return _BINARY[operator](this=value, expression=literal(number))
        case "between", (int() | float() as low, int() | float() as high):
            return exp.Between(this=value, low=literal(low), high=literal(high))
        case "in" | "nin" as operator, tuple(members):
            numbers = [literal(member) for member in members if not isinstance(member, str)]
            return _membership(operator, value, numbers)
    raise AssertionError(f"the parser let {test} through")


def judged(value: JsonValue, test: Judgement, as_of: datetime, zone: exp.Expr | None = None) -> exp.Expr:
    """A value out of JSON, or the elements of a list there, against any operator of `operators.OPERATORS`. Moments without a zone are by the clock of
    `zone`: None for UTC."""
    return _elements(value, test, as_of, zone) if isinstance(test, Elements) else _judged(value, test, as_of, zone)


def _elements(value: JsonValue, these: Elements, as_of: datetime, zone: exp.Expr | None) -> exp.Expr:
    """NULL where there is no list, or an element that could change the answer is unknown; but whether something is there is always known."""
    met = _judged(JsonValue(exp.column(_ELEMENT), these.path), these.test, as_of, zone)
    matching = exp.Lambda(this=met, expressions=[exp.to_identifier(_ELEMENT)])
    verdict = call("all_match" if these.every else "any_match", value.elements(), matching)
    return call("coalesce", verdict, exp.Boolean(this=these.every)) if these.test.operator == "exists" else verdict


def _judged(value: JsonValue, test: Test, as_of: datetime, zone: exp.Expr | None) -> exp.Expr:
    match test.operand:
        case bool(wanted):
            return value.exists() if wanted else exp.not_(value.exists(), copy=False)
        case str(words):
            return _text(value.text(), test.operator, words)
        case (str(), *_) as members:
            return _membership(test.operator, value.text(), [text(str(member)) for member in members])
        case datetime() as bound:
            moment, other = sides(value, bound, zone)
            return (exp.GTE if test.operator == "after" else exp.LT)(this=moment, expression=other)
        case timedelta() as span:
            return _age(value, test.operator, as_of - span, as_of, zone)
        case Anniversary() as anniversary:
            return _celebrated(value, anniversary, as_of, zone)
        case Version(key=key):
            return (exp.GTE if test.operator == "version_gte" else exp.LT)(this=version_key(value.text()), expression=text(key))
        case Pattern(sql=pattern):
            return call("regexp_like", value.text(), text(pattern))
        case _:
            return compared(value.number(), test, number_literal)


def _membership(operator: str, value: exp.Expr, members: list[exp.Expr]) -> exp.Expr:
    inside = exp.In(this=value, expressions=members)
    return inside if operator == "in" else exp.not_(inside, copy=False)


def _text(value: exp.Expr, operator: str, words: str) -> exp.Expr:
    """Without LIKE: nothing in `words` has a meaning of its own. Case counts."""
    literal, nothing = text(words), exp.Literal.number(0)
    match operator:
        case "eq" | "ne":
            return _BINARY[operator](this=value, expression=literal)
        case "contains":
            return exp.GT(this=call("strpos", value, literal), expression=nothing)
        case "not_contains":
            return exp.EQ(this=call("strpos", value, literal), expression=nothing)
        case "starts_with":
            return call("starts_with", value, literal)
        case "ends_with":
            end = exp.Neg(this=exp.Literal.number(len(words)))
            return exp.EQ(this=call("substr", value, end), expression=literal)
    raise AssertionError(f"the parser let {operator} of a text through")


def _age(value: JsonValue, operator: str, start: datetime, as_of: datetime, zone: exp.Expr | None) -> exp.Expr:
    """`within`: in the span that ends at the as-of moment; `older_than`: before it."""
    moment, begin = sides(value, start, zone)
    if operator == "older_than":
        return exp.LT(this=moment, expression=begin)
    if zone is None:
        return within(moment, TimeRange(start, as_of))
    now, end = sides(value, as_of, zone)
    return exp.and_(exp.GTE(this=moment, expression=begin), exp.LT(this=now, expression=end), copy=False)


def _celebrated(value: JsonValue, anniversary: Anniversary, as_of: datetime, zone: exp.Expr | None) -> exp.Expr:
    """The as-of day is one of three, wherever somebody is."""

    def on(day: datetime) -> exp.Expr:
        return exp.In(this=value.month_day(), expressions=[text(each) for each in celebrated(anniversary, day)])

    if zone is None:
        return on(as_of)
    today = day_of(timestamp(as_of), zone)
    days = [as_of.astimezone(UTC) + timedelta(days=ahead) for ahead in (-1, 0, 1)]
    return exp.Case(ifs=[exp.If(this=exp.EQ(this=today.copy(), expression=_date(day)), true=on(day)) for day in days])


def _date(day: datetime) -> exp.Expr:
    return exp.Cast(this=text(day.date().isoformat()), to=exp.DataType.build("date"))
