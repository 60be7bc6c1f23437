"""A rule as a boolean expression of three values over the answers of its scans."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from sqlglot import exp

from regulars.domain.lake.sql import bucket, text
from regulars.domain.segments.compile.comparisons import judged
from regulars.domain.segments.compile.places import near
from regulars.domain.segments.compile.sources import Scanned
from regulars.domain.segments.compile.values import JsonValue
from regulars.domain.segments.rule import (
    AllOf,
    AnyOf,
    Bucket,
    Clause,
    Consent,
    Converted,
    Delivered,
    EventClause,
    EventSequence,
    Everyone,
    Message,
    Near,
    Not,
    OwnTime,
    Reachable,
    Reference,
    Rule,
    Trait,
    Users,
)


@dataclass(frozen=True)
class Place:
    """Where a condition stands: how a clause's verdict, or a trait's document, is named there, and the person's id."""

    answer: Callable[[Scanned], exp.Expr]
    person: exp.Expression
    as_of: datetime


def condition(rule: Rule, place: Place) -> exp.Expr:
    """True, false, or NULL for unknown. SQL's own three-valued logic is the language's."""
    return combined(rule, lambda clause: verdict(clause, place))


def combined(rule: Rule, judge: Callable[[Clause], exp.Expr]) -> exp.Expr:
    """The rule over the verdicts of its clauses."""
    match rule:
        case AllOf(rules):
            return exp.and_(*(combined(inner, judge) for inner in rules), copy=False)
        case AnyOf(rules):
            return exp.or_(*(combined(inner, judge) for inner in rules), copy=False)
        case Not(inner):
            return exp.not_(combined(inner, judge), copy=False)
        case Reference() | Message() | Consent():
            raise AssertionError("the rule is lowered first")
        case _:
            return judge(rule)


def of_person(clause: Clause, person: exp.Expression, as_of: datetime) -> exp.Expr:
    """The verdict of a clause that a person's id alone answers."""
    return verdict(clause, Place(_unread, person, as_of))


def _unread(clause: Scanned) -> exp.Expr:
    raise AssertionError(f"{clause} is not answered by an id")


def verdict(clause: Clause, place: Place) -> exp.Expr:
    """The same of one clause."""
    match clause:
        case Everyone():
            return exp.true()
        case Users(user_ids):
            return exp.In(this=place.person.copy(), expressions=[text(user_id) for user_id in user_ids])
        case Bucket(salt, first, last):
            low, high = exp.Literal.number(first), exp.Literal.number(last)
            return exp.Between(this=bucket(place.person.copy(), salt), low=low, high=high)
        case Trait(path, test):
            return judged(JsonValue(place.answer(clause), path), test, place.as_of)
        case Near():
            return near(place.answer(clause), clause)
        case EventClause() | OwnTime() | EventSequence() | Delivered() | Converted() | Reachable():
            return place.answer(clause)
        case _:
            assert_never(clause)
