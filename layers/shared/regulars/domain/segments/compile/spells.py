"""For how long, among a row of moments, a row of a table counts: a half-open spell of slots, narrowed by what a clause asks."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final, assert_never

from sqlglot import exp

from regulars.domain.errors import InvalidRuleError
from regulars.domain.lake.moments import Moments
from regulars.domain.lake.sql import DIALECT
from regulars.domain.segments.compile.comparisons import judged
from regulars.domain.segments.compile.time_ranges import TimeRange, bounds
from regulars.domain.segments.compile.values import JsonValue
from regulars.domain.segments.functions import call
from regulars.domain.segments.judgement import Condition, Elements, Judgement, Test
from regulars.domain.segments.measure import EVER, Period

FROM: Final = "from_slot"
TO: Final = "to_slot"
"""The columns of a row's own spell: from when it exists until its id is another's."""

_NUMBERS: Final = ("eq", "ne", "in", "nin", "gt", "gte", "lt", "lte", "between", "version_gte", "version_lt")
_TEXTS: Final = ("contains", "not_contains", "starts_with", "ends_with", "matches")
_STILL: Final = frozenset((*_NUMBERS, *_TEXTS, "exists", "before", "after"))
"""The operators whose verdict on a value is the same at every moment."""

_READ: Final = "read_{}"


@dataclass(frozen=True)
class After:
    """The first slot whose moment is after this one and a span."""

    moment: exp.Expr
    later: timedelta = timedelta(0)


@dataclass(frozen=True)
class Spell:
    """From the latest of `begins` to the earliest of `ends`, where all `conditions` are true. A NULL among either is no spell at all.

    `per`: where a person has several rows of one value of it, no slot is in the spells of two of them.
    """

    begins: Sequence[exp.Expr | After] = (exp.column(FROM),)
    ends: Sequence[exp.Expr | After] = (exp.column(TO),)
    conditions: Sequence[exp.Expr] = ()
    per: exp.Expr | None = None

    def beginning(self, slot: After) -> "Spell":
        return replace(self, begins=(*self.begins, slot))

    def ending(self, slot: exp.Expr | After) -> "Spell":
        return replace(self, ends=(*self.ends, slot))

    def where(self, conditions: Iterable[exp.Expr]) -> "Spell":
        return replace(self, conditions=(*self.conditions, *conditions))

    def once(self, per: exp.Expr) -> "Spell":
        """While no other row with this value counts already."""
        return replace(self, per=per)

    def during(self, period: Period, moments: Moments) -> "Spell":
        """While the event is in the period."""
        if period.within is not None:
            return self.ending(After(exp.column("event_ts"), period.within))
        return self.where(bounds(fixed(period, moments))) if period != EVER else self

    def meeting(self, conditions: Sequence[Condition], moments: Moments) -> "Spell":
        """While the event meets all conditions."""
        spell = self
        for condition in conditions:
            spell = spell.holding(JsonValue(exp.column("properties"), condition.path), condition.test, moments)
        return spell

    def holding(self, value: JsonValue, test: Judgement, moments: Moments) -> "Spell":
        """While the test of the value is true."""
        match test:
            case Test("within", timedelta() as span):
                return self.beginning(After(value.moment())).ending(After(value.moment(), span))
            case Test("older_than", timedelta() as span):
                return self.beginning(After(value.moment(), span))
            case Test(operator) | Elements(test=Test(operator)) if operator in _STILL:
                return self.where([judged(value, test, moments.first)])
            case Test(operator):
                raise unfollowed(f"`{operator}`")
            case Elements(test=Test(operator)):
                raise unfollowed(f"`{operator}` of what is in a list")
            case _:
                assert_never(test)

    def known(self, value: JsonValue, test: Judgement, moments: Moments) -> "Spell":
        """While the test of the value is true or false."""
        is_age = isinstance(test, Test) and isinstance(test.operand, timedelta)
        read = value.moment() if is_age else judged(value, test, moments.first)
        return self.where([exp.Is(this=exp.paren(read, copy=False), expression=exp.Not(this=exp.null()))])


def fixed(period: Period, moments: Moments) -> TimeRange:
    """A period that is the same at every moment; no event after the last of them exists."""
    return TimeRange(period.start, min(period.end, moments.last) if period.end else moments.last)


def is_still(test: Judgement) -> bool:
    """Whether the verdict on a value is the same at every moment."""
    return (test.test if isinstance(test, Elements) else test).operator in _STILL


def unfollowed(what: str) -> InvalidRuleError:
    """What cannot be answered for many moments at once."""
    return InvalidRuleError(f"a backtest does not follow {what} from day to day yet: ask `segment count --as-of` of each day", field="rule")


def laid_out(rows: exp.Select, spells: Mapping[str, Spell], columns: Sequence[exp.Expr | str], moments: Moments) -> exp.Select:
    """The columns of the rows with `begin_x` and `end_x` for each spell x: a begin is NULL where its conditions are not true; and `per_x` where
    it has a `per`.

    What is read of a row is read once, in a SELECT below, however many spells need it.
    """
    read: dict[str, exp.Expr] = {}

    def column(expression: exp.Expr) -> exp.Expr:
        if isinstance(expression, exp.Column):
            return expression.copy()
        text = expression.sql(dialect=DIALECT)
        read.setdefault(text, expression)
        return exp.column(_READ.format(list(read).index(text)))

    edges = [edge for name, spell in spells.items() for edge in _edges(name, spell, column, moments)]
    edges += [exp.alias_(column(spell.per), f"per_{name}") for name, spell in spells.items() if spell.per is not None]
    told = [exp.alias_(expression.copy(), _READ.format(place)) for place, expression in enumerate(read.values())]
    exists = exp.LT(this=exp.column(FROM), expression=exp.column(TO))
    below = exp.select("*", *told).from_(exp.Subquery(this=rows).as_("spelled", copy=False), copy=False).where(exists)
    return exp.select(*columns, *edges).from_(exp.Subquery(this=below).as_("read", copy=False), copy=False)


def _edges(name: str, spell: Spell, column: Callable[[exp.Expr], exp.Expr], moments: Moments) -> Iterator[exp.Expr]:
    def slot(edge: exp.Expr | After) -> exp.Expr:
        return moments.slot(column(edge.moment), edge.later) if isinstance(edge, After) else column(edge)

    begin = _one("greatest", [slot(edge) for edge in spell.begins])
    if spell.conditions:
        begin = exp.Case(ifs=[exp.If(this=exp.and_(*(column(condition) for condition in spell.conditions)), true=begin)])
    yield exp.alias_(begin, f"begin_{name}")
    yield exp.alias_(_one("least", [slot(edge) for edge in spell.ends]), f"end_{name}")


def _one(function: str, slots: Sequence[exp.Expr]) -> exp.Expr:
    return call(function, *slots) if len(slots) > 1 else slots[0]
