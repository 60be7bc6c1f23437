"""What versions, anniversaries, regular expressions and the elements of lists are true of, worked out by hand. Both readings are held to it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from regulars.domain.lake.sql import printed
from regulars.domain.segments import audience_sql, parse_rule
from tests.domain.segments.lake import Lake
from tests.domain.segments.people import audience

LAKE = Lake()
AS_OF = datetime(2017, 2, 28, 12, tzinfo=UTC)


def person(number: int, user: str, **traits: Any) -> dict[str, Any]:
    ago = timedelta(days=1)
    return {"message_id": f"m{number}", "user_id": user, "event_name": "identify", "type": "identify", "event_ts": AS_OF - ago, "traits": traits}


EVENTS = [
    person(1, "ann", born="1988-02-29", app="5.10", mail="ann@mail.shop.com"),
    person(2, "bob", born="2000-02-28T23:30:00-05:00", app="v5.9.0", mail="bob@shop.com\n"),
    person(3, "cyd", born="2017-02-28", app="5.10.0-rc.1", mail=""),
    person(4, "dan", born="1990-02-30", app=5.2, mail=7),
    person(5, "eve", born="1990-03-02T00:00:00.000Z", app="latest", mail=["eve@shop.com"]),
    person(6, "fay", born="28 February", app=None),
    person(7, "gus", tags=["vip", "new"], items=[{"sku": "a", "price": 7.5}, {"sku": "b", "price": 12}]),
    person(8, "hal", tags=["new"], items=[{"sku": "c"}, 7]),
    person(9, "ida", tags=[], items=[]),
    person(10, "jon", tags=["new", None, {"vip": True}]),
    person(11, "kim", tags="vip", items={"sku": "a"}),
]


@pytest.mark.parametrize(
    ("rule", "people"),
    [
        ({"trait": "born", "anniversary": True}, ["ann", "bob", "cyd"]),
        ({"trait": "born", "anniversary": "2d"}, ["ann", "bob", "cyd"]),
        ({"trait": "born", "anniversary": "3d"}, ["ann", "bob", "cyd", "eve"]),
        ({"trait": "born", "anniversary": "366d"}, ["ann", "bob", "cyd", "eve"]),
        ({"not": {"trait": "born", "anniversary": True}}, ["eve"]),
        ({"all": [{"trait": "born", "anniversary": True}, {"trait": "born", "older_than": "1d"}]}, ["ann", "bob"]),
        ({"trait": "app", "version_gte": "5.10"}, ["ann"]),
        ({"trait": "app", "version_gte": "5.10-rc"}, ["ann", "cyd"]),
        ({"trait": "app", "version_lt": "5.10"}, ["bob", "cyd", "dan"]),
        ({"not": {"trait": "app", "version_lt": "5.10.0.0"}}, ["ann"]),
        ({"trait": "mail", "matches": "shop"}, ["ann", "bob"]),
        ({"trait": "mail", "matches": r"@(mail\.)?shop\.com$"}, ["ann"]),
        ({"trait": "mail", "matches": "^$|^[0-9]$"}, ["cyd", "dan"]),
        ({"not": {"trait": "mail", "matches": "shop"}}, ["cyd", "dan"]),
        # one element is enough; what is said not to be must be of none; what is no list is unknown
        ({"trait": "tags[]", "eq": "vip"}, ["gus"]),
        ({"trait": "tags[]", "in": ["vip", "new"]}, ["gus", "hal", "jon"]),
        ({"not": {"trait": "tags[]", "eq": "vip"}}, ["hal", "ida"]),
        ({"trait": "tags[]", "ne": "vip"}, ["hal", "ida"]),
        ({"trait": "tags[]", "nin": ["vip", "old"]}, ["hal", "ida"]),
        ({"trait": "tags[]", "not_contains": "e"}, ["ida"]),
        ({"not": {"trait": "tags[]", "ne": "vip"}}, ["gus"]),
        ({"trait": "items[].sku", "starts_with": "a"}, ["gus"]),
        ({"trait": "items[].price", "gt": 10}, ["gus"]),
        ({"trait": "items[].price", "eq": 7.5}, ["gus"]),
        ({"not": {"trait": "items[].price", "gt": 20}}, ["gus", "ida"]),
        ({"all": [{"trait": "items[]", "exists": True}, {"trait": "items[].price", "exists": False}]}, ["hal"]),
        ({"all": [{"trait": "tags", "exists": True}, {"trait": "tags[]", "exists": False}]}, ["ida", "kim"]),
    ],
)
def test_a_rule_finds_exactly_these(rule: dict[str, Any], people: list[str]) -> None:
    LAKE.fill(EVENTS)
    tree = parse_rule(rule)
    assert sorted(LAKE.column(printed(audience_sql(tree, AS_OF, {})))) == people
    assert audience(tree, EVENTS, AS_OF, {}) == people
