"""A backtest counts, in one statement, what as many statements count as there are moments."""

import os
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
import trino_query_parser
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.domain.errors import InvalidRuleError
from regulars.domain.lake.moments import Moments
from regulars.domain.lake.sql import MAX_STATEMENT_BYTES, printed
from regulars.domain.segments import audience_sql, parse_rule, reachable_segments
from regulars.domain.segments.compile.backtest import backtest_sql
from tests.domain.segments.judges import accepted
from tests.domain.segments.lake import Lake
from tests.domain.segments.rules import AS_OF, PEOPLE, SEGMENTS, histories, pushes, rules
from tests.domain.segments.test_meaning import EVENTS

LAKE = Lake()
REACHABLE = reachable_segments(SEGMENTS, SEGMENTS)
EXAMPLES = int(os.environ.get("SEGMENT_EXAMPLES", "8"))
DAY, TICK = timedelta(days=1), timedelta(microseconds=1)
NEAR, WIDE, FINE = Moments(AS_OF - 9 * DAY, DAY, 11), Moments(AS_OF - 42 * DAY, 14 * DAY, 4), Moments(AS_OF - DAY / 2, DAY / 2, 3)
BOUGHT: dict[str, Any] = {"event": "Order Completed"}


def answered(rule: Any, moments: Moments) -> list[tuple[int, int]]:
    """Who entered and who left, moment by moment."""
    sql = printed(backtest_sql(parse_rule(rule), moments, REACHABLE))
    trino_query_parser.parse_statement(sql)
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


@settings(max_examples=EXAMPLES, deadline=None, report_multiple_bugs=False, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
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


def test_events_that_only_have_to_be_counted_are_read_once_a_name() -> None:
    rule = {"all": [BOUGHT, {**BOUGHT, "within": "7d", "count": {"gte": 2}}, {**BOUGHT, "last": {"within": "3d"}}]}
    sql = printed(backtest_sql(parse_rule(rule), NEAR, {}))
    assert (sql.count("FROM events"), sql.count("FROM people")) == (1, 0)


@pytest.mark.parametrize(
    "rule",
    [
        {**BOUGHT, "sum": "revenue", "gte": 15},
        {**BOUGHT, "first": {"within": "7d"}},
        {"all": [{"trait": "since", "within": "1h"}, {"not": {"bucket": {"salt": "s", "from": 0, "to": 99}}}]},
        {"message": "sent", "within": "7d"},
        {"sequence": [BOUGHT, BOUGHT], "then_not": BOUGHT, "within": "7d"},
    ],
)
def test_trino_reads_a_backtest_of_every_kind_of_clause(rule: Any) -> None:
    accepted(printed(backtest_sql(parse_rule(rule), NEAR, {})))


def test_trino_reads_the_longest_backtest() -> None:
    many = [{**BOUGHT, "within": f"{number}d", "count": {"gte": number}} for number in range(1, 100)]
    longest = printed(backtest_sql(parse_rule({"any": many}), Moments(AS_OF - 366 * DAY, DAY, 367), {}))
    assert len(longest.encode()) < MAX_STATEMENT_BYTES
    trino_query_parser.parse_statement(longest)


def test_moments_need_not_be_days() -> None:
    assert Moments(datetime(2017, 10, 1, tzinfo=UTC), timedelta(hours=6), 3).last == datetime(2017, 10, 1, 12, tzinfo=UTC)
