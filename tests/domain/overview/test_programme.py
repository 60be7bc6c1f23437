"""The global control group beside all others: who is compared, in which quarters, and with which estimate."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest

from regulars.domain.lake.buckets import bucket_of
from regulars.domain.lake.sql import printed
from regulars.domain.measure.estimate import Estimate, conversion_estimate, value_estimate
from regulars.domain.measure.paired import Pair, counted, paired
from regulars.domain.overview.calendar import Months
from regulars.domain.overview.programme import read_programme
from regulars.domain.overview.programme_query import programme_query
from regulars.domain.overview.quarters import periods
from regulars.domain.purchase import USUAL
from tests.domain.campaigns.lake import Lake

AS_OF = datetime(2026, 11, 20, tzinfo=UTC)
DAY = timedelta(days=1)
JANUARY, AUGUST = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 8, 1, tzinfo=UTC)
SINCE = datetime(2026, 7, 1, tzinfo=UTC)
MONTHS = Months(datetime(2026, 10, 1, tzinfo=UTC), 1)
(SUMMER,) = periods([(JANUARY, 3_000)], MONTHS)


def test_a_quarter_is_compared_since_the_share_was_set_last() -> None:
    found = periods([(JANUARY, 500), (AUGUST, 250)], Months(AS_OF, 11))
    assert [(each.quarter, each.since, each.end, each.group.buckets, each.unfinished) for each in found] == [
        ("2026Q1", JANUARY, datetime(2026, 4, 1, tzinfo=UTC), 500, False),
        ("2026Q2", datetime(2026, 4, 1, tzinfo=UTC), SINCE, 500, False),
        ("2026Q3", AUGUST, datetime(2026, 10, 1, tzinfo=UTC), 250, False),
        ("2026Q4", datetime(2026, 10, 1, tzinfo=UTC), AS_OF, 250, True),
    ]
    assert found[-1].earliest == datetime(2026, 7, 1, tzinfo=UTC)


@pytest.mark.parametrize("shares", [[], [(JANUARY, 500), (AUGUST, 0)], [(AS_OF, 500)], [(AS_OF + DAY, 500)]])
def test_where_nobody_is_held_out_by_the_moment_there_is_nothing_to_compare(shares: Any) -> None:
    assert periods(shares, Months(AS_OF, 1)) == []


def shop(rng: Random) -> tuple[list[dict[str, Any]], list[dict[str, Any]], dict[str, Pair]]:
    """People, their orders, and what each known one spent in the quarter and in as long before."""
    people, orders, spent = [], [], dict[str, Pair]()
    for number in range(400):
        user, first = f"p{number}", SINCE + (DAY if number % 10 == 0 else -200 * DAY)
        people.append({"user_id": user, "first_seen_ts": first.replace(tzinfo=None)})
        within = [(rng.uniform(0, 91), 10.0 * rng.randint(1, 9)) for _ in range(rng.choice([0, 0, 1, 3]))]
        before = [(rng.uniform(-91, -1), 10.0 * rng.randint(1, 9)) for _ in range(rng.choice([0, 1, 2]))]
        outside = [(95.0, 1000.0), (-100.0, 1000.0)]
        for day, amount in (*within, *before, *outside):
            row = {"message_id": f"{user}-{len(orders)}", "user_id": user, "event_name": "Order Completed", "type": "track"}
            orders.append({**row, "event_ts": (SINCE + day * DAY).replace(tzinfo=None), "properties": f'{{"revenue": {amount}}}'})
        if first < SINCE:
            spent[user] = sum(amount for _, amount in within), sum(amount for _, amount in before)
    return people, orders, spent


def test_known_people_are_compared_by_their_bucket_with_the_reports_own_estimates() -> None:
    people, orders, spent = shop(Random(7))
    lake = Lake()
    lake.fill("people", people)
    lake.fill("events", orders)
    (found,) = read_programme(lake.answers(printed(programme_query(USUAL, [SUMMER]))), [SUMMER])
    held_out = [pair for user, pair in spent.items() if bucket_of(user, "global-control-2026Q3") < 3_000]
    others = [pair for user, pair in spent.items() if bucket_of(user, "global-control-2026Q3") >= 3_000]
    assert (found.percent, found.held_out, found.messaged) == (30, len(held_out), len(others))
    assert found.rate_held_out == sum(1 for spent, _ in held_out if spent) / len(held_out)
    assert found.value_messaged == pytest.approx(sum(spent for spent, _ in others) / len(others))
    ordered = [paired(tuple((float(spent > 0), float(before > 0)) for spent, before in group)) for group in (others, held_out)]
    money = value_estimate(paired(tuple(others)), paired(tuple(held_out)), seed="global-control-2026Q3 messaged control")
    assert isinstance(money, Estimate)
    for effect, expected in zip(found.effect, (conversion_estimate(*ordered), money), strict=True):
        assert (effect.low, effect.high, effect.method) == (pytest.approx(expected.low), pytest.approx(expected.high), expected.method)
        assert effect.caused == pytest.approx(expected.difference * len(others))
        assert effect.verdict in ("more", "less", "unclear")


def test_who_has_become_somebody_else_is_no_person_of_their_own() -> None:
    lake = Lake()
    lake.fill("people", [{"user_id": user, "first_seen_ts": JANUARY.replace(tzinfo=None)} for user in ("old", "new")])
    lake.fill("identities", [{"kind": "user", "id": "old", "user_id": "new", "since_ts": JANUARY.replace(tzinfo=None)}])
    (found,) = read_programme(lake.answers(printed(programme_query(USUAL, [SUMMER]))), [SUMMER])
    assert found.held_out + found.messaged == 1


def test_while_a_quarter_is_under_way_p_is_still_that_of_the_bounds_beside_it() -> None:
    (begun,) = periods([(JANUARY, 3_000)], Months(AS_OF, 1))
    figures = {"people": "2000", "converted_before": "200", "converted_both": "20"}
    value = dict.fromkeys(("value_mean", "value_variance", "before_mean", "before_variance", "both_variance", "largest"))
    rows: list[Any] = [
        {"quarter": begun.quarter, "held_out": held, "converted": converted, **figures, **value} for held, converted in (("0", "210"), ("1", "200"))
    ]
    (found,) = read_programme(rows, [begun])
    orders = found.effect[0]
    expected = conversion_estimate(counted(2000, 210, 200, 20), counted(2000, 200, 200, 20))
    assert orders.judged_by == "anytime"
    assert (orders.low, orders.high, orders.p) == (expected.low, expected.high, expected.p)


def test_groups_that_are_too_small_say_so_and_money_that_cannot_be_added_up_too() -> None:
    (found,) = read_programme([], [SUMMER], no_value="orders are in EUR and USD")
    assert [(effect.difference, effect.verdict) for effect in found.effect] == [(None, None)] * 2
    assert all("fewer than 10" in (effect.note or "") for effect in found.effect)
    assert found.value_held_out is None
