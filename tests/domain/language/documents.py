"""Hypothesis strategies: any JSON, with what JSON's readers let through besides, and documents with one thing wrong."""

import copy
import json
from typing import Any

from hypothesis import strategies as st

SEGMENT: dict[str, Any] = {
    "id": "lapsing",
    "name": "Lapsing",
    "rule": {
        "all": [
            {"event": "Order Completed", "where": [{"property": "shop.city", "in": ["Lyon"]}], "within": "90d", "count": {"gte": 2}},
            {"event": "Order Completed", "from": "2017-07-01", "to": "2017-10-01T08:30:00Z", "sum": "revenue", "between": [1, 2]},
            {"not": {"trait": ["a.b", "c"], "older_than": "2w"}},
            {"any": [{"users": ["ann"]}, {"segment": "buyers"}, {"bucket": {"salt": "s", "from": 0, "to": 9}}, {"everyone": True}]},
        ]
    },
}
CAMPAIGN: dict[str, Any] = {
    "id": "october",
    "name": "October",
    "audience": {"include": ["regulars"], "exclude": ["refused"]},
    "message": {"push": {"title": "Hi", "data": {"offer": "october-10"}, "ttl": "86400s", "priority": "high", "apns": {"headers": {"a": "b"}}}},
    "variants": [{"id": "plain", "weight": 1}, {"id": "warm", "message": {"push": {"body": "b", "android": {"notification": {"tag": "x"}}}}}],
    "control": {"percent": 12.5},
    "goal": {"event": "Order Completed", "within": "7d", "value": "totals.net"},
    "delivery": {"per_second": 500, "when_unsure": "resend"},
}
JOURNEY: dict[str, Any] = {
    "id": "cart",
    "entry": {
        "event": "Product Added",
        "where": [{"property": "price", "gte": 20}],
        "if": {"not": {"trait": "plan", "eq": "staff"}},
        "max_age": "1h",
    },
    "reentry": {"while_in": "restart", "after": "3d", "max": 5},
    "holdout": {"percent": 10},
    "exit": [{"event": "Account Deleted", "as": "exit"}],
    "delivery": {"priority": 8, "cap": {"count": 3, "within": "24h"}},
    "start": "buying",
    "max_hops": 9,
    "migrate": {"from": [1], "map": {"old": "buying"}},
    "steps": {
        "buying": {"wait_for": {"event": "Order Completed", "same": "cart"}, "within": "4h", "then": None, "else": "worth"},
        "worth": {"branch": [{"if": {"entry": "price", "gte": 100}, "then": "tell"}], "else": "evening"},
        "tell": {"message": {"push": {"title": "Hi", "data": {"a": "b"}}}, "then": "arms"},
        "arms": {"split": [{"id": "a", "weight": 1, "then": "hook"}, {"id": "b", "then": None}]},
        "hook": {"webhook": {"url": "https://crm.example.com", "body": {"a": 1}}, "then": "told"},
        "told": {"set": {"traits": {"told": True}}, "then": "gather"},
        "gather": {"collect": {"event": "Product Viewed"}, "for": "1h", "max": 3, "then": "next"},
        "next": {"start": "other", "then": "end"},
        "end": {"exit": "over"},
        "evening": {"wait_until": {"time": "18:00", "timezone": "user", "days": ["mon"], "spread": "15m"}, "then": None},
    },
}

_AWKWARD = ["", "\0", "\ud800", "a\nb", "7", "a.b", "*", 'a"b', "999999w", "7d", "2017-02-30", "İ", "equals", "x" * 300, "id", "rule", "cap"]
texts = st.one_of(st.sampled_from(_AWKWARD), st.text(st.characters(), max_size=12))
_numbers = st.one_of(st.integers(), st.floats(), st.sampled_from([10**400, -(2**70), 2**63, float("nan"), float("inf"), True, -0.0, 1e308]))
_leaves = st.one_of(st.none(), st.booleans(), _numbers, texts)
values = st.recursive(_leaves, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(texts, inner, max_size=3)), max_leaves=8)


def _places(document: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    keys: list[Any] = list(document) if isinstance(document, dict) else list(range(len(document))) if isinstance(document, list) else []
    return [here, *(place for key in keys for place in _places(document[key], (*here, key)))]


@st.composite
def spoiled(draw: st.DrawFn, document: dict[str, Any]) -> Any:
    """The document with one value replaced, one key misspelt, or one thing added that is not asked for."""
    changed = {"document": copy.deepcopy(document)}
    *way, last = draw(st.sampled_from(_places(changed)[1:]))
    parent: Any = changed
    for step in way:
        parent = parent[step]
    how = draw(st.sampled_from(["replace", "rename", "add"]))
    if how == "replace" or not isinstance(parent[last], dict):
        parent[last] = draw(values)
    else:
        key = draw(texts)
        parent[last][key] = draw(values) if how == "add" else parent[last].pop(next(iter(parent[last])))
    return changed["document"]


def nested(levels: int) -> Any:
    """A list in a list, and so on."""
    return json.loads("[" * levels + "]" * levels)
