"""For how long, among a row of moments, a row of a table counts: a half-open spell of slots, narrowed by what a clause asks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final, assert_never

from sqlglot import exp

from regulars.domain.errors import InvalidRuleError
from regulars.domain.lake.moments import Moments
from regulars.domain.segments.compile.comparisons import judged
from regulars.domain.segments.compile.time_ranges import TimeRange, bounds
from regulars.domain.segments.compile.values import JsonValue
from regulars.domain.segments.functions import call
from regulars.domain.segments.operators import OPERATORS
from regulars.domain.segments.rule import Condition, Elements, Judgement, Period, Test

FROM: Final = "from_slot"
TO: Final = "to_slot"
"""The columns of a row's own spell: from when it exists until its id is another's."""

_STILL: Final = frozenset(OPERATORS) - {"within", "older_than", "anniversary"}
"""The operators whose verdict on a value is the same at every moment."""


@dataclass(frozen=True)
class Spell:
    """From the latest of `begins` to the earliest of `ends`, where all `conditions` are true. A NULL among either is no spell at all."""

    begins: Sequence[exp.Expr] = (exp.column(FROM),)
    ends: Sequence[exp.Expr] = (exp.column(TO),)
    conditions: Sequence[exp.Expr] = ()

    def beginning(self, slot: exp.Expr) -> "Spell":
        return replace(self, begins=(*self.begins, slot))

    def ending(self, slot: exp.Expr) -> "Spell":
        return replace(self, ends=(*self.ends, slot))

    def where(self, conditions: Iterable[exp.Expr]) -> "Spell":
        return replace(self, conditions=(*self.conditions, *conditions))

    def begin(self) -> exp.Expr:
        """The slot, or NULL where the conditions are not true."""
        begin = _one("greatest", self.begins)
        return exp.Case(ifs=[exp.If(this=exp.and_(*self.conditions), true=begin)]) if self.conditions else begin

    def end(self) -> exp.Expr:
        return _one("least", self.ends)

    def during(self, period: Period, moments: Moments) -> "Spell":
        """While the event is in the period."""
        happened = exp.column("event_ts")
        if period.within is not None:
            return self.ending(moments.slot(happened, period.within))
        return self.where(bounds(fixed(period, moments))) if period != Period() else self

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
                return self.beginning(moments.slot(value.moment())).ending(moments.slot(value.moment(), span))
            case Test("older_than", timedelta() as span):
                return self.beginning(moments.slot(value.moment(), span))
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


def unfollowed(what: str) -> InvalidRuleError:
    """What cannot be answered for many moments at once."""
    return InvalidRuleError(f"a backtest does not follow {what} from day to day yet: ask `segment count --as-of` of each day", field="rule")


def _one(function: str, slots: Sequence[exp.Expr]) -> exp.Expr:
    return call(function, *(slot.copy() for slot in slots)) if len(slots) > 1 else slots[0].copy()
