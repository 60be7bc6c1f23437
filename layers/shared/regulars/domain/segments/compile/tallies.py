"""What is counted, slot by slot, to know a clause's verdict at each: whole numbers that a row raises when its spell begins and lowers when it ends.

Whatever adds up is counted so (`counted`). Of any other clause its verdict is: how many rows say that it is known, and how many that it is true, of
which there is one at a time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlglot import exp

from regulars.domain.lake.moments import Moments
from regulars.domain.segments.compile.carriers import unseen
from regulars.domain.segments.compile.sources import Scanned
from regulars.domain.segments.compile.spells import Spell
from regulars.domain.segments.compile.values import JsonValue
from regulars.domain.segments.rule import Trait

Tallies = Mapping[str, Spell]
"""Each number by its column, and when a row is in it."""


@dataclass(frozen=True)
class Tallied:
    """How a clause is told from its tallies. `values`: what is read of each row before, by the column under which the spells know it."""

    tallies: Tallies
    verdict: exp.Expr
    values: Mapping[str, exp.Expr] = field(default_factory=dict)


def told(clause: Trait, name: str, moments: Moments, spell: Spell) -> Tallied:
    """Of a trait, over rows with `traits`, each while it is the newest."""
    value = JsonValue(exp.column("traits"), clause.path)
    return judged(clause, name, spell.known(value, clause.test, moments), spell.holding(value, clause.test, moments))


def judged(clause: Scanned, name: str, known: Spell, true: Spell) -> Tallied:
    """Of a clause whose rows say, one at a time, that it is known and that it is true."""
    without = unseen(clause)
    default = None if without is None else exp.Boolean(this=without)
    tallies = {f"{name}_known": known, f"{name}_true": true}
    is_known, is_true = (some(column) for column in tallies)
    return Tallied(tallies, exp.Case(ifs=[exp.If(this=is_true, true=exp.true()), exp.If(this=is_known, true=exp.false())], default=default))


def some(column: str) -> exp.Expr:
    """That a tally is not 0."""
    return exp.GT(this=exp.column(column), expression=exp.Literal.number(0))
