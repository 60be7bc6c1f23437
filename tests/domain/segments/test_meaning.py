"""The meaning of rules, case by case, worked out by hand: a few people and whom each rule finds among them. Both readings are held to it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from regulars.domain.lake.sql import printed
from regulars.domain.segments import audience_sql, parse_rule
from tests.domain.segments.lake import Lake
from tests.domain.segments.people import audience

LAKE = Lake()
AS_OF = datetime(2017, 10, 1, tzinfo=UTC)
BOUGHT: dict[str, Any] = {"event": "Order Completed"}


def event(user: str | None, name: str, ago: timedelta, **properties: Any) -> dict[str, Any]:
    return {"user_id": user, "event_name": name, "type": "track", "event_ts": AS_OF - ago, "properties": properties}


def identify(user: str, ago: timedelta, message_id: str = "", **traits: Any) -> dict[str, Any]:
    told = {"user_id": user, "event_name": "identify", "type": "identify", "event_ts": AS_OF - ago, "traits": traits}
    return {**told, "message_id": message_id} if message_id else told


DAY, TICK = timedelta(days=1), timedelta(microseconds=1)
HISTORY = [
    # ann: pro since yesterday, bought twice long ago, once exactly thirty days ago
    identify("ann", 9 * DAY, plan="free", age=30),
    identify("ann", DAY, plan="pro"),
    event("ann", "Order Completed", 30 * DAY, revenue=10.5),
    event("ann", "Order Completed", 60 * DAY, revenue="4.5", category="wine"),
    event("ann", "Order Completed", 61 * DAY, revenue="a gift", category="wine"),
    # bob: gave his plan up, bought a moment too early to be in the last thirty days
    identify("bob", 3 * DAY, plan="pro", age="17"),
    identify("bob", 2 * DAY, plan=None),
    event("bob", "Order Completed", 30 * DAY + TICK, category="tea"),
    # cyd: two identifies at the same moment, never bought, viewed on two days
    {**identify("cyd", DAY, "m2", plan="free"), "place": 6},
    {**identify("cyd", DAY, "m1", plan="team", since="2017-09-30T23:00:00Z"), "place": 7},
    event("cyd", "Product Viewed", TICK),
    event("cyd", "Product Viewed", DAY),
    event("cyd", "Product Viewed", DAY + TICK),
    # dan becomes known, and buys, at the very moment: for it, he does not exist
    identify("dan", timedelta(0), plan="pro"),
    event("dan", "Order Completed", timedelta(0)),
    # eve bought before, and her plan is told only later
    event("eve", "Order Completed", TICK, revenue=100),
    identify("eve", -DAY, plan="pro"),
    # a track call that is named like an identify call tells no traits; nobody knows who bought this
    {**event("eve", "identify", DAY), "traits": {"plan": "fake"}},
    event(None, "Order Completed", DAY),
]
EVENTS = [{"message_id": f"e{number:02d}", **one} for number, one in enumerate(HISTORY)]


@pytest.mark.parametrize(
    ("rule", "people"),
    [
        # who is known, and when
        ({"everyone": True}, ["ann", "bob", "cyd", "eve"]),
        ({"users": ["ann", "dan", "zoe"]}, ["ann"]),
        (BOUGHT, ["ann", "bob", "eve"]),
        ({"not": BOUGHT}, ["cyd"]),
        ({**BOUGHT, "count": {"eq": 0}}, ["cyd"]),
        ({"not": {"everyone": True}}, []),
        # windows are half open and end at the moment
        ({**BOUGHT, "within": "30d"}, ["ann", "eve"]),
        ({**BOUGHT, "after": "2017-09-01"}, ["ann", "eve"]),
        ({**BOUGHT, "before": "2017-09-01"}, ["ann", "bob"]),
        ({**BOUGHT, "from": "2017-08-02", "to": "2017-09-01"}, ["ann", "bob"]),
        ({**BOUGHT, "to": "2018-01-01", "count": {"gte": 1}}, ["ann", "bob", "eve"]),
        ({**BOUGHT, "from": "2017-12-01"}, []),
        ({"not": {**BOUGHT, "from": "2017-12-01"}}, ["ann", "bob", "cyd", "eve"]),
        # measures
        ({**BOUGHT, "count": {"gte": 3}}, ["ann"]),
        ({**BOUGHT, "sum": "revenue", "eq": 15}, ["ann"]),
        ({**BOUGHT, "avg": "revenue", "eq": 7.5}, ["ann"]),
        ({**BOUGHT, "sum": "revenue", "lt": 1000}, ["ann", "eve"]),
        ({"not": {**BOUGHT, "sum": "revenue", "gte": 50}}, ["ann"]),
        ({**BOUGHT, "distinct": "category", "eq": 1}, ["ann", "bob"]),
        ({**BOUGHT, "distinct": "category", "eq": 0}, ["cyd", "eve"]),
        ({"event": "Product Viewed", "distinct": "day", "eq": 2}, ["cyd"]),
        # conditions: what cannot be judged does not count
        ({**BOUGHT, "where": [{"property": "category", "ne": "wine"}]}, ["bob"]),
        ({**BOUGHT, "where": [{"property": "category", "exists": False}]}, ["ann", "eve"]),
        ({**BOUGHT, "where": [{"property": "revenue", "gt": 0}], "count": {"eq": 2}}, ["ann"]),
        # traits: the latest that names it, and only what is known
        ({"trait": "plan", "eq": "pro"}, ["ann"]),
        ({"trait": "plan", "eq": "free"}, []),
        ({"trait": "plan", "ne": "pro"}, ["cyd"]),
        ({"not": {"trait": "plan", "eq": "pro"}}, ["cyd"]),
        ({"trait": "plan", "eq": "team"}, ["cyd"]),
        ({"trait": "plan", "exists": True}, ["ann", "cyd"]),
        ({"trait": "plan", "exists": False}, ["bob", "eve"]),
        ({"not": {"trait": "plan", "exists": True}}, ["bob", "eve"]),
        ({"trait": "age", "lt": 18}, ["bob"]),
        ({"trait": "age", "between": [17, 30]}, ["ann", "bob"]),
        ({"trait": "since", "within": "1h"}, ["cyd"]),
        ({"trait": "since", "within": "59m"}, []),
        ({"trait": "since", "before": "2017-10-01T01:00:00.000001+02:00"}, ["cyd"]),
        ({"trait": "since", "before": "2017-10-01T01:00:00+02:00"}, []),
        # three values
        ({"any": [{"trait": "plan", "eq": "pro"}, BOUGHT]}, ["ann", "bob", "eve"]),
        ({"all": [{"not": {"trait": "plan", "eq": "pro"}}, BOUGHT]}, []),
        ({"not": {"all": [{"trait": "plan", "eq": "pro"}, BOUGHT]}}, ["cyd"]),
        ({"not": {"any": [{"trait": "plan", "eq": "pro"}, {"event": "Product Viewed"}]}}, []),
        ({"not": {"all": [{"trait": "plan", "eq": "pro"}, {"event": "Product Viewed"}]}}, ["ann", "bob", "cyd", "eve"]),
    ],
)
def test_a_rule_finds_exactly_these(rule: dict[str, Any], people: list[str]) -> None:
    LAKE.fill(EVENTS)
    tree = parse_rule(rule)
    assert sorted(LAKE.column(printed(audience_sql(tree, AS_OF, {})))) == people
    assert audience(tree, EVENTS, AS_OF, {}) == people


@pytest.mark.parametrize(
    ("name", "people"),
    [("Order Completed", ["own", "together"]), ("Rare", ["rare"]), ("_other", ["called so", "called so before"]), ("Unknown", [])],
)
def test_an_event_is_found_wherever_its_source_had_room_for_its_name(name: str, people: list[str]) -> None:
    lake = Lake()
    lake.fill(
        [
            {"message_id": "1", **event("own", "Order Completed", DAY)},
            {"message_id": "2", **event("together", "_other", DAY), "other_name": "Order Completed"},
            {"message_id": "4", **event("rare", "_other", DAY), "other_name": "Rare"},
            {"message_id": "5", **event("called so", "_other", DAY), "other_name": "_other"},
            {"message_id": "6", **event("called so before", "_other", DAY)},
        ]
    )
    assert sorted(lake.column(printed(audience_sql(parse_rule({"event": name}), AS_OF, {})))) == people
