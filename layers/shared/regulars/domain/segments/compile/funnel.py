"""How a rule comes to its people, clause by clause, in one statement: how many each clause finds alone, and how many are left after it.

verdicts   a row a known person, a column a clause of the core: true, false or NULL
steps      the same with, for each group, how far the person comes in it
counts     one row
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from sqlglot import exp

from regulars.domain.segments.compile.conditions import combined
from regulars.domain.segments.compile.statement import checked, verdicts
from regulars.domain.segments.functions import call
from regulars.domain.segments.lowering import lowered
from regulars.domain.segments.references import inlined
from regulars.domain.segments.rule import AllOf, AnyOf, Clause, Reachable, Rule, Segment, walk

COUNT: Final = "people"
"""The column that counts whom the whole rule selects."""

KNOWN: Final = "known"
REACHED: Final = "reached"
"""The columns that count everybody known, and whom of the selected a push can reach."""

Figure = Literal["alone", "leaves"]


def column_of(path: str, figure: Figure) -> str:
    """How the column is called that says of a clause how many people it finds alone, or how many it leaves: of whom it and all before it in the same
    `all` are true; in an `any`, it or one before it. In lower case, as Athena answers the names of columns."""
    return f"{path} {figure}"


def paths_of(columns: Iterable[str]) -> Sequence[str]:
    """The clauses that a row of these columns is about."""
    end = column_of("", "alone")
    return [name.removesuffix(end) for name in columns if name.endswith(end)]


@dataclass(frozen=True)
class Part:
    """A clause of the rule, or a group of clauses. `adds`: it is one of an `any`."""

    path: str
    rule: Rule
    adds: bool = False


@dataclass(frozen=True)
class Funnel:
    """`sql` answers one row of numbers, of everybody known at the moment; `parts` are in the order of the rule."""

    sql: exp.Select
    parts: Sequence[Part]


@dataclass(frozen=True)
class _Group:
    """What is joined by one `all` or `any`, and the column that says how far a person comes in it."""

    step: str
    parts: Sequence[Part]

    @property
    def adds(self) -> bool:
        return self.parts[0].adds


def funnel(rule: Rule, as_of: datetime, segments: Mapping[str, Segment], *, within: str = "", reach: bool = False) -> Funnel:
    """Every source is read once, as for the audience. With `reach` everybody known is counted, too, and whom a push reaches, which reads devices.
    Raises what `audience_sql` raises."""

    def core(part: Rule) -> Rule:
        return lowered(inlined(part, segments, within=within))

    def holds(part: Rule) -> exp.Expr:
        return combined(core(part), lambda clause: exp.column(known[clause]))

    by_push = Reachable("push")
    whole = AllOf((core(rule), core(by_push))) if reach else core(rule)
    clauses = dict.fromkeys(node for _, node in walk(whole) if isinstance(node, Clause))
    known = {clause: f"v{number}" for number, clause in enumerate(clauses, 1)}
    groups = [_Group(f"step_{number}", parts) for number, parts in enumerate(_joined(rule), 1)]
    people = exp.Subquery(this=verdicts(whole, known, as_of)).as_("verdicts")
    steps = exp.select(*known.values(), *(exp.alias_(_step(group, holds), group.step) for group in groups)).from_(people)
    counts = exp.select(_counted(holds(rule), COUNT)).from_(exp.Subquery(this=steps).as_("steps"))
    if reach:
        everybody = exp.alias_(call("count", exp.Star()), KNOWN)
        counts = counts.select(everybody, _counted(holds(AllOf((rule, by_push))), REACHED), copy=False)
    for group in groups:
        counts = counts.select(*_counts(group, holds), copy=False)
    order = {path: place for place, (path, _) in enumerate(walk(rule))}
    return Funnel(checked(counts), sorted((part for group in groups for part in group.parts), key=lambda part: order[part.path]))


def _joined(rule: Rule, path: str = "rule") -> Iterator[Sequence[Part]]:
    """The parts of each group, outside in; what is under a `not` is not taken apart. A rule that is no group is one of one."""
    match rule:
        case AllOf(rules):
            parts = [Part(f"{path}.all[{index}]", inner) for index, inner in enumerate(rules)]
        case AnyOf(rules):
            parts = [Part(f"{path}.any[{index}]", inner, adds=True) for index, inner in enumerate(rules)]
        case _:
            yield [Part(path, rule)]
            return
    yield parts
    for part in parts:
        if isinstance(part.rule, AllOf | AnyOf):
            yield from _joined(part.rule, part.path)


def _step(group: _Group, holds: Callable[[Rule], exp.Expr]) -> exp.Expr:
    """Of `all`: how many parts from the first on are true. Of `any`: which part is the first that is true, or one more than there are."""
    last = len(group.parts)
    if group.adds:
        first = [exp.If(this=holds(part.rule), true=exp.Literal.number(place)) for place, part in enumerate(group.parts, 1)]
        return exp.Case(ifs=first, default=exp.Literal.number(last + 1))
    ends = [exp.If(this=_not_true(holds(part.rule)), true=exp.Literal.number(place)) for place, part in enumerate(group.parts)]
    return exp.Case(ifs=ends, default=exp.Literal.number(last))


def _counts(group: _Group, holds: Callable[[Rule], exp.Expr]) -> Iterator[exp.Expr]:
    comes_to = exp.LTE if group.adds else exp.GTE
    for place, part in enumerate(group.parts, 1):
        yield _counted(holds(part.rule), column_of(part.path, "alone"))
        yield _counted(comes_to(this=exp.column(group.step), expression=exp.Literal.number(place)), column_of(part.path, "leaves"))


def _not_true(condition: exp.Expr) -> exp.Expr:
    return exp.not_(call("coalesce", condition, exp.false()), copy=False)


def _counted(condition: exp.Expr, name: str) -> exp.Expr:
    return exp.alias_(exp.Filter(this=call("count", exp.Star()), expression=exp.Where(this=condition)), name, quoted=True)
