"""A rule over one person: true, false, or None for unknown."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import assert_never

from regulars.domain.lake.buckets import bucket_of
from regulars.domain.segments.evaluate.clocks import zone_of
from regulars.domain.segments.evaluate.deliveries import conversions, runs
from regulars.domain.segments.evaluate.devices import reachable
from regulars.domain.segments.evaluate.events import counting
from regulars.domain.segments.evaluate.history import PersonHistory
from regulars.domain.segments.evaluate.json_texts import value_at
from regulars.domain.segments.evaluate.judging import holds, judged
from regulars.domain.segments.evaluate.measures import measure_holds
from regulars.domain.segments.evaluate.places import nearby
from regulars.domain.segments.evaluate.ranks import stands
from regulars.domain.segments.evaluate.sequences import happened, passages
from regulars.domain.segments.evaluate.traits import telling
from regulars.domain.segments.evaluate.verdicts import Verdict, both, either, opposite
from regulars.domain.segments.lowering import lowered
from regulars.domain.segments.measure import Rank
from regulars.domain.segments.references import inlined
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
    Segment,
    Trait,
    Users,
)


def evaluate(rule: Rule, history: PersonHistory, as_of: datetime, segments: Mapping[str, Segment]) -> Verdict:
    """Whether the rule is true of the person as of a moment, with exactly the meaning of `audience_sql`: who is selected is who gets True here.

    Unknown of somebody who is not known at all. Raises InvalidRuleError for an unknown or circular reference, ValueError for a moment without a zone.
    """
    if as_of.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    plain = lowered(inlined(rule, segments))
    return verdict(plain, history, as_of.astimezone(UTC)) if history.known(as_of) else None


def verdict(rule: Rule, history: PersonHistory, as_of: datetime) -> Verdict:
    """Of a rule that is lowered, about somebody who is known. Days, and moments without a zone, are by the clock of the as-of moment's zone."""
    match rule:
        case AllOf(rules):
            return both(verdict(inner, history, as_of) for inner in rules)
        case AnyOf(rules):
            return either(verdict(inner, history, as_of) for inner in rules)
        case Not(inner):
            return opposite(verdict(inner, history, as_of))
        case Reference() | Message() | Consent():
            raise AssertionError("the rule is lowered first")
        case _:
            return _of_clause(rule, history, as_of)


def _of_clause(clause: Clause, history: PersonHistory, as_of: datetime) -> Verdict:
    match clause:
        case Everyone():
            return True
        case Users(user_ids):
            return history.user_id in user_ids
        case Bucket(salt, first, last):
            return first <= bucket_of(history.user_id, salt) <= last
        case Trait(path, test):
            told = telling(history, path[0], as_of)
            return judged(value_at(told.traits if told else None, path), test, as_of)
        case EventClause():
            return _of_events(clause, history, as_of)
        case OwnTime(own):
            zone = zone_of(history, as_of)
            return _of_clause(own, history, as_of.astimezone(zone)) if zone else None
        case EventSequence():
            return any(happened(clause, passage) for passage in passages(clause, history.events, as_of))
        case Near():
            return nearby(clause, history, as_of)
        case Reachable():
            return reachable(history, as_of)
        case Converted():
            return bool(conversions(clause, history, as_of))
        case Delivered(test=test):
            return holds(len(runs(clause, history.deliveries, as_of)), test)
        case _:
            assert_never(clause)


def _of_events(clause: EventClause, history: PersonHistory, as_of: datetime) -> Verdict:
    if isinstance(clause.measure, Rank):
        return stands(clause.measure, history.standings.get(clause))
    return measure_holds(clause.measure, counting(history.events, clause, as_of), as_of)
