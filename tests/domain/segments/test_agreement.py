"""The SQL selects exactly those of whom `evaluate` says that the rule is true: two readings of one rule that share no code.

HYPOTHESIS_PROFILE=long draws many more. A case that failed becomes a file in `cases` (test_cases.py).
"""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from regulars.domain.lake.sql import printed
from regulars.domain.segments import audience_sql, parse_rule, reachable_segments
from regulars.domain.segments.conversions import with_goals
from tests.domain.segments.judges import known_names
from tests.domain.segments.lake import Lake
from tests.domain.segments.people import audience
from tests.domain.segments.rules import AS_OF, GOALS, PEOPLE, SEGMENTS, histories, pushes, rules_with_goals
from tests.drawn import drawn


@pytest.fixture(scope="module")
def lake() -> Iterator[Lake]:
    yield Lake()


@drawn(9, report_multiple_bugs=False, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(history=histories(), several=st.lists(rules_with_goals, min_size=5, max_size=5), data=st.data())
def test_sql_and_evaluate_select_the_same_people(
    lake: Lake, history: list[dict[str, Any]], several: list[dict[str, Any]], data: st.DataObject
) -> None:
    known = {row["user_id"] for row in history if row["event_ts"] < AS_OF}
    sent = data.draw(pushes([person for person in PEOPLE if person in known]))
    lake.fill(history)
    lake.deliver(sent)
    segments = reachable_segments(SEGMENTS, SEGMENTS)
    for rule in several:
        tree = with_goals(parse_rule(rule), GOALS)
        sql = printed(audience_sql(tree, AS_OF, segments))
        known_names(sql)
        assert sorted(lake.column(sql)) == audience(tree, history, AS_OF, segments, pushes=sent), (rule, sql)
