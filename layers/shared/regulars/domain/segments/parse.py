"""JSON to rule tree, strictly: an unknown key or operator is refused with the nearest known one and the list of all (docs/segments.md)."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Literal, NamedTuple

from regulars.domain.errors import InvalidRuleError
from regulars.domain.lake.buckets import BUCKETS
from regulars.domain.language import MAX_NAME, SEGMENT_ID, Fields, Value, listed, read_id, read_path, read_span
from regulars.domain.segments.clauses import EVENT_KEYS, parse_event, parse_message, parse_sequence
from regulars.domain.segments.elements import of_each, read_judged
from regulars.domain.segments.limits import MAX_CLAUSES, MAX_DEPTH, MAX_RADIUS_M, MAX_REFRESH, MAX_USERS, PLACE_WITHIN
from regulars.domain.segments.operators import OPERATORS, OWN_TIME_OPERATORS, parse_test
from regulars.domain.segments.own_time import KEY, is_own_time, own_time
from regulars.domain.segments.places import LATITUDES, LONGITUDES
from regulars.domain.segments.rule import AllOf, AnyOf, Bucket, Consent, Everyone, Near, Not, Reachable, Reference, Rule, Segment, Trait, Users, walk
from regulars.domain.segments.unbuilt import NOT_BUILT


def parse_segment(document: object) -> Segment:
    """`{"id", "name", "rule", "refresh"}` to a Segment. Raises InvalidRuleError, whose field is the path of what is wrong."""
    given = Fields(Value(document, InvalidRuleError)).only(("id", "name", "rule", "refresh"), NOT_BUILT)
    segment_id, name = read_id(given["id"], SEGMENT_ID), given["name"].text(MAX_NAME)
    return Segment(segment_id, name, read_rule(given["rule"]), _refresh(given["refresh"]) if "refresh" in given else None)


def parse_rule(value: object, path: str = "rule") -> Rule:
    """A rule within the limits of `limits`. Raises InvalidRuleError."""
    return read_rule(Value(value, InvalidRuleError, path))


class Level(NamedTuple):
    """How deep a rule stands in others, and what may say what it is."""

    depth: int
    heads: Mapping[str, "Head"]


Head = Callable[[Fields, Level], Rule]
"""Reads a rule by the key that says what it is."""


def read_rule(value: Value, more: Mapping[str, Head] = MappingProxyType({})) -> Rule:
    """A rule within the limits of `limits`, that may have `more` heads than a segment's. Raises the value's error."""
    rule = _rule(value, Level(1, {**HEADS, **more} if more else HEADS))
    clauses = sum(not isinstance(node, AllOf | AnyOf | Not) for _, node in walk(rule))
    if clauses > MAX_CLAUSES:
        value.refuse(f"{clauses} clauses; at most {MAX_CLAUSES}")
    return rule


def _refresh(value: Value) -> timedelta:
    """Of whole hours, so that every look begins with one."""
    every = read_span(value)
    if every % timedelta(hours=1) or every > MAX_REFRESH:
        value.refuse(f"every so many whole hours, at least 1h and at most {MAX_REFRESH.days}d")
    return every


def _rule(value: Value, level: Level) -> Rule:
    if level.depth > MAX_DEPTH:
        value.refuse(f"more than {MAX_DEPTH} levels")
    given = Fields(value)
    heads = [key for key in given if key in level.heads]
    if not heads:
        given.only(level.heads, NOT_BUILT)
        value.refuse(f"an empty rule says nothing; known: {listed(level.heads)}")
    if len(heads) > 1:
        value.refuse(f"{listed(heads)} cannot stand together: join two rules with `all`")
    return level.heads[heads[0]](given, level)


def _alone(given: Fields, head: str) -> Value:
    """What the head says, beside which nothing else may stand."""
    return given.only((head,), NOT_BUILT)[head]


def _rules(value: Value, level: Level) -> tuple[Rule, ...]:
    return tuple(_rule(entry, level._replace(depth=level.depth + 1)) for entry in value.items(MAX_CLAUSES))


def _all(given: Fields, level: Level) -> Rule:
    return AllOf(_rules(_alone(given, "all"), level))


def _any(given: Fields, level: Level) -> Rule:
    return AnyOf(_rules(_alone(given, "any"), level))


def _not(given: Fields, level: Level) -> Rule:
    return Not(_rule(_alone(given, "not"), level._replace(depth=level.depth + 1)))


def _everyone(given: Fields, level: Level) -> Rule:
    value = _alone(given, "everyone")
    if value.raw is not True:
        value.refuse('only `true` has a meaning; for nobody: {"not": {"everyone": true}}')
    return Everyone()


def _users(given: Fields, level: Level) -> Rule:
    entries = _alone(given, "users").items(MAX_USERS)
    return Users(tuple(dict.fromkeys(entry.text() for entry in entries)))


def _segment(given: Fields, level: Level) -> Rule:
    return Reference(read_id(_alone(given, "segment"), SEGMENT_ID))


def _trait(given: Fields, level: Level) -> Rule:
    path, inside = read_judged(given["trait"])
    own = is_own_time(given)
    test = parse_test(given, OWN_TIME_OPERATORS if own else OPERATORS, beside=["trait", KEY])
    clause = Trait(path, of_each(test, inside))
    return own_time(given, clause) if own else clause


def _event(given: Fields, level: Level) -> Rule:
    return parse_event(given)


def _sequence(given: Fields, level: Level) -> Rule:
    return parse_sequence(given)


def _message(given: Fields, level: Level) -> Rule:
    return parse_message(given)


def _consent(given: Fields, level: Level) -> Rule:
    """A purpose is a name inside the trait `consent`, and looked for in a JSON path like others."""
    purpose = _alone(given, "consent")
    path = read_path(Value(["consent", purpose.text(MAX_NAME)], purpose.error, purpose.path))
    return Consent(path[-1])


def _reachable(given: Fields, level: Level) -> Rule:
    return Reachable(_alone(given, "reachable").choice(CHANNELS))


def _near(given: Fields, level: Level) -> Rule:
    place = Fields(given.only(NEAR_KEYS, NOT_BUILT)["near"]).only(("lat", "lon", "radius_m"))
    within = read_span(given["within"]) if "within" in given else PLACE_WITHIN
    return Near(place["lat"].number(*LATITUDES), place["lon"].number(*LONGITUDES), place["radius_m"].number(1, MAX_RADIUS_M), within)


def _bucket(given: Fields, level: Level) -> Rule:
    bucket = Fields(_alone(given, "bucket")).only(("salt", "from", "to"))
    first = bucket["from"].whole(0, BUCKETS - 1)
    return Bucket(bucket["salt"].text(), first, bucket["to"].whole(first, BUCKETS - 1))


NEAR_KEYS = ("near", "within")
CHANNELS: tuple[Literal["push"], ...] = ("push",)

HEADS: Mapping[str, Head] = MappingProxyType(
    {
        "all": _all,
        "any": _any,
        "not": _not,
        "everyone": _everyone,
        "users": _users,
        "segment": _segment,
        "trait": _trait,
        "event": _event,
        "sequence": _sequence,
        "message": _message,
        "consent": _consent,
        "reachable": _reachable,
        "near": _near,
        "bucket": _bucket,
    }
)
"""The key that says what a rule is, and who reads it."""

__all__ = ["EVENT_KEYS", "HEADS", "Head", "Level", "parse_rule", "parse_segment", "read_rule"]
