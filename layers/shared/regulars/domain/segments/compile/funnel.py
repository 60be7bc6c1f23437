"""How a rule comes to its people, clause by clause, in one statement: how many each clause finds alone, and how many are left after it.

verdicts   a row a known person, a column a clause of the core: true, false or NULL
steps      the same with, for each group, how far the person comes in it
counts     one row
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlglot import exp

from regulars.domain.segments.compile.conditions import combined
from regulars.domain.segments.compile.statement import checked, verdicts
from regulars.domain.segments.functions import call
from regulars.domain.segments.lowering import lowered
from regulars.domain.segments.references import inlined
from regulars.domain.segments.rule import AllOf, AnyOf, Clause, Rule, Segment, walk

COUNT: Final = "people"
"""The column that counts whom the whole rule selects."""


@dataclass(frozen=True)
class FunnelClause:
    """A clause, or a group of clauses, with two columns of the statement: how many people it finds `alone`, and how many it `leaves`: of whom it and
    all before it in the same `all` are true, or, where `adds`, it or one before it in the same `any`."""

    path: str
    rule: Rule
    alone: str
    leaves: str
    adds: bool = False


@dataclass(frozen=True)
class Funnel:
    """`sql` answers one row of numbers, of everybody known at the moment."""

    sql: exp.Select
    clauses: Sequence[FunnelClause]


@dataclass(frozen=True)
class _Group:
    """Parts that are joined, each with its path, and the number by which the group's columns are called."""

    number: int
    parts: Sequence[tuple[str, Rule]]
    adds: bool

    @property
    def step(self) -> str:
        return f"step_{self.number}"

    def clauses(self) -> Iterator[tuple[int, FunnelClause]]:
        for place, (path, part) in enumerate(self.parts, 1):
            yield place, FunnelClause(path, part, f"alone_{self.number}_{place}", f"leaves_{self.number}_{place}", self.adds)


def funnel(rule: Rule, as_of: datetime, segments: Mapping[str, Segment], *, within: str = "") -> Funnel:
    """Every source is read once, as for the audience. Raises what `audience_sql` raises."""

    def core(part: Rule) -> Rule:
        return lowered(inlined(part, segments, within=within))

    def holds(part: Rule) -> exp.Expr:
        return combined(core(part), lambda clause: exp.column(known[clause]))

    whole = core(rule)
    clauses = dict.fromkeys(node for _, node in walk(whole) if isinstance(node, Clause))
    known = {clause: f"v{number}" for number, clause in enumerate(clauses, 1)}
    groups = [_Group(number, parts, adds) for number, (parts, adds) in enumerate(_joined(rule), 1)]
    people = exp.Subquery(this=verdicts(whole, known, as_of)).as_("verdicts")
    steps = exp.select(*known.values(), *(exp.alias_(_step(group, holds), group.step) for group in groups)).from_(people)
    counts = exp.select(_counted(holds(rule), COUNT)).from_(exp.Subquery(this=steps).as_("steps"))
    for group in groups:
        counts = counts.select(*_counts(group, holds), copy=False)
    order = {path: place for place, (path, _) in enumerate(walk(rule))}
    return Funnel(checked(counts), sorted((each for group in groups for _, each in group.clauses()), key=lambda each: order[each.path]))


def _joined(rule: Rule, path: str = "rule") -> Iterator[tuple[Sequence[tuple[str, Rule]], bool]]:
    """The parts of each group, outside in, and whether they add; what is under a `not` is not taken apart. A rule that is no group is one of one."""
    match rule:
        case AllOf(rules):
            parts = [(f"{path}.all[{index}]", part) for index, part in enumerate(rules)]
        case AnyOf(rules):
            parts = [(f"{path}.any[{index}]", part) for index, part in enumerate(rules)]
        case _:
            yield [(path, rule)], False
            return
    yield parts, isinstance(rule, AnyOf)
    for inner, part in parts:
        if isinstance(part, AllOf | AnyOf):
            yield from _joined(part, inner)


def _step(group: _Group, holds: Callable[[Rule], exp.Expr]) -> exp.Expr:
    """Of `all`: how many parts from the first on are true. Of `any`: which part is the first that is true, or one more than there are."""
    last = len(group.parts)
    if group.adds:
        first = [exp.If(this=holds(part), true=exp.Literal.number(place)) for place, (_, part) in enumerate(group.parts, 1)]
        return exp.Case(ifs=first, default=exp.Literal.number(last + 1))
    ends = [exp.If(this=_not_true(holds(part)), true=exp.Literal.number(place)) for place, (_, part) in enumerate(group.parts)]
    return exp.Case(ifs=ends, default=exp.Literal.number(last))


def _counts(group: _Group, holds: Callable[[Rule], exp.Expr]) -> Iterator[exp.Expr]:
    for place, clause in group.clauses():
        yield _counted(holds(clause.rule), clause.alone)
        comes_to = exp.LTE if group.adds else exp.GTE
        yield _counted(comes_to(this=exp.column(group.step), expression=exp.Literal.number(place)), clause.leaves)


def _not_true(condition: exp.Expr) -> exp.Expr:
    return exp.not_(call("coalesce", condition, exp.false()), copy=False)


def _counted(condition: exp.Expr, name: str) -> exp.Expr:
    return exp.alias_(exp.Filter(this=call("count", exp.Star()), expression=exp.Where(this=condition)), name)
