"""The third reading of a rule: one English sentence. Two rules that differ read differently; only brackets round a single rule are left out.

>>> sentence(AllOf((EventClause("Order Completed", (), Period(), Count(Test("gte", 2))), Trait(("plan",), Test("eq", "pro")))))
'did "Order Completed" at least twice and trait plan is "pro"'
"""

from collections.abc import Sequence
from typing import assert_never

from regulars.domain.segments.judgement import Condition
from regulars.domain.segments.measure import Aggregate, Count, Distinct, Edge, Rank
from regulars.domain.segments.phrases import (
    amount_phrase,
    condition_phrase,
    listed_phrase,
    operator_phrase,
    path_phrase,
    period_phrase,
    quoted,
    ranked_by_phrase,
    share_phrase,
    span_phrase,
    times_phrase,
)
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
    Step,
    Sugar,
    Trait,
    Users,
)

_MESSAGES = {"sent": "was sent a push", "failed": "had a push fail", "received": "received a push", "opened": "opened a push"}
_MEASURES = {"sum": "a sum", "avg": "a mean", "min": "a least value", "max": "a greatest value"}


def sentence(rule: Rule) -> str:
    """What is true of the people whom the rule selects."""
    match rule:
        case AllOf(rules):
            return _joined(rules, "and")
        case AnyOf(rules):
            return _joined(rules, "or")
        case Not(inner):
            return f"not ({sentence(inner)})"
        case _:
            return _of_clause(rule)


def _joined(rules: Sequence[Rule], word: str) -> str:
    if len(rules) == 1:
        return sentence(rules[0])
    return f" {word} ".join(_part(rule) for rule in rules)


def _part(rule: Rule) -> str:
    """In brackets where it could be read on into what follows."""
    said = sentence(rule)
    return f"({said})" if _is_joined(rule) or ", " in said else said


def _is_joined(rule: Rule) -> bool:
    match rule:
        case AllOf(rules) | AnyOf(rules):
            return len(rules) > 1 or _is_joined(rules[0])
        case _:
            return False


def _of_clause(clause: Clause | Sugar) -> str:
    match clause:
        case Everyone():
            return "is known"
        case Users(user_ids):
            return f"is {listed_phrase([quoted(user_id) for user_id in user_ids])}"
        case Bucket(salt, first, last):
            return f"is in the buckets {first} to {last} of {quoted(salt)}"
        case Reference() | Message() | Consent():
            return _of_sugar(clause)
        case Reachable(channel):
            return f"can be reached by {channel}"
        case Near(latitude, longitude, radius, within):
            return f"was last seen within {radius!r} m of {latitude!r}, {longitude!r}, in the last {span_phrase(within)}"
        case Trait(path, test):
            return f"trait {path_phrase(path)} {operator_phrase(test)}"
        case EventClause():
            return _of_events(clause)
        case OwnTime(own):
            return f"{_of_clause(own)}, by their own clock"
        case EventSequence():
            return _of_sequence(clause)
        case Converted() | Delivered():
            return _of_pushes(clause)
        case _:
            assert_never(clause)


def _of_pushes(clause: Converted | Delivered) -> str:
    match clause:
        case Converted(campaign_id, goal, period):
            told = f"did {quoted(goal.event)} within {span_phrase(goal.within)} after a push of campaign {quoted(campaign_id)}"
            return _spaced(told, period_phrase(period))
        case Delivered(fate, campaign_id, period, test):
            return _spaced(_MESSAGES[fate], _campaign(campaign_id), times_phrase(test), period_phrase(period))
        case _:
            assert_never(clause)


def _of_sugar(sugar: Sugar) -> str:
    match sugar:
        case Reference(segment_id):
            return f"is in the segment {quoted(segment_id)}"
        case Consent(purpose):
            return f"agreed to {quoted(purpose)}"
        case Message("converted", campaign_id, period):
            return _spaced("reached the goal of campaign", quoted(campaign_id or ""), "after a push", period_phrase(period))
        case Message(kind, campaign_id, period, test):
            return _spaced(_MESSAGES[kind], _campaign(campaign_id), times_phrase(test), period_phrase(period))
        case _:
            assert_never(sugar)


def _of_events(clause: EventClause) -> str:
    """`did "Order Completed" at least twice in the last 30 days, where shop.city is "Lyon"`."""
    name, period = quoted(clause.name), period_phrase(clause.period)
    where = f", where {_conditions(clause.where)}" if clause.where else ""
    match clause.measure:
        case Count(test):
            return _spaced("did", name, times_phrase(test), period) + where
        case Distinct(None, test):
            return _spaced("did", name, "on", amount_phrase(test), "different days", period) + where
        case Distinct(path, test):
            of = path_phrase(path or ())
            return _spaced("did", name, "with", amount_phrase(test), "different values of", of, period) + where
        case Aggregate(function, path, test):
            return _spaced("did", name, "with", _MEASURES[function], "of", path_phrase(path), "of", amount_phrase(test), period) + where
        case Edge(which, edge):
            return _spaced("did", name, period) + where + f", {which} of all {period_phrase(edge)}"
        case Rank(which, tenths, amount, path):
            among = f"among the {which} {share_phrase(tenths)} of all who did by {ranked_by_phrase(amount, path)}"
            return _spaced("did", name, period) + f"{where}, {among}"
        case _:
            assert_never(clause.measure)


def _of_sequence(sequence: EventSequence) -> str:
    """`did "Cart Updated", then within 2 hours "Product Viewed" (where price is more than 7), then within 2 hours not "Order Completed"`."""
    then = "then" if sequence.within is None else f"then within {span_phrase(sequence.within)}"
    steps = f", {then} ".join(_step(step) for step in sequence.steps)
    return f"did {steps}" + (f", {then} not {_step(sequence.then_not)}" if sequence.then_not else "")


def _step(step: Step) -> str:
    said = [period_phrase(step.period), f"where {_conditions(step.where)}" if step.where else ""]
    details = ", ".join(part for part in said if part)
    return f"{quoted(step.name)} ({details})" if details else quoted(step.name)


def _conditions(where: Sequence[Condition]) -> str:
    return " and ".join(condition_phrase(condition) for condition in where)


def _campaign(campaign_id: str | None) -> str:
    return "of any campaign" if campaign_id is None else f"of campaign {quoted(campaign_id)}"


def _spaced(*words: str) -> str:
    return " ".join(word for word in words if word)
