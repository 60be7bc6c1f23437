"""Spells as moves: each tally rises by one at the slot where a row's spell begins, and falls by one where it ends."""

from collections.abc import Sequence

from sqlglot import exp

from regulars.domain.lake.moments import Moments, numbers
from regulars.domain.segments.compile.spells import laid_out
from regulars.domain.segments.compile.tallies import Tallies


def moves(rows: exp.Select, tallies: Tallies, columns: Sequence[str], moments: Moments) -> exp.Select:
    """The moves of the rows: `user_id`, `slot`, and each of `columns` with 1, -1 or 0. A spell that ends before it begins moves nothing."""
    spells = laid_out(rows, tallies, ["user_id"], moments)
    begins = {name: f"begin_{name}" for name in tallies}
    ends = {name: f"end_{name}" for name in tallies}
    sides = [(name, column, raised) for name in tallies for column, raised in ((begins[name], 1), (ends[name], -1))]
    slots, raises = [], dict[str, list[exp.If]]()
    for number, (name, column, raised) in enumerate(sides):
        lasts = exp.LT(this=exp.column(begins[name]), expression=exp.column(ends[name]))
        slots.append(exp.If(this=exp.and_(_is_side(number), lasts), true=exp.column(column)))
        raises.setdefault(name, []).append(exp.If(this=_is_side(number), true=_whole(raised)))
    moved = [exp.alias_(exp.Case(ifs=raises[name], default=_whole(0)) if name in raises else _whole(0), name) for name in columns]
    selected = exp.select("user_id", exp.alias_(exp.Case(ifs=slots), "slot"), *moved).from_(exp.Subquery(this=spells).as_("spells"))
    return selected.join(numbers(range(len(sides)), "sides", "side"), join_type="CROSS", copy=False)


def _is_side(number: int) -> exp.Expr:
    return exp.EQ(this=exp.column("side", "sides"), expression=_whole(number))


def _whole(number: int) -> exp.Expr:
    return exp.Literal.number(number)
