"""A backtest counts, in one statement, what as many statements count as there are moments."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from regulars.domain.errors import InvalidRuleError
from regulars.domain.lake.moments import Moments
from regulars.domain.lake.sql import MAX_STATEMENT_BYTES, printed
from regulars.domain.segments import audience_sql, parse_rule, reachable_segments
from regulars.domain.segments.compile.backtest import backtest_sql
from tests.domain.segments.judges import accepted, grammatical
from tests.domain.segments.lake import Lake
from tests.domain.segments.rules import AS_OF, PEOPLE, SEGMENTS, histories, pushes, rules
from tests.domain.segments.test_meaning import EVENTS
from tests.drawn import drawn

LAKE = Lake()
REACHABLE = reachable_segments(SEGMENTS, SEGMENTS)
DAY, TICK = timedelta(days=1), timedelta(microseconds=1)
NEAR, WIDE, FINE = Moments(AS_OF - 9 * DAY, DAY, 11), Moments(AS_OF - 42 * DAY, 14 * DAY, 4), Moments(AS_OF - DAY / 2, DAY / 2, 3)
BOUGHT: dict[str, Any] = {"event": "Order Completed"}


def answered(rule: Any, moments: Moments) -> list[tuple[int, int]]:
    """Who entered and who left, moment by moment."""
    sql = printed(backtest_sql(parse_rule(rule), moments, REACHABLE))
    changes = {row["slot"]: (row["entered"], row["gone"]) for row in LAKE.rows(sql)}
    return [changes.get(slot, (0, 0)) for slot in range(moments.count)]


def one_by_one(rule: Any, moments: Moments) -> list[tuple[int, int]]:
    """The same from an evaluation of each moment."""
    members: list[set[str]] = [set()]
    for slot in range(moments.count):
        members.append(set(LAKE.column(printed(audience_sql(parse_rule(rule), moments.at(slot), REACHABLE)))))
    return [(len(now - before), len(before - now)) for before, now in pairwise(members)]


def event(user: str | None, at: datetime, name: str = "Order Completed", **more: Any) -> dict[str, Any]:
    return {"user_id": user, "event_name": name, "event_ts": at, "message_id": f"{user}{at}{name}", **more}


@drawn(6, report_multiple_bugs=False, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(history=histories(), rule=rules, data=st.data())
def test_each_moment_counts_whom_an_evaluation_of_it_counts(history: list[dict[str, Any]], rule: dict[str, Any], data: st.DataObject) -> None:
    LAKE.fill(history)
    LAKE.deliver(data.draw(pushes([person for person in PEOPLE if person in {row["user_id"] for row in history}])))
    days = data.draw(st.sampled_from([NEAR, WIDE, FINE]))
    try:
        found = answered(rule, days)
    except InvalidRuleError as refused:
        assert "does not follow" in str(refused)
    else:
        assert found == one_by_one(rule, days)
        grammatical(printed(backtest_sql(parse_rule(rule), days, REACHABLE)))


@pytest.mark.parametrize(
    "rule",
    [
        {"everyone": True},
        {"not": BOUGHT},
        {**BOUGHT, "within": "30d"},
        {**BOUGHT, "within": "30d", "count": {"gte": 2}},
        {**BOUGHT, "first": {"within": "7d"}},
        {**BOUGHT, "last": {"to": "2017-09-01"}},
        {**BOUGHT, "sum": "revenue", "gte": 15},
        {"event": "Product Viewed", "within": "36h", "distinct": "day", "eq": 2},
        {"trait": "plan", "eq": "pro"},
        {"trait": "plan", "exists": False},
        {"trait": "since", "within": "1h"},
        {"trait": "since", "older_than": "59m"},
        {"sequence": [BOUGHT, {"event": "Product Viewed"}], "within": "60d"},
        {"sequence": [{**BOUGHT, "within": "31d"}], "then_not": {"event": "identify"}, "within": "22d"},
        {"any": [{"all": [BOUGHT, {"not": {"trait": "plan", "eq": "pro"}}]}, {"trait": "age", "gt": 20}]},
    ],
)
@pytest.mark.parametrize("moments", [Moments(AS_OF - 5 * DAY, DAY, 7), Moments(AS_OF - 60 * DAY, 30 * DAY, 4)])
def test_people_enter_and_leave_as_time_goes_by(rule: Any, moments: Moments) -> None:
    LAKE.fill(EVENTS)
    assert answered(rule, moments) == one_by_one(rule, moments)


def test_a_window_is_left_a_tick_after_it_has_passed() -> None:
    days = Moments(AS_OF, DAY, 4)
    LAKE.fill([event("ann", AS_OF - TICK), event("bob", AS_OF), event("cyd", AS_OF + TICK)])
    assert answered({**BOUGHT, "within": "2d"}, days) == [(1, 0), (2, 0), (0, 1), (0, 2)]


def test_what_is_anonymous_counts_from_the_day_of_its_claim_and_who_became_another_leaves() -> None:
    claim = event("ann", AS_OF + DAY, "identify", type="identify", anonymous_id="a1")
    alias = event("zoe", AS_OF + 2 * DAY, "alias", type="alias", properties={"previousId": "ann"})
    LAKE.fill([event(None, AS_OF - DAY, anonymous_id="a1"), claim, alias])
    days = Moments(AS_OF, DAY, 4)
    assert answered(BOUGHT, days) == one_by_one(BOUGHT, days) == [(0, 0), (0, 0), (1, 0), (1, 1)]
    assert answered({"everyone": True}, days) == [(0, 0), (0, 0), (1, 0), (1, 1)]


def test_a_trait_told_under_a_former_id_is_newest_only_while_it_is_theirs() -> None:
    told = [
        event("old", AS_OF - 3 * DAY, "identify", type="identify", traits={"plan": "pro"}),
        event("new", AS_OF - 4 * DAY, "identify", type="identify", traits={"plan": "free"}),
        event("new", AS_OF + DAY, "alias", type="alias", properties={"previousId": "old"}),
    ]
    LAKE.fill(told)
    days = Moments(AS_OF - 4 * DAY, DAY, 8)
    for rule in ({"trait": "plan", "eq": "pro"}, {"trait": "plan", "eq": "free"}):
        assert answered(rule, days) == one_by_one(rule, days)


def test_a_value_counts_once_while_any_event_has_it() -> None:
    worn = [
        event("ann", AS_OF + hour * DAY / 24, properties={"size": size}) for hour, size in ((-30, "S"), (-20, "S"), (-10, "M"), (5, "S"), (10, None))
    ]
    LAKE.fill(worn)
    rule = {**BOUGHT, "within": "2d", "distinct": "size", "eq": 1}
    days = Moments(AS_OF - DAY, DAY, 6)
    assert answered(rule, days) == one_by_one(rule, days) == [(1, 0), (0, 1), (0, 0), (1, 0), (0, 1), (0, 0)]


def test_a_run_has_failed_while_no_push_of_it_is_known_to_be_sent() -> None:
    LAKE.fill([event("ann", AS_OF - DAY)])
    push = {"user_id": "ann", "campaign_id": "c", "run_id": "r"}
    outcomes = ((-2, "failed"), (-1, "failed"), (30, "sent"), (100, "failed"))
    LAKE.deliver([{**push, "outcome": outcome, "delivered_ts": AS_OF + hour * DAY / 24} for hour, outcome in outcomes])
    days = Moments(AS_OF, DAY, 7)
    for rule, expected in (
        ({"message": "failed", "count": {"eq": 1}}, [(1, 0), (0, 0), (0, 1), (0, 0), (0, 0), (0, 0), (0, 0)]),
        ({"message": "failed", "within": "3d"}, [(1, 0), (0, 0), (0, 1), (0, 0), (0, 0), (1, 0), (0, 0)]),
        ({"message": "sent", "within": "3d"}, [(0, 0), (0, 0), (1, 0), (0, 0), (0, 0), (0, 1), (0, 0)]),
    ):
        assert answered(rule, days) == one_by_one(rule, days) == expected


@pytest.mark.parametrize("which", ["min", "max"])
@pytest.mark.parametrize("test", [{"gt": 2}, {"lte": 2}, {"ne": 2}, {"between": [2, 3]}])
def test_the_least_and_the_greatest_follow_what_comes_and_goes(which: str, test: dict[str, Any]) -> None:
    LAKE.fill(event("ann", AS_OF + day * DAY, properties={"price": price}) for day, price in enumerate((2, 3, "none", 1, 2, 4, 2)))
    rule = {**BOUGHT, "within": "3d", which: "price", **test}
    days = Moments(AS_OF, DAY, 11)
    assert answered(rule, days) == one_by_one(rule, days)


LOOKED: dict[str, Any] = {"event": "Product Viewed"}
LATER = {"size": "S", "promised": "2017-10-03"}


@pytest.mark.parametrize(
    "rule",
    [
        {"sequence": [{**LOOKED, "within": "2d"}, {**BOUGHT, "within": "4d"}]},
        {"sequence": [{**LOOKED, "within": "5d"}, BOUGHT, {**LOOKED, "within": "3d"}], "within": "3d"},
        {"sequence": [LOOKED, BOUGHT], "within": "2d", "then_not": {**LOOKED, "within": "1d"}},
        {"sequence": [{**LOOKED, "within": "3d"}, BOUGHT], "then_not": {**LOOKED, "within": "4d"}},
        {"sequence": [LOOKED, {**BOUGHT, "where": [{"property": "promised", "older_than": "1d"}]}], "within": "9d"},
    ],
)
@pytest.mark.parametrize("claimed", [-1, 3])
def test_a_sequence_is_whole_while_all_its_steps_are_there(rule: dict[str, Any], claimed: int) -> None:
    """And whose they are: what one browser did is somebody's from the claim on."""
    steps = [(0, "Product Viewed"), (1, "Order Completed"), (4, "Product Viewed"), (4.5, "Order Completed"), (6, "Product Viewed")]
    done = [event("ann", AS_OF + day * DAY, name, properties=LATER) for day, name in steps]
    anonymous = [event(None, AS_OF + (day - 0.2) * DAY, name, anonymous_id="a1", properties=LATER) for day, name in steps[1:]]
    claim = event("ann", AS_OF + claimed * DAY, "identify", type="identify", anonymous_id="a1")
    LAKE.fill([*done[:2], *anonymous, done[4], claim])
    days = Moments(AS_OF, DAY, 12)
    assert answered(rule, days) == one_by_one(rule, days)


def test_events_that_only_have_to_be_counted_are_read_once_a_name() -> None:
    distinct = {**BOUGHT, "distinct": "day", "gte": 2}
    rule = {
        "all": [
            BOUGHT,
            {**BOUGHT, "within": "7d", "count": {"gte": 2}},
            {**BOUGHT, "last": {"within": "3d"}},
            distinct,
            {**BOUGHT, "max": "r", "gt": 1},
        ]
    }
    sql = printed(backtest_sql(parse_rule(rule), NEAR, {}))
    assert (sql.count("FROM events"), sql.count("FROM people")) == (1, 0)


@pytest.mark.parametrize(
    "rule",
    [
        {**BOUGHT, "sum": "revenue", "gte": 15},
        {**BOUGHT, "first": {"within": "7d"}},
        {"all": [{"trait": "since", "within": "1h"}, {"not": {"bucket": {"salt": "s", "from": 0, "to": 99}}}]},
        {"message": "failed", "within": "7d"},
        {**BOUGHT, "distinct": "size", "gte": 2},
        {**BOUGHT, "max": "revenue", "between": [1, 2]},
        {"sequence": [BOUGHT, {"event": "A", "where": [{"property": "at", "within": "2d"}]}], "then_not": BOUGHT},
        {"sequence": [BOUGHT, BOUGHT], "then_not": BOUGHT, "within": "7d"},
    ],
)
def test_trino_reads_a_backtest_of_every_kind_of_clause(rule: Any) -> None:
    accepted(printed(backtest_sql(parse_rule(rule), NEAR, {})))


def test_trino_reads_the_longest_backtest() -> None:
    many = [{**BOUGHT, "within": f"{number}d", "count": {"gte": number}} for number in range(1, 100)]
    longest = printed(backtest_sql(parse_rule({"any": many}), Moments(AS_OF - 366 * DAY, DAY, 367), {}))
    assert len(longest.encode()) < MAX_STATEMENT_BYTES
    grammatical(longest)


def test_moments_need_not_be_days() -> None:
    assert Moments(datetime(2017, 10, 1, tzinfo=UTC), timedelta(hours=6), 3).last == datetime(2017, 10, 1, 12, tzinfo=UTC)
