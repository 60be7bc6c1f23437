"""Spells as moves: each tally rises by one at the slot where a row's spell begins, and falls by one where it ends."""

from collections.abc import Sequence
from typing import Final

from sqlglot import exp

from regulars.domain.lake.moments import Moments, numbers
from regulars.domain.lake.sql import statement
from regulars.domain.segments.compile.spells import Spell, laid_out
from regulars.domain.segments.compile.tallies import Tallies

_FIRST: Final = """
greatest(:begin, coalesce(
  max(CASE WHEN :begin < :end THEN :end END) OVER (PARTITION BY user_id, :per ORDER BY :begin ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0
))
"""
"""Of spells in the order of their beginnings each counts from when all before it are over: so they cover the same slots, each once."""


def moves(rows: exp.Select, tallies: Tallies, columns: Sequence[str], moments: Moments) -> exp.Select:
    """The moves of the rows: `user_id`, `slot`, and each of `columns` with 1, -1 or 0. A spell that ends before it begins moves nothing."""
    spells = _spells(rows, tallies, moments)
    sides = [(name, column, raised) for name in tallies for column, raised in ((f"begin_{name}", 1), (f"end_{name}", -1))]
    slots, raises = [], dict[str, list[exp.If]]()
    for number, (name, column, raised) in enumerate(sides):
        lasts = exp.LT(this=exp.column(f"begin_{name}"), expression=exp.column(f"end_{name}"))
        slots.append(exp.If(this=exp.and_(_is_side(number), lasts), true=exp.column(column)))
        raises.setdefault(name, []).append(exp.If(this=_is_side(number), true=_whole(raised)))
    moved = [exp.alias_(exp.Case(ifs=raises[name], default=_whole(0)) if name in raises else _whole(0), name) for name in columns]
    each = exp.Subquery(this=spells).as_("spells", copy=False)
    selected = exp.select("user_id", exp.alias_(exp.Case(ifs=slots), "slot"), *moved).from_(each, copy=False)
    return selected.join(numbers(range(len(sides)), "sides", "side"), join_type="CROSS", copy=False)


def _spells(rows: exp.Select, tallies: Tallies, moments: Moments) -> exp.Select:
    """`user_id`, `begin_x` and `end_x` of each tally x."""
    spells = laid_out(rows, tallies, ["user_id"], moments)
    if all(spell.per is None for spell in tallies.values()):
        return spells
    edges = [edge for name, spell in tallies.items() for edge in (exp.alias_(_begin(name, spell), f"begin_{name}"), exp.column(f"end_{name}"))]
    return exp.select("user_id", *edges).from_(exp.Subquery(this=spells).as_("spells", copy=False), copy=False)


def _begin(name: str, spell: Spell) -> exp.Expr:
    begin = exp.column(f"begin_{name}")
    if spell.per is None:
        return begin
    return statement(_FIRST, {"begin": begin, "end": exp.column(f"end_{name}"), "per": exp.column(f"per_{name}")})


def _is_side(number: int) -> exp.Expr:
    return exp.EQ(this=exp.column("side", "sides"), expression=_whole(number))


def _whole(number: int) -> exp.Expr:
    return exp.Literal.number(number)
