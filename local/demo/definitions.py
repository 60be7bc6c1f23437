"""The three audiences and the campaign of the demonstration, as a marketer would write them."""

from typing import Any

AS_OF = "2017-10-01T00:00:00Z"

SEGMENTS: list[dict[str, Any]] = [
    {
        "id": "regulars",
        "name": "Bought at least twice in 90 days",
        "rule": {"event": "Order Completed", "within": "90d", "count": {"gte": 2}},
    },
    {
        "id": "lapsing",
        "name": "Five orders or more, but none for two weeks",
        "rule": {"all": [{"event": "Order Completed", "count": {"gte": 5}}, {"not": {"event": "Order Completed", "within": "14d"}}]},
    },
    {
        "id": "families",
        "name": "Families with children who spent 500 dollars in 90 days",
        "rule": {
            "all": [
                {"trait": "kids_count", "in": ["1", "2", "3+"]},
                {"event": "Order Completed", "within": "90d", "sum": "revenue", "gte": 500},
            ]
        },
    },
]

CAMPAIGN: dict[str, Any] = {
    "id": "october",
    "name": "A reason to come in October",
    "audience": {"include": ["regulars"]},
    "control": {"percent": 10},
    "message": {
        "push": {
            "title": "Thank you for being a regular",
            "body": "{% if person.traits.kids_count and person.traits.kids_count != '0' %}Lunch boxes for the little ones"
            "{% else %}Something good for tonight{% endif %}: 10 % off this week.",
            "deep_link": "shop://offers/october",
            "ttl": "86400s",
            "collapse_key": "october",
        }
    },
    "goal": {"event": "Order Completed", "within": "7d", "value": "revenue"},
}
