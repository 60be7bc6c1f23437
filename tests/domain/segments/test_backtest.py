"""A backtest counts, in one statement, what as many statements count as there are moments."""

import os
from datetime import timedelta
from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.domain.errors import InvalidRuleError
from regulars.domain.lake.moments import Moments
from regulars.domain.lake.sql import printed
from regulars.domain.segments import audience_sql, parse_rule, reachable_segments
from regulars.domain.segments.compile.backtest import backtest_sql
from tests.domain.segments.judges import known_names
from tests.domain.segments.lake import Lake
from tests.domain.segments.rules import AS_OF, PEOPLE, SEGMENTS, histories, pushes, rules

LAKE = Lake()
REACHABLE = reachable_segments(SEGMENTS, SEGMENTS)
EXAMPLES = int(os.environ.get("SEGMENT_EXAMPLES", "40"))
DAY = timedelta(days=1)


def answered(rule: Any, moments: Moments) -> list[tuple[int, int]]:
    """Who entered and who left, moment by moment."""
    sql = printed(backtest_sql(parse_rule(rule), moments, REACHABLE))
    known_names(sql)
    changes = {row["slot"]: (row["entered"], row["gone"]) for row in LAKE.rows(sql)}
    return [changes.get(slot, (0, 0)) for slot in range(moments.count)]


def one_by_one(rule: Any, moments: Moments) -> list[tuple[int, int]]:
    """The same from an evaluation of each moment."""
    members: list[set[str]] = [set()]
    for slot in range(moments.count):
        members.append(set(LAKE.column(printed(audience_sql(parse_rule(rule), moments.at(slot), REACHABLE)))))
    return [(len(now - before), len(before - now)) for before, now in pairwise(members)]


@settings(max_examples=EXAMPLES, deadline=None, report_multiple_bugs=False, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(
    history=histories(),
    several=st.lists(rules, min_size=3, max_size=3),
    data=st.data(),
    days=st.sampled_from([Moments(AS_OF - 10 * DAY, DAY, 13), Moments(AS_OF - 42 * DAY, 7 * DAY, 8), Moments(AS_OF - DAY / 2, DAY / 2, 4)]),
)
def test_each_moment_counts_whom_an_evaluation_of_it_counts(
    history: list[dict[str, Any]], several: list[dict[str, Any]], days: Moments, data: st.DataObject
) -> None:
    LAKE.fill(history)
    LAKE.deliver(data.draw(pushes([person for person in PEOPLE if person in {row["user_id"] for row in history}])))
    for rule in several:
        try:
            found = answered(rule, days)
        except InvalidRuleError as refused:
            assert "does not follow" in str(refused)
            continue
        assert found == one_by_one(rule, days), rule
