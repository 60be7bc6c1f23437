"""Ready-made segments: that each is a good rule, who falls where, and that everybody known is in exactly one stage."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.lake.sql import printed
from regulars.domain.purchase import USUAL
from regulars.domain.segments import audience_sql, parse_segment
from regulars.domain.segments.evaluate import PastEvent, PersonHistory, evaluate
from regulars.domain.segments.lifecycle import ShopNames, ready_made, recognised, standing_of
from regulars.domain.segments.lifecycle.view import column_of, view_sql
from tests.domain.segments.judges import accepted, grammatical
from tests.domain.segments.lake import Lake
from tests.domain.segments.people import audience
from tests.domain.segments.test_meaning import event, identify
from tests.drawn import drawn

LAKE = Lake()
AS_OF = datetime(2017, 10, 1, tzinfo=UTC)
DAY = timedelta(days=1)
NAMES = ShopNames("Order Completed", "revenue", "Product Added", "Product Viewed", "Application Opened", "Reviewed", "Liked", "Signed Up")
STAGES = {each.stage: parse_segment(each.document(NAMES)).rule for each in ready_made() if each.stage}


def bought(person: str, *days_ago: int, revenue: float = 10) -> list[dict[str, Any]]:
    return [event(person, "Order Completed", days * DAY, revenue=revenue) for days in days_ago]


SHOP = [
    identify("nina", DAY, plan="free"),
    event("nina", "Signed Up", DAY),
    *(event("nina", "Application Opened", days * DAY) for days in (1, 2)),
    *bought("new", 29, 3),
    *bought("active", 200, 60, 10),
    *bought("risky", 300, 100, revenue=100),
    *bought("lapsed", 181),
    *bought("back", 400, 5),
    *bought("back after half a year", 190, 5),
    *bought("back last year", 600, 330, 170, 60),
    event("active", "Reviewed", 5 * DAY),
    event("risky", "Liked", 100 * DAY),
    event("new", "Liked", 80 * DAY),
    event("risky", "Product Added", DAY),
    event("active", "Product Added", 10 * DAY + timedelta(hours=1)),
    event("new", "Product Added", 3 * DAY + timedelta(hours=1)),
    event("back", "Product Added", timedelta(hours=3)),
]
WHO = {
    "never-bought": ["nina"],
    "new-customers": ["new"],
    "active-customers": ["active", "back last year"],
    "at-risk": ["risky"],
    "lapsed-customers": ["lapsed"],
    "won-back": ["back", "back after half a year"],
    "signed-up-never-bought": ["nina"],
    "returning-visitors": ["nina"],
    "cart-abandoners": ["risky"],
    "one-time-buyers": ["lapsed"],
    "commenters-and-likers": ["active", "new"],
    "champions": [],
    "big-spenders": ["risky"],
}


@pytest.mark.parametrize("each", ready_made(), ids=lambda each: each.segment_id)
def test_a_ready_made_segment_finds_these(each: Any) -> None:
    rows = [{"message_id": f"m{number:02d}", **one} for number, one in enumerate(SHOP)]
    LAKE.fill(rows)
    rule = parse_segment(each.document(NAMES)).rule
    sql = printed(audience_sql(rule, AS_OF, {}))
    accepted(sql)
    assert sorted(LAKE.column(sql)) == WHO[each.segment_id]
    assert audience(rule, rows, AS_OF, {}) == WHO[each.segment_id]


def test_champions_are_the_best_fifth_in_all_three() -> None:
    rows = [{"message_id": f"m{n}-{k}", **one} for n in range(10) for k, one in enumerate(bought(f"p{n}", *range(n + 1, 20, 2)))]
    champions = next(each for each in ready_made() if each.segment_id == "champions")
    assert audience(parse_segment(champions.document(NAMES)).rule, rows, AS_OF, {}) == ["p0", "p1"]


@drawn(200)
@given(st.lists(st.one_of(st.integers(1, 400), st.sampled_from([29, 30, 31, 89, 90, 91, 179, 180, 181, 269, 270, 271])), max_size=6))
def test_everybody_known_is_in_exactly_one_stage(days_ago: list[int]) -> None:
    purchases = [PastEvent(f"m{number}", "Order Completed", AS_OF - days * DAY) for number, days in enumerate(days_ago)]
    history = PersonHistory("ann", AS_OF - 500 * DAY, tuple(purchases))
    verdicts = {stage: evaluate(rule, history, AS_OF, {}) for stage, rule in STAGES.items()}
    assert [stage for stage, verdict in verdicts.items() if verdict] in [[stage] for stage in STAGES], verdicts


@drawn(200)
@given(st.lists(st.integers(1, 600), min_size=2, max_size=6, unique=True))
def test_won_back_is_whoever_came_back_within_a_quarter_after_half_a_year(days_ago: list[int]) -> None:
    in_order = sorted(days_ago, reverse=True)
    history = PersonHistory("ann", AS_OF - 700 * DAY, tuple(PastEvent(f"m{days}", "Order Completed", AS_OF - days * DAY) for days in in_order))
    came_back = any(before - after > 180 and after <= 90 for before, after in pairwise(in_order))
    borderline = any(before - after == 180 or after in (90, 270) for before, after in pairwise(in_order)) or 270 in in_order
    assert borderline or evaluate(STAGES["won back"], history, AS_OF, {}) is came_back


@pytest.mark.parametrize(
    ("known", "purchase", "revenue"),
    [
        ({"Order Completed": ["total", "revenue"], "Order Placed": []}, "Order Completed", "revenue"),
        ({"order_completed": ["orderTotal"]}, "order_completed", "orderTotal"),
        ({"Completed Order": ["products"], "Order Cancelled": ["revenue"]}, "Completed Order", None),
        ({"PURCHASE": ["value"]}, "PURCHASE", "value"),
        ({"Order Cancelled": ["revenue"], "Order Refunded": ["revenue"]}, None, None),
    ],
)
def test_a_purchase_is_known_by_its_usual_names(known: dict[str, list[str]], purchase: str | None, revenue: str | None) -> None:
    names = recognised(known, ShopNames())
    assert (names.purchase, names.revenue) == (purchase, revenue)


def test_a_name_that_is_given_stands() -> None:
    names = recognised({"Order Completed": ["revenue"], "Bought": ["total"]}, ShopNames(purchase="Bought", cart="Basket Filled"))
    assert (names.purchase, names.revenue, names.cart) == ("Bought", "total", "Basket Filled")


def test_what_a_shop_has_no_event_for_is_missing() -> None:
    names = ShopNames(purchase="Order Completed", like="Liked")
    missing = {each.segment_id: each.missing(names) for each in ready_made() if each.missing(names)}
    assert missing == {
        "signed-up-never-bought": ("sign_up",),
        "returning-visitors": ("visit", "view"),
        "cart-abandoners": ("cart",),
        "champions": ("revenue",),
        "big-spenders": ("revenue",),
    }


def test_what_init_wrote_is_told_from_what_somebody_made_their_own() -> None:
    at_risk = next(each for each in ready_made() if each.segment_id == "at-risk")
    before, now = at_risk.document(ShopNames(purchase="Bought")), at_risk.document(NAMES)
    theirs = {**now, "rule": {"event": "Order Completed", "within": "60d"}}
    assert [standing_of(now, existing) for existing in (None, now, before, theirs)] == ["new", "unchanged", "renamed", "yours"]


def test_one_statement_says_who_is_where_and_what_they_are_worth() -> None:
    documents = [each.document(NAMES) for each in ready_made()]
    segments = {each["id"]: parse_segment(each) for each in documents}
    phone = {"user_id": "risky", "event_name": "Application Opened", "event_ts": AS_OF - DAY, "device_id": "d1", "device_token": "t1"}
    rows = [{"message_id": f"m{number:02d}", **one} for number, one in enumerate([*SHOP, phone])]
    lake = Lake()
    lake.fill(rows)
    sql = printed(view_sql(USUAL, list(segments), AS_OF, segments))
    grammatical(sql)
    for part in (list(segments)[:7], list(segments)[7:]):  # the second judge gives up on statements as long as the whole
        accepted(printed(view_sql(USUAL, part, AS_OF, segments)))
    found = lake.row(sql)
    assert {each: found[column_of(each, "people")] for each in segments} == {each: len(people) for each, people in WHO.items()}
    assert (found["people"], found["orders"], found["revenue"], found["reachable"]) == (8, 14, 320.0, 1)
    assert [found[column_of("at-risk", figure)] for figure in ("people", "reachable", "orders", "revenue")] == [1, 1, 2, 200.0]
    assert found[column_of("never-bought", "revenue")] is None
