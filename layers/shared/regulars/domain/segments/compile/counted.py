"""Clauses whose rows add up to their verdict: how many events there are, how many before or after a moment, how many of another value than those
before them, how many on either side of a bound."""

from datetime import datetime, timedelta
from typing import Literal, assert_never

from sqlglot import exp

from regulars.domain.lake.moments import Moments
from regulars.domain.lake.sql import text, timestamp
from regulars.domain.language import Path
from regulars.domain.segments.compile.comparisons import compared
from regulars.domain.segments.compile.spells import After, Spell
from regulars.domain.segments.compile.tallies import Tallied, some
from regulars.domain.segments.compile.values import JsonValue, number_literal, whole_literal
from regulars.domain.segments.judgement import Test
from regulars.domain.segments.measure import Aggregate, Count, Distinct, Edge, Period
from regulars.domain.segments.rule import Delivered, EventClause


def is_counted(clause: EventClause) -> bool:
    """A sum, and a mean, of fractions would keep the rounding of what has left it."""
    match clause.measure:
        case Count() | Distinct() | Edge() | Aggregate("min" | "max"):
            return True
        case _:
            return False


def counted(clause: EventClause, name: str, moments: Moments) -> Tallied:
    """Of a clause that `is_counted`, over rows with `event_ts` and `properties`."""
    each = Spell().during(clause.period, moments).meeting(clause.where, moments)
    match clause.measure:
        case Count(test):
            return Tallied({name: each}, compared(exp.column(name), test, whole_literal))
        case Distinct(path, test):
            return _distinct(path, test, each, name)
        case Aggregate("min" | "max" as which, path, test):
            return _extreme(which, path, test, each, name)
        case Edge() as edge:
            return _edge(edge, each, name)
    raise AssertionError(f"{clause.measure} does not add up")


def delivered(clause: Delivered, name: str, moments: Moments) -> Tallied:
    """Over rows with `event_ts`, `run_id` and `outcome`. A run failed in which pushes were tried and none was sent."""
    each = Spell().during(clause.period, moments)
    sent = each.where([_is("sent")]).once(exp.column("run_id"))
    if clause.fate == "sent":
        return Tallied({name: sent}, compared(exp.column(name), clause.test, whole_literal))
    tried = each.where([exp.or_(_is("sent"), _is("failed"))]).once(exp.column("run_id"))
    failed = exp.paren(exp.Sub(this=exp.column(name), expression=exp.column(f"{name}_sent")))
    return Tallied({name: tried, f"{name}_sent": sent}, compared(failed, clause.test, whole_literal))


def _distinct(path: Path | None, test: Test, each: Spell, name: str) -> Tallied:
    of, value = exp.column("event_ts"), exp.column(f"{name}_value")
    read = JsonValue(exp.column("properties"), path).text() if path else exp.Cast(this=of, to=exp.DataType.build("date"))
    return Tallied({name: each.where([_known(value)]).once(value)}, compared(exp.column(name), test, whole_literal), {value.name: read})


def _extreme(which: Literal["min", "max"], path: Path, test: Test, each: Spell, name: str) -> Tallied:
    """The greatest is above a bound if some value is, and below it if all are; the least the other way round."""
    value = exp.column(f"{name}_value")
    tallies = {name: each.where([_known(value)])}
    outward = ("gt", "gte") if which == "max" else ("lt", "lte")
    conditions: list[exp.Expr] = []
    for side in _sides_of(test):
        met = f"{name}_{side.operator}"
        tallies[met] = each.where([compared(value, side, number_literal)])
        conditions.append(some(met) if side.operator in outward else exp.EQ(this=exp.column(met), expression=exp.column(name)))
    between = exp.and_(*conditions)
    verdict = exp.Case(ifs=[exp.If(this=some(name), true=exp.not_(between) if test.operator == "ne" else between)])
    return Tallied(tallies, verdict, {value.name: JsonValue(exp.column("properties"), path).number()})


def _sides_of(test: Test) -> list[Test]:
    """The bounds between which a number meets the test (does not, of `ne`)."""
    match test.operator, test.operand:
        case "eq" | "ne", bound:
            return [Test("gte", bound), Test("lte", bound)]
        case "between", (low, high):
            return [Test("gte", low), Test("lte", high)]
        case _:
            return [test]


def _edge(edge: Edge, each: Spell, name: str) -> Tallied:
    """The first event is in a period if no event is before it, and one is before its end; the last, if one is after its start, and none after it."""
    inside, outside = f"{name}_inside", f"{name}_outside"
    for_it, against = _for_and_against(edge, each)
    none_outside = exp.EQ(this=exp.column(outside), expression=exp.Literal.number(0))
    verdict = exp.Case(ifs=[exp.If(this=some(name), true=exp.and_(some(inside), none_outside))])
    return Tallied({name: each, inside: for_it, outside: against}, verdict)


def _for_and_against(edge: Edge, each: Spell) -> tuple[Spell, Spell]:
    """When an event speaks for the edge's being in the period, and when against it."""
    happened = exp.column("event_ts")
    match edge.which, edge.period:
        case "first", Period(within=timedelta() as span):
            return each, each.beginning(After(happened, span))
        case "last", Period(within=timedelta() as span):
            return each.ending(After(happened, span)), each.where([exp.false()])
        case "first", Period(start=start, end=end):
            return each.where([_before(end, exp.true())]), each.where([_before(start, exp.false())])
        case "last", Period(start=start, end=end):
            return each.where([exp.not_(_before(start, exp.false()))]), each.where([exp.not_(_before(end, exp.true()))])
    assert_never(edge.which)


def _before(moment: datetime | None, otherwise: exp.Expr) -> exp.Expr:
    return exp.LT(this=exp.column("event_ts"), expression=timestamp(moment)) if moment else otherwise


def _known(value: exp.Expr) -> exp.Expr:
    return exp.Is(this=value.copy(), expression=exp.Not(this=exp.null()))


def _is(outcome: str) -> exp.Expr:
    return exp.EQ(this=exp.column("outcome"), expression=text(outcome))
