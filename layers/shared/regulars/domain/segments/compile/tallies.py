"""What is counted, slot by slot, to know a clause's verdict at each: whole numbers that a row raises when its spell begins and lowers when it ends.

Whatever only adds up (how many events, and how many before or after a moment) is counted so. Of any other clause its verdict is: how many rows say
that it is known, and how many that it is true, of which there is one at a time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from sqlglot import exp

from regulars.domain.lake.moments import Moments
from regulars.domain.lake.sql import timestamp
from regulars.domain.segments.compile.carriers import unseen
from regulars.domain.segments.compile.comparisons import compared
from regulars.domain.segments.compile.sources import Scanned
from regulars.domain.segments.compile.spells import After, Spell
from regulars.domain.segments.compile.values import JsonValue, whole_literal
from regulars.domain.segments.measure import Count, Edge, Period
from regulars.domain.segments.rule import EventClause, Trait

Tallies = Mapping[str, Spell]
"""Each number by its column, and when a row is in it."""


@dataclass(frozen=True)
class Tallied:
    """How a clause is told from its tallies."""

    tallies: Tallies
    verdict: exp.Expr


def is_counted(clause: Scanned) -> bool:
    """Whether a clause's own rows add up to its verdict."""
    return isinstance(clause, EventClause) and isinstance(clause.measure, Count | Edge)


def counted(clause: EventClause, name: str, moments: Moments) -> Tallied:
    """Of a clause that `is_counted`, over rows with `event_ts` and `properties`."""
    each = Spell().during(clause.period, moments).meeting(clause.where, moments)
    match clause.measure:
        case Count(test):
            return Tallied({name: each}, compared(exp.column(name), test, whole_literal))
        case Edge() as edge:
            return _edge(edge, each, name)
    raise AssertionError(f"{clause.measure} does not add up")


def told(clause: Trait, name: str, moments: Moments, spell: Spell) -> Tallied:
    """Of a trait, over rows with `traits`, each while it is the newest."""
    value = JsonValue(exp.column("traits"), clause.path)
    known, true = verdict_names(name)
    spells = {known: spell.known(value, clause.test, moments), true: spell.holding(value, clause.test, moments)}
    return Tallied(spells, verdict(clause, name))


def verdict_names(name: str) -> tuple[str, str]:
    """The columns of known and of true."""
    return f"{name}_known", f"{name}_true"


def verdict(clause: Scanned, name: str) -> exp.Expr:
    """A clause's verdict, of which the two columns say whether it is known and whether it is true."""
    known, true = (_any(column) for column in verdict_names(name))
    without = unseen(clause)
    default = None if without is None else exp.true() if without else exp.false()
    return exp.Case(ifs=[exp.If(this=true, true=exp.true()), exp.If(this=known, true=exp.false())], default=default)


def _edge(edge: Edge, each: Spell, name: str) -> Tallied:
    """The first event is in a period if no event is before it, and one is before its end; the last, if one is after its start, and none after it."""
    inside, outside = f"{name}_inside", f"{name}_outside"
    for_it, against = _sides(edge, each)
    none_outside = exp.EQ(this=exp.column(outside), expression=exp.Literal.number(0))
    verdict = exp.Case(ifs=[exp.If(this=_any(name), true=exp.and_(_any(inside), none_outside))])
    return Tallied({name: each, inside: for_it, outside: against}, verdict)


def _sides(edge: Edge, each: Spell) -> tuple[Spell, Spell]:
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


def _any(column: str) -> exp.Expr:
    return exp.GT(this=exp.column(column), expression=exp.Literal.number(0))
