"""JSON to rule tree, strictly: an unknown key or operator is refused with the list of what is known (docs/segments.md)."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from regulars.domain.lake.buckets import BUCKETS
from regulars.domain.segments.clauses import EVENT_KEYS, parse_event
from regulars.domain.segments.limits import MAX_CLAUSES, MAX_DEPTH, MAX_NAME, MAX_USERS
from regulars.domain.segments.operators import OPERATORS, parse_test
from regulars.domain.segments.paths import parse_path
from regulars.domain.segments.reading import as_list, as_object, as_text, as_whole, listed, only_keys, refuse, refuse_key
from regulars.domain.segments.rule import AllOf, AnyOf, Bucket, Everyone, Not, Reference, Rule, Segment, Trait, Users, walk

_IDENTITY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}", re.ASCII)

Given = Mapping[str, Any]


def parse_segment(document: object) -> Segment:
    """`{"id", "name", "rule"}` to a Segment. Raises InvalidRuleError, whose field is the path of what is wrong."""
    given = as_object(document, "")
    only_keys(given, ("id", "name", "rule"), "")
    for key in ("id", "name", "rule"):
        if key not in given:
            refuse("", f"a segment has `id`, `name` and `rule`; `{key}` is missing")
    segment_id = parse_identity(given["id"], "id")
    name = as_text(given["name"], "name", MAX_NAME)
    return Segment(segment_id, name, parse_rule(given["rule"]))


def parse_identity(value: object, path: str) -> str:
    """An id that is safe in a URL, a key and a file name."""
    identity = as_text(value, path)
    if not _IDENTITY.fullmatch(identity):
        refuse(path, "an id has 1 to 100 letters, digits, `_`, `.` or `-`, and begins with a letter or a digit")
    return identity


def parse_rule(value: object, path: str = "rule") -> Rule:
    """A rule within the limits of `limits`. Raises InvalidRuleError."""
    rule = _rule(value, path, 1)
    clauses = sum(not isinstance(node, AllOf | AnyOf | Not) for _, node in walk(rule))
    if clauses > MAX_CLAUSES:
        refuse(path, f"{clauses} clauses; at most {MAX_CLAUSES}")
    return rule


def _rule(value: object, path: str, depth: int) -> Rule:
    if depth > MAX_DEPTH:
        refuse(path, f"more than {MAX_DEPTH} levels")
    given = as_object(value, path)
    heads = [key for key in given if key in HEADS]
    if not heads:
        for key in given:
            refuse_key(key, path, HEADS)
        refuse(path, f"an empty rule says nothing; known: {listed(HEADS)}")
    if len(heads) > 1:
        refuse(path, f"{listed(heads)} cannot stand together: join two rules with `all`")
    return HEADS[heads[0]](given, path, depth)


def _alone(given: Given, head: str, path: str) -> None:
    only_keys(given, (head,), path)


def _rules(given: Given, head: str, path: str, depth: int) -> tuple[Rule, ...]:
    _alone(given, head, path)
    entries = as_list(given[head], f"{path}.{head}", MAX_CLAUSES)
    return tuple(_rule(entry, f"{path}.{head}[{index}]", depth + 1) for index, entry in enumerate(entries))


def _all(given: Given, path: str, depth: int) -> Rule:
    return AllOf(_rules(given, "all", path, depth))


def _any(given: Given, path: str, depth: int) -> Rule:
    return AnyOf(_rules(given, "any", path, depth))


def _not(given: Given, path: str, depth: int) -> Rule:
    _alone(given, "not", path)
    return Not(_rule(given["not"], f"{path}.not", depth + 1))


def _everyone(given: Given, path: str, depth: int) -> Rule:
    _alone(given, "everyone", path)
    if given["everyone"] is not True:
        refuse(f"{path}.everyone", 'only `true` has a meaning; for nobody: {"not": {"everyone": true}}')
    return Everyone()


def _users(given: Given, path: str, depth: int) -> Rule:
    _alone(given, "users", path)
    listed_ids = as_list(given["users"], f"{path}.users", MAX_USERS)
    return Users(tuple(dict.fromkeys(as_text(entry, f"{path}.users[{index}]") for index, entry in enumerate(listed_ids))))


def _segment(given: Given, path: str, depth: int) -> Rule:
    _alone(given, "segment", path)
    return Reference(parse_identity(given["segment"], f"{path}.segment"))


def _trait(given: Given, path: str, depth: int) -> Rule:
    return Trait(parse_path(given["trait"], f"{path}.trait"), parse_test(given, OPERATORS, path, beside=["trait"]))


def _event(given: Given, path: str, depth: int) -> Rule:
    return parse_event(given, path)


def _bucket(given: Given, path: str, depth: int) -> Rule:
    _alone(given, "bucket", path)
    place = f"{path}.bucket"
    bucket = as_object(given["bucket"], place)
    only_keys(bucket, ("salt", "from", "to"), place)
    for key in ("salt", "from", "to"):
        if key not in bucket:
            refuse(place, f"a bucket has `salt`, `from` and `to`; `{key}` is missing")
    first = as_whole(bucket["from"], f"{place}.from", 0, BUCKETS - 1)
    return Bucket(as_text(bucket["salt"], f"{place}.salt"), first, as_whole(bucket["to"], f"{place}.to", first, BUCKETS - 1))


HEADS: Mapping[str, Callable[[Given, str, int], Rule]] = MappingProxyType(
    {
        "all": _all,
        "any": _any,
        "not": _not,
        "everyone": _everyone,
        "users": _users,
        "segment": _segment,
        "trait": _trait,
        "event": _event,
        "bucket": _bucket,
    }
)
"""The key that says what a rule is, and who reads it."""

__all__ = ["EVENT_KEYS", "HEADS", "parse_identity", "parse_rule", "parse_segment"]
