"""Places among all people: shares that are exact, ties that are broken, and who has no place at all."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from regulars.domain.errors import InvalidRuleError
from regulars.domain.lake.moments import Moments
from regulars.domain.lake.sql import printed
from regulars.domain.segments import audience_sql, parse_rule
from regulars.domain.segments.compile.backtest import backtest_sql
from regulars.domain.segments.evaluate import PastEvent, PersonHistory, Standing, evaluate, reasons
from tests.domain.segments.lake import Lake
from tests.domain.segments.people import audience
from tests.domain.segments.test_meaning import event, identify

LAKE = Lake()
AS_OF = datetime(2017, 10, 1, tzinfo=UTC)
DAY = timedelta(days=1)
BOUGHT: dict[str, Any] = {"event": "Order Completed"}
SPENT: dict[str, Any] = {**BOUGHT, "sum": "revenue"}


def selected(rule: dict[str, Any], *events: dict[str, Any], only: str | None = None) -> list[str]:
    """By both readings."""
    rows = [{"message_id": f"m{number:02d}", **one} for number, one in enumerate(events)]
    LAKE.fill(rows)
    tree = parse_rule(rule)
    found = sorted(LAKE.column(printed(audience_sql(tree, AS_OF, {}, only=only))))
    if only is None:
        assert audience(tree, rows, AS_OF, {}) == found
    return found


def buyers(many: int) -> list[dict[str, Any]]:
    """`p00` spent most."""
    return [event(f"p{number:02d}", "Order Completed", DAY, revenue=100 - number) for number in range(many)]


@pytest.mark.parametrize(
    ("share", "many"), [({"top": "20%"}, 3), ({"bottom": "80%"}, 8), ({"top": "0.1%"}, 1), ({"bottom": "0.1%"}, 0), ({"bottom": "20%"}, 2)]
)
def test_where_a_share_does_not_come_out_even_the_one_at_the_edge_is_at_the_top(share: dict[str, str], many: int) -> None:
    found = selected({**SPENT, **share}, *buyers(11))
    everybody = [f"p{number:02d}" for number in range(11)]
    assert found == (everybody[:many] if "top" in share else everybody[11 - many :])


def test_fifths_part_everybody_who_has_a_place() -> None:
    def fifth(number: int) -> list[str]:
        above, below = {"bottom": f"{120 - 20 * number}%"}, {"top": f"{20 * number}%"}
        parts = [share for share in (above, below) if "100%" not in share.values()]
        return selected({"all": [{**SPENT, **share} for share in parts]}, *buyers(13))

    fifths = [fifth(number) for number in range(1, 6)]
    assert [len(people) for people in fifths] == [3, 3, 2, 3, 2]
    assert [person for people in fifths for person in people] == [f"p{number:02d}" for number in range(13)]


def test_of_equals_whoever_did_it_later_comes_first_and_then_the_digest_of_the_id_decides() -> None:
    same = [event(person, "Order Completed", ago * DAY, revenue=7) for person, ago in (("ann", 3), ("bob", 1), ("cyd", 2), ("dan", 2))]
    first = min("cyd", "dan", key=lambda person: hashlib.sha256(person.encode()).hexdigest())
    assert selected({**SPENT, "top": "25%"}, *same) == ["bob"]
    assert selected({**SPENT, "top": "50%"}, *same) == sorted(["bob", first])
    assert selected({**SPENT, "top": "75%"}, *same) == ["bob", "cyd", "dan"]


@pytest.mark.parametrize(
    ("rule", "people"),
    [
        ({**BOUGHT, "count": {"top": "50%"}}, ["ann"]),
        ({**BOUGHT, "last": {"top": "50%"}}, ["bob"]),
        ({**BOUGHT, "first": {"bottom": "50%"}}, ["ann"]),
        ({**BOUGHT, "distinct": "category", "top": "50%"}, ["bob"]),
        ({**BOUGHT, "distinct": "day", "bottom": "50%"}, ["bob"]),
        ({**BOUGHT, "max": "revenue", "top": "50%"}, ["bob"]),
        ({**BOUGHT, "within": "2d", "sum": "revenue", "top": "50%"}, ["bob"]),
        # one scan for a place and for what is no place
        ({"all": [{**BOUGHT, "count": {"top": "50%"}}, {**BOUGHT, "count": {"gte": 2}}]}, ["ann"]),
        # who bought nothing has no place, be it the last one
        ({**BOUGHT, "count": {"bottom": "99.9%"}}, ["bob"]),
        ({"not": {**BOUGHT, "count": {"top": "50%"}}}, ["bob"]),
        ({**SPENT, "where": [{"property": "revenue", "gt": 1000}], "top": "99.9%"}, []),
        ({"any": [{**BOUGHT, "count": {"top": "50%"}}, {"trait": "plan", "eq": "pro"}]}, ["ann", "cyd"]),
        ({"any": [{**BOUGHT, "count": {"top": "50%"}, "within": "5d"}, {**BOUGHT, "count": {"gte": 1}}]}, ["ann", "bob"]),
    ],
)
def test_everything_that_can_be_measured_can_be_ranked(rule: dict[str, Any], people: list[str]) -> None:
    events = [
        event("ann", "Order Completed", 3 * DAY, revenue=5, category="tea"),
        event("ann", "Order Completed", 4 * DAY, revenue=6, category="tea"),
        event("ann", "Order Completed", 5 * DAY),
        event("bob", "Order Completed", DAY, revenue=9, category="tea"),
        event("bob", "Order Completed", DAY, revenue="a gift", category="wine"),
        event("bob", "Product Viewed", DAY),
        identify("cyd", DAY, plan="pro"),
    ]
    assert selected(rule, *events) == people


def test_one_person_is_ranked_among_all() -> None:
    assert selected({**SPENT, "top": "20%"}, *buyers(10), only="p01") == ["p01"]
    assert selected({**SPENT, "top": "20%"}, *buyers(10), only="p02") == []


BUYER = PersonHistory("ann", AS_OF - DAY, (PastEvent("m1", "Order Completed", AS_OF - DAY, properties='{"revenue": 7}'),))


def test_one_life_does_not_tell_a_place() -> None:
    rule = parse_rule({**SPENT, "top": "20%"})
    assert evaluate(rule, BUYER, AS_OF, {}) is None
    (reason,) = reasons(rule, BUYER, AS_OF, {})
    assert reason.because[0].text == "no place among all people by the sum of revenue"


@pytest.mark.parametrize(
    ("share", "verdict", "text"),
    [
        ({"top": "20%"}, True, "place 3 of 11 by the sum of revenue; the first 3 are the top 20%"),
        ({"top": "18.1%"}, False, "place 3 of 11 by the sum of revenue; the first 2 are the top 18.1%"),
        ({"bottom": "80%"}, False, "place 3 of 11 by the sum of revenue; all after 3 are the bottom 80%"),
    ],
)
def test_a_place_is_explained(share: dict[str, str], verdict: bool, text: str) -> None:
    rule = parse_rule({**SPENT, **share})
    history = PersonHistory("ann", BUYER.first_seen, BUYER.events, standings={rule: Standing(3, 11)})  # type: ignore[dict-item]
    (reason,) = reasons(rule, history, AS_OF, {})
    assert reason.verdict is verdict
    assert [each.text for each in reason.because] == [text, '"Order Completed" at 2017-09-30T00:00:00Z: revenue 7']


@pytest.mark.parametrize("share", ["0%", "0.0%", "100%", "20", "1.25%", "-5%", "20 %", "٢%", 20, None])
def test_what_is_no_share_is_refused(share: Any) -> None:
    with pytest.raises(InvalidRuleError, match=r"a share in percent, as in 20% or 0\.5%, above 0% and below 100%"):
        parse_rule({**SPENT, "top": share})


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({**SPENT, "top": "20%", "gte": 5}, "one operator is needed, not `top`, `gte`"),
        ({**BOUGHT, "top": "20%"}, "`top` needs a measure before it, as in `count`: {`top`: `20%`}"),
        ({**BOUGHT, "last": {"top": "20%", "within": "5d"}}, "`within` is not known here"),
        ({"message": "opened", "count": {"top": "20%"}}, "`top` is not known here"),
    ],
)
def test_a_place_stands_where_a_measure_has_its_test(rule: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidRuleError, match=said.replace("{", r"\{")):
        parse_rule(rule)


def test_a_backtest_does_not_follow_a_place() -> None:
    with pytest.raises(InvalidRuleError, match="a backtest does not follow `top` from day to day yet"):
        backtest_sql(parse_rule({**SPENT, "top": "20%"}), Moments(AS_OF, DAY, 2), {})
