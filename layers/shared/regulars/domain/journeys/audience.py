"""Whom an item of content is for: a segment's RULE in which values may be those of the item.

    {"any": [{"trait": "follows[]", "eq": {"content": "author"}},
             {"event": "Article Read", "where": [{"property": "category", "in": {"content": "tags"}}], "within": "90d", "count": {"gte": 3}}]}

The rule is asked of the lake once for each item, with the item's values in their places, and of everybody: nobody is asked one by one. What the item
does not say is unknown, and unknown selects nobody.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from regulars.domain.documents import JsonObject
from regulars.domain.errors import InvalidJourneyError
from regulars.domain.journeys.problems import Problems
from regulars.domain.language import Value, unknown
from regulars.domain.segments.parse import parse_rule, read_rule
from regulars.domain.segments.rule import Everyone, Rule

CONTENT: Final = "content"
"""What a value of the item stands under."""

_SAMPLE: Final[Mapping[str, str | list[str]]] = {
    **dict.fromkeys(("id", "title", "author", "origin"), "sample"),
    **dict.fromkeys(("url", "image"), "https://example.com/"),
    "tags": ["sample"],
    "published": "2026-01-01T00:00:00Z",
}
"""Of each field that an item has, what stands there while the rule is read."""

_LISTS: Final = ("in", "nin")
"""The operators that take a list, be it of one."""
_NOBODY: Final[JsonObject] = {"not": {"everyone": True}}
_EVERYBODY: Final[JsonObject] = {"everyone": True}


@dataclass(frozen=True)
class Audience:
    """`document` is the rule as it was written, `sample` what it is like for some item: the same clauses, of the same segments."""

    document: JsonObject
    sample: Rule

    def rule(self, item: JsonObject) -> Rule:
        """For an item with these properties. Raises InvalidRuleError where what it says fits no clause: a title that is no moment, say."""
        return parse_rule(_bound(self.document, item, holds=True))


EVERYBODY: Final = Audience(_EVERYBODY, Everyone())


def read_audience(value: Value, problems: Problems) -> Audience:
    """Notes a problem for what cannot be a rule whatever the item says."""
    sample = problems.read(read_rule, Value(_sampled(value, problems), InvalidJourneyError, value.path))
    return EVERYBODY if sample is None or not isinstance(value.raw, dict) else Audience(value.raw, sample)


def _sampled(value: Value, problems: Problems, key: str = "") -> Any:
    raw = value.raw
    if field := _field(raw):
        if field not in _SAMPLE:
            problems.note(f"{value.path}.{CONTENT}", unknown(field, _SAMPLE))
        found = _SAMPLE.get(field, "sample")
        return [found] if key in _LISTS and isinstance(found, str) else found
    if isinstance(raw, dict):
        return {name: _sampled(value.at(str(name), inner), problems, str(name)) for name, inner in raw.items()}
    if isinstance(raw, list):
        return [_sampled(Value(inner, value.error, f"{value.path}[{index}]"), problems) for index, inner in enumerate(raw)]
    return raw


def _bound(rule: JsonObject, item: JsonObject, *, holds: bool) -> JsonObject:
    """`holds`: whether the clause has to be true for the whole to be, and not false. A clause about what the item does not say decides against."""
    for join in ("all", "any"):
        if isinstance(rule.get(join), list):
            return {join: [_bound(each, item, holds=holds) for each in rule[join]]}
    if isinstance(rule.get("not"), dict):
        return {"not": _bound(rule["not"], item, holds=not holds)}
    if any(item.get(field) in (None, "", []) for field in _fields(rule)):
        return _NOBODY if holds else _EVERYBODY
    return {key: _filled(inner, key, item) for key, inner in rule.items()}


def _filled(raw: Any, key: str, item: JsonObject) -> Any:
    if field := _field(raw):
        found = item[field]
        return [found] if key in _LISTS and not isinstance(found, list) else found
    if isinstance(raw, dict):
        return {name: _filled(inner, name, item) for name, inner in raw.items()}
    return [_filled(inner, "", item) for inner in raw] if isinstance(raw, list) else raw


def _fields(raw: Any) -> Iterator[str]:
    """The fields of the item that stand anywhere in a clause."""
    if field := _field(raw):
        yield field
    elif isinstance(raw, dict | list):
        for inner in raw.values() if isinstance(raw, dict) else raw:
            yield from _fields(inner)


def _field(raw: Any) -> str:
    """The field that a value stands for; empty where it is itself."""
    return raw[CONTENT] if isinstance(raw, dict) and list(raw) == [CONTENT] and isinstance(raw[CONTENT], str) else ""
