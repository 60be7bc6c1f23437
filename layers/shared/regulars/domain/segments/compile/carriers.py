"""Who can be in the answer at all. Most rules can only be true of people whom one of their scans has seen: then nobody else need be read."""

from typing import assert_never

from regulars.domain.segments.compile.sources import Scanned, Source, source_of
from regulars.domain.segments.judgement import Elements, Test
from regulars.domain.segments.measure import Aggregate, Count, Distinct, Edge, Measure, Rank
from regulars.domain.segments.rule import (
    AllOf,
    AnyOf,
    Bucket,
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

Carriers = tuple[Source, ...] | None
"""Everybody selected is in one of these scans; None: any known person may be selected."""


def unseen(clause: Scanned) -> bool | None:
    """The verdict on a known person who has no row in the clause's scan: true, false, or None for unknown."""
    match clause:
        case Trait(test=Test(operator, operand) | Elements(test=Test(operator, operand))):
            return not operand if operator == "exists" else None
        case EventClause(measure=measure):
            return _nothing_meets(measure)
        case EventSequence() | Converted() | Reachable():
            return False
        case Near() | OwnTime():
            return None
        case Delivered(test=test):
            return _zero_meets(test)
        case _:
            assert_never(clause)


def _nothing_meets(measure: Measure) -> bool | None:
    match measure:
        case Count(test) | Distinct(test=test):
            return _zero_meets(test)
        case Aggregate() | Edge() | Rank():
            return None
        case _:
            assert_never(measure)


def _zero_meets(test: Test) -> bool:
    match test.operator, test.operand:
        case "eq", operand:
            return operand == 0
        case "ne", operand:
            return operand != 0
        case "lt", int(operand):
            return operand > 0
        case "gt" | "gte" | "lte" as operator, int(operand):
            return {"gt": False, "gte": operand == 0, "lte": True}[operator]
        case "between", (low, _):
            return low == 0
        case "in", tuple(members):
            return 0 in members
        case "nin", tuple(members):
            return 0 not in members
    raise AssertionError(f"the parser let {test} through")


def carriers(rule: Rule, *, wanted: bool = True) -> Carriers:
    """The scans that hold everybody of whom the rule is `wanted`; a conjunction takes the shortest list among its parts."""
    match rule:
        case EventClause() | Trait() | EventSequence() | Delivered() | Converted() | Reachable() | Near() | OwnTime():
            return None if unseen(rule) is wanted else (source_of(rule),)
        case Everyone() | Users() | Bucket():
            return None
        case Not(inner):
            return carriers(inner, wanted=not wanted)
        case AllOf(rules) | AnyOf(rules):
            parts = [carriers(inner, wanted=wanted) for inner in rules]
            return _shortest(parts) if isinstance(rule, AllOf) is wanted else _together(parts)
        case Reference() | Message() | Consent():
            raise AssertionError("the rule is lowered first")
        case _:
            assert_never(rule)


def _shortest(parts: list[Carriers]) -> Carriers:
    return min((part for part in parts if part is not None), key=len, default=None)


def _together(parts: list[Carriers]) -> Carriers:
    known = [part for part in parts if part is not None]
    return tuple(dict.fromkeys(source for part in known for source in part)) if len(known) == len(parts) else None
