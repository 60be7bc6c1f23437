"""What a goal's event is worth, in SQL: its number, and whether that is in the goal's currency."""

from typing import Final

from sqlglot import exp

from regulars.domain.goals import Goal
from regulars.domain.lake import sql
from regulars.domain.language import Path
from regulars.domain.segments.compile.values import JsonValue
from regulars.domain.segments.functions import call

_CURRENCY: Final = "currency"
"""Segment's name: https://segment.com/docs/connections/spec/ecommerce/v2/#order-completed"""

_CODE: Final = r"\A\s*([A-Z]{3})\s*\z"
"""ISO 4217's; a name that is none says nothing."""


def amount(goal: Goal) -> exp.Expr:
    """Of a row of `events`: a finite number, 0 where the goal names no value, NULL where it cannot be read."""
    return _property(goal.value).number() if goal.value else exp.Literal.number("0e0")


def spelled(goal: Goal) -> exp.Expr:
    """The same before it is looked at whether it is `finite`, for whoever asks that of a column: what stands in a CASE twice is worked out twice, and
    to read a JSON text is most of the work."""
    return _property(goal.value).double() if goal.value else exp.Literal.number("0e0")


def currency(goal: Goal) -> exp.Expr:
    """Of a row of `events`: the one beside the value, or of the whole event; NULL where there is none, or no such word."""
    if not goal.value:
        return exp.Cast(this=exp.null(), to=exp.DataType.build("varchar"))
    paths = dict.fromkeys(((*goal.value[:-1], _CURRENCY), (_CURRENCY,)))
    first, *others = [currency_at(path) for path in paths]
    return exp.Coalesce(this=first, expressions=others) if others else first


def currency_at(path: Path) -> exp.Expr:
    """The one that a property of a row of `events` names; NULL where it names none."""
    return call("regexp_extract", exp.Upper(this=_property(path).text()), sql.text(_CODE), exp.Literal.number(1))


def counts(goal: Goal | None) -> exp.Expression:
    """Whether an amount with its `currency` beside it does: one that names none is taken to be in the goal's."""
    wanted = goal.currency if goal else ""
    return sql.statement("(currency IS NULL OR currency = :wanted)", {"wanted": sql.text(wanted)}) if wanted else exp.true()


def _property(path: Path) -> JsonValue:
    return JsonValue(exp.column("properties"), path)
