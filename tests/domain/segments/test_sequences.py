"""A, then B in time, then not C: worked out by hand; both readings are held to it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from regulars.domain.lake.sql import printed
from regulars.domain.segments import audience_sql, parse_rule
from tests.domain.segments.judges import accepted
from tests.domain.segments.lake import Lake
from tests.domain.segments.people import audience

LAKE = Lake()
AS_OF = datetime(2017, 10, 1, tzinfo=UTC)
CART, BUY, VIEW = ({"event": name} for name in ("Cart Updated", "Order Completed", "Product Viewed"))


def story(user: str, *done: tuple[str, float], **properties: Any) -> list[dict[str, Any]]:
    """Events by name and how many hours before the moment; those of the same hour are in the order in which they are written."""
    return [
        {
            "user_id": user,
            "event_name": name,
            "event_ts": AS_OF - timedelta(hours=ago),
            "message_id": f"{user}-{number}",
            "place": number,
            "properties": properties,
        }
        for number, (name, ago) in enumerate(done)
    ]


C, B, V = "Cart Updated", "Order Completed", "Product Viewed"
HISTORY = [
    *story("bought_in_time", (C, 50), (B, 48)),
    *story("bought_late", (C, 50), (B, 20)),
    *story("cart_again_in_time", (C, 90), (C, 50), (B, 48)),
    *story("bought_before_the_cart", (B, 50), (C, 48)),
    *story("left_the_cart", (C, 50)),
    *story("left_it_just_now", (C, 1)),
    *story("same_moment", (C, 50), (B, 50)),
    *story("same_moment_turned_round", (B, 50), (C, 50)),
    *story("view_cart_buy", (V, 52), (C, 50), (B, 48), shop="Lyon"),
    *story("exactly_a_day", (C, 50), (B, 26)),
    *story("only_viewed", (V, 5)),
]


def found(rule: Any) -> list[str]:
    LAKE.fill(HISTORY)
    tree = parse_rule(rule)
    sql = printed(audience_sql(tree, AS_OF, {}))
    accepted(sql)
    people = sorted(LAKE.column(sql))
    assert audience(tree, HISTORY, AS_OF, {}) == people
    return people


@pytest.mark.parametrize(
    ("rule", "people"),
    [
        (
            {"sequence": [CART, BUY]},
            ["bought_in_time", "bought_late", "cart_again_in_time", "exactly_a_day", "same_moment", "view_cart_buy"],
        ),
        ({"sequence": [CART, BUY], "within": "24h"}, ["bought_in_time", "cart_again_in_time", "exactly_a_day", "same_moment", "view_cart_buy"]),
        ({"sequence": [VIEW, CART, BUY], "within": "2h"}, ["view_cart_buy"]),
        ({"sequence": [VIEW, BUY], "within": "2h"}, []),
        ({"sequence": [CART, CART]}, ["cart_again_in_time"]),
        # cart abandonment: only once the hour is over
        (
            {"sequence": [CART], "then_not": BUY, "within": "1h"},
            [
                "bought_before_the_cart",
                "bought_in_time",
                "bought_late",
                "cart_again_in_time",
                "exactly_a_day",
                "left_the_cart",
                "same_moment_turned_round",
                "view_cart_buy",
            ],
        ),
        ({"sequence": [CART], "then_not": BUY}, ["bought_before_the_cart", "left_it_just_now", "left_the_cart", "same_moment_turned_round"]),
        ({"sequence": [VIEW, CART], "then_not": BUY, "within": "1h"}, []),
        ({"sequence": [VIEW, CART], "then_not": {"event": "Refunded"}, "within": "2h"}, ["view_cart_buy"]),
        # steps have conditions and periods
        ({"sequence": [{**CART, "where": [{"property": "shop", "eq": "Lyon"}]}, BUY]}, ["view_cart_buy"]),
        ({"sequence": [{**CART, "within": "60h"}, BUY], "within": "3h"}, ["bought_in_time", "cart_again_in_time", "same_moment", "view_cart_buy"]),
        ({"sequence": [CART, {**BUY, "within": "24h"}]}, ["bought_late"]),
        # false of whoever is known and has not done it
        ({"all": [{"not": {"sequence": [CART, BUY]}}, {"not": {"event": C}}]}, ["only_viewed"]),
        ({"any": [{"sequence": [VIEW, CART]}, {"event": V}]}, ["only_viewed", "view_cart_buy"]),
    ],
)
def test_a_sequence_finds_whoever_did_one_after_the_other_in_time(rule: Any, people: list[str]) -> None:
    assert found(rule) == people


def test_a_step_is_never_looked_for_before_the_step_before_it() -> None:
    sql = printed(audience_sql(parse_rule({"sequence": [{**CART, "within": "2d"}, BUY], "then_not": VIEW, "within": "1h"}), AS_OF, {}))
    assert sql.count("event_ts >= CAST('2017-09-29 00:00:00.000000' AS TIMESTAMP(6))") == 4
