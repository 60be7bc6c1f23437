"""What was counted once and what came since find the people of a full evaluation."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from regulars.domain.lake.sql import printed
from regulars.domain.segments import audience_sql, parse_rule, reachable_segments
from regulars.domain.segments.compile.bases import counting
from regulars.domain.segments.compile.increments import base_sql, increment_sql
from tests.domain.segments.judges import accepted
from tests.domain.segments.lake import Lake
from tests.domain.segments.rules import AS_OF, SEGMENTS, histories, rules
from tests.domain.segments.test_backtest import event
from tests.domain.segments.test_meaning import EVENTS
from tests.drawn import drawn

LAKE = Lake()
REACHABLE = reachable_segments(SEGMENTS, SEGMENTS)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
BOUGHT: dict[str, Any] = {"event": "Order Completed"}


def statements(rule: Any, first: Any, as_of: Any) -> tuple[str, str] | None:
    """The base of a moment, and the people by it and by what was curated later. None where the rule is not counted."""
    how = counting(parse_rule(rule), first, REACHABLE)
    through = first + MINUTE / 3
    return how and (printed(base_sql(how, through)), printed(increment_sql(how, "b1", through, as_of)))


def counted(rule: Any, first: Any, as_of: Any) -> list[str] | None:
    if (both := statements(rule, first, as_of)) is None:
        return None
    base, increment = both
    LAKE.keep_base("b1", base)
    return sorted(LAKE.column(increment))


def evaluated(rule: Any, as_of: Any) -> list[str]:
    return sorted(LAKE.column(printed(audience_sql(parse_rule(rule), as_of, REACHABLE))))


@drawn(12, report_multiple_bugs=False, suppress_health_check=list(HealthCheck))
@given(history=histories(), several=st.lists(rules, min_size=3, max_size=3), data=st.data())
def test_it_finds_whom_a_full_evaluation_finds(history: list[dict[str, Any]], several: list[dict[str, Any]], data: st.DataObject) -> None:
    as_of = AS_OF + data.draw(st.sampled_from([-DAY, timedelta(), HOUR]))
    first = as_of - MINUTE * data.draw(st.sampled_from([1, 60, 60 * 24]))
    delays = st.sampled_from([timedelta(), MINUTE / 2, HOUR, 20 * DAY])
    LAKE.fill([{**row, "curated_ts": row["event_ts"] + data.draw(delays)} for row in history])
    for rule in several:
        people = counted(rule, first, as_of)
        assert people is None or people == evaluated(rule, as_of), (rule, first, as_of)


@pytest.mark.parametrize(
    "rule",
    [
        {"not": BOUGHT},
        {**BOUGHT, "within": "30d", "count": {"gte": 2}},
        {**BOUGHT, "first": {"within": "7d"}},
        {**BOUGHT, "last": {"to": "2017-09-01"}},
        {**BOUGHT, "within": "30d", "max": "revenue", "between": [5, 12]},
        {**BOUGHT, "within": "30d", "where": [{"property": "revenue", "gte": 5}]},
        {"trait": "plan", "eq": "pro"},
        {"trait": "plan", "exists": False},
        {"not": {"trait": "plan", "exists": True}},
        {"trait": "since", "within": "1h"},
        {"trait": "since", "older_than": "59m"},
        {"trait": "since", "anniversary": "7d"},
        {"all": [{**BOUGHT, "within": "30d", "count": {"gte": 2}}, {"not": {**BOUGHT, "within": "7d"}}, {"trait": "plan", "eq": "pro"}]},
        {"any": [{"all": [BOUGHT, {"not": {"trait": "plan", "eq": "pro"}}]}, {"trait": "age", "gt": 20}]},
        {"all": [BOUGHT, {"bucket": {"salt": "s", "from": 0, "to": 4999}}]},
    ],
)
@pytest.mark.parametrize("since", [MINUTE, DAY])
def test_people_enter_by_what_came_and_leave_by_what_has_passed(rule: Any, since: timedelta) -> None:
    LAKE.fill([{**row, "curated_ts": row["event_ts"]} for row in EVENTS])
    assert counted(rule, AS_OF - since, AS_OF) == evaluated(rule, AS_OF)


def test_trino_reads_both_statements() -> None:
    bought = [BOUGHT, {**BOUGHT, "first": {"within": "7d"}}, {"not": {**BOUGHT, "within": "7d"}}]
    told = [{"trait": "plan", "eq": "pro"}, {"trait": "since", "within": "1h"}, {"trait": "age", "exists": False}]
    for rule in ({"all": [*bought, *told]}, {"not": BOUGHT}):
        for sql in statements(rule, AS_OF - HOUR, AS_OF) or ():
            accepted(sql)


def test_what_a_browser_did_before_it_was_claimed_counts_once_it_is() -> None:
    seen = {**event(None, AS_OF - 3 * DAY, anonymous_id="a1"), "curated_ts": AS_OF - 3 * DAY}
    claim = {**event("ann", AS_OF - MINUTE, "identify", type="identify", anonymous_id="a1"), "curated_ts": AS_OF}
    LAKE.fill([seen, claim])
    assert counted({**BOUGHT, "within": "30d"}, AS_OF - HOUR, AS_OF) == ["ann"] == evaluated({**BOUGHT, "within": "30d"}, AS_OF)


def test_an_event_that_comes_weeks_late_counts_where_it_happened() -> None:
    LAKE.fill([{**event("ann", AS_OF - 20 * DAY), "curated_ts": AS_OF - MINUTE}, {**event("bob", AS_OF - 40 * DAY), "curated_ts": AS_OF - MINUTE}])
    assert counted({**BOUGHT, "within": "30d"}, AS_OF - HOUR, AS_OF) == ["ann"]


@pytest.mark.parametrize(
    "rule",
    [
        {**BOUGHT, "sum": "revenue", "gte": 15},
        {**BOUGHT, "distinct": "day", "gte": 2},
        {**BOUGHT, "count": {"top": "20%"}},
        {"all": [BOUGHT, {"reachable": "push"}]},
        {"sequence": [BOUGHT, {"event": "Product Viewed"}]},
        {**BOUGHT, "where": [{"property": "at", "anniversary": True}]},
        {"everyone": True},
    ],
)
def test_what_does_not_add_up_is_not_counted(rule: Any) -> None:
    assert counting(parse_rule(rule), AS_OF, {}) is None
