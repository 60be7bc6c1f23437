"""Whom an item of content is for: a segment's RULE in which values may be those of the item.

    {"any": [{"trait": "follows[]", "eq": {"content": "author"}},
             {"event": "Article Read", "where": [{"property": "category", "in": {"content": "tags"}}], "within": "90d", "count": {"gte": 3}}]}

The rule is asked of the lake once for each item, with the item's values in their places, and of everybody: nobody is asked one by one. What the item
does not say is unknown, and unknown selects nobody.
"""

from dataclasses import dataclass
from typing import Final

from regulars.domain.documents import JsonObject
from regulars.domain.errors import InvalidJourneyError
from regulars.domain.journeys.item_values import filled, is_said, sampled
from regulars.domain.language import Problems, Value
from regulars.domain.segments.parse import parse_rule, read_rule
from regulars.domain.segments.rule import Everyone, Rule

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
    sample = problems.read(read_rule, Value(sampled(value, problems), InvalidJourneyError, value.path))
    return EVERYBODY if sample is None or not isinstance(value.raw, dict) else Audience(value.raw, sample)


def _bound(rule: JsonObject, item: JsonObject, *, holds: bool) -> JsonObject:
    """`holds`: whether the clause has to be true for the whole to be, and not false. A clause about what the item does not say decides against."""
    for join in ("all", "any"):
        if isinstance(rule.get(join), list):
            return {join: [_bound(each, item, holds=holds) for each in rule[join]]}
    if isinstance(rule.get("not"), dict):
        return {"not": _bound(rule["not"], item, holds=not holds)}
    if not is_said(rule, item):
        return _NOBODY if holds else _EVERYBODY
    return {key: filled(inner, item, key) for key, inner in rule.items()}
