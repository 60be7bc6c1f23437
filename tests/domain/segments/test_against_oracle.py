"""The SQL selects exactly those whom a plain reading of the rule selects."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.domain.lake.sql import printed
from regulars.domain.segments import audience_sql, parse_rule, reachable_segments
from tests.domain.segments.judges import known_names
from tests.domain.segments.lake import Lake
from tests.domain.segments.oracle import audience
from tests.domain.segments.rules import AS_OF, SEGMENTS, histories, rules

EXAMPLES = int(os.environ.get("SEGMENT_EXAMPLES", "40"))
"""Each is a history with five rules."""


@pytest.fixture(scope="module")
def lake() -> Iterator[Lake]:
    yield Lake()


@settings(max_examples=EXAMPLES, deadline=None, report_multiple_bugs=False, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(history=histories(), several=st.lists(rules, min_size=5, max_size=5))
def test_sql_and_the_plain_reading_select_the_same_people(lake: Lake, history: list[dict[str, Any]], several: list[dict[str, Any]]) -> None:
    lake.fill(history)
    segments = reachable_segments(SEGMENTS, SEGMENTS)
    for rule in several:
        sql = printed(audience_sql(parse_rule(rule), AS_OF, segments))
        known_names(sql)
        assert sorted(lake.column(sql)) == audience(rule, history, AS_OF, SEGMENTS), (rule, sql)
