"""Segments and campaigns take the same names, paths and spans: those that collection keeps and that both engines read alike."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.campaigns.campaign import Campaign
from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.collection.examination import MAX_EVENT_DEPTH
from regulars.domain.collection.identifiers import MAX_LENGTH
from regulars.domain.errors import RefusedError
from regulars.domain.lake.sql import printed
from regulars.domain.language import MAX_DAYS, MAX_NAME, MAX_PATH
from regulars.domain.measure.query import outcomes
from regulars.domain.segments import EventClause, Rule, audience_sql, parse_rule
from regulars.domain.segments.measure import Aggregate
from tests.domain.language.documents import CAMPAIGN, texts, values
from tests.domain.segments.judges import accepted
from tests.domain.segments.lake import Lake
from tests.drawn import drawn

AS_OF = datetime(2017, 10, 1, tzinfo=UTC)
EVENT = {"event": "Order Completed", "within": "7d", "sum": "revenue", "gt": 1}
TEN = ".".join("abcdefghij")


def campaign(**goal: Any) -> Campaign:
    return parse_campaign({**CAMPAIGN, "goal": {"event": "Order Completed", "within": "7d", **goal}})


def taken(parse: Callable[[], object]) -> bool:
    try:
        parse()
    except RefusedError:
        return False
    return True


def refusals(event: dict[str, Any], goal: dict[str, Any]) -> list[str]:
    """What a segment says of the one, and a campaign of the other."""
    told = []
    parses: list[Callable[[], object]] = [lambda: parse_rule({**EVENT, **event}), lambda: campaign(**goal)]
    for parse in parses:
        with pytest.raises(RefusedError) as caught:
            parse()
        told.append(str(caught.value).removeprefix(f"{caught.value.field}: "))
    return told


@drawn(300)
@given(name=st.one_of(values, texts))
def test_a_name_is_taken_by_both_or_by_neither(name: Any) -> None:
    assert taken(lambda: parse_rule({**EVENT, "event": name})) == taken(lambda: campaign(event=name))


@drawn(500)
@given(path=st.one_of(values, texts, st.lists(texts, max_size=12)).filter(lambda path: path != ""))
def test_a_path_is_taken_by_both_or_by_neither(path: Any) -> None:
    assert taken(lambda: parse_rule({**EVENT, "sum": path})) == taken(lambda: campaign(value=path))


def test_an_empty_value_of_a_goal_has_always_meant_none() -> None:
    goal = campaign(value="").goal
    assert goal and goal.value == ()


@drawn(300)
@given(span=st.one_of(values, texts, st.from_regex(r"\A[0-9]{1,8}[mhdw]\Z")))
def test_a_span_is_taken_by_both_or_by_neither(span: Any) -> None:
    assert taken(lambda: parse_rule({**EVENT, "within": span})) == taken(lambda: campaign(within=span))


@pytest.mark.parametrize("name", ["", "a\0b", "\ud800", "x" * 256, 7, None, ["a"]])
def test_a_name_that_no_event_can_have_is_refused_by_both_in_the_same_words(name: Any) -> None:
    of_segment, of_campaign = refusals({"event": name}, {"event": name})
    assert of_segment == of_campaign


@pytest.mark.parametrize("path", ["a..b", "*", "a.0", "a.+7", "a.٣", 'a"b', "a\\b", "a\tb", ["a", ""], [], 7, ["a"] * (MAX_PATH + 1), "x" * 256])
def test_a_path_that_the_engines_would_not_read_alike_is_refused_by_both_in_the_same_words(path: Any) -> None:
    of_segment, of_campaign = refusals({"sum": path}, {"value": path})
    assert of_segment == of_campaign


@pytest.mark.parametrize("span", ["999999w", f"{MAX_DAYS + 1}d", "0d", "7 days", "1y", "99999999999m", 7, None])
def test_a_span_that_is_none_or_longer_than_a_century_is_refused_by_both_in_the_same_words(span: Any) -> None:
    of_segment, of_campaign = refusals({"within": span}, {"within": span})
    assert of_segment == of_campaign


@pytest.mark.parametrize("planned_at", [datetime(2017, 10, 1, tzinfo=UTC), datetime(2999, 12, 31, tzinfo=UTC)])
def test_a_report_can_be_made_of_the_longest_goal(planned_at: datetime) -> None:
    goal = campaign(within=f"{MAX_DAYS}d")
    accepted(printed(outcomes("r1", goal, planned_at=planned_at, launched_at=planned_at, as_of=planned_at + timedelta(days=1))))


@pytest.mark.parametrize(("path", "properties"), [("7", {"7": 5}), ("a.b", {"a": {"b": 5}}), (TEN, None), (["a.b", "c]"], {"a.b": {"c]": 5}})])
def test_a_path_that_both_take_reaches_the_value(path: Any, properties: Any) -> None:
    for name in reversed(TEN.split(".")) if properties is None else ():
        properties = {name: 5 if properties is None else properties}
    lake = Lake()
    lake.fill(
        [{"user_id": "ann", "message_id": "1", "event_name": "Order Completed", "event_ts": AS_OF - timedelta(days=1), "properties": properties}]
    )
    rule = parse_rule({**EVENT, "sum": path})
    sql = printed(audience_sql(rule, AS_OF, {}))
    accepted(sql)
    assert lake.column(sql) == ["ann"]
    assert goal_path(campaign(value=path)) == segment_path(rule)


def goal_path(given: Campaign) -> tuple[str, ...]:
    assert given.goal
    return given.goal.value


def segment_path(rule: Rule) -> tuple[str, ...]:
    assert isinstance(rule, EventClause) and isinstance(rule.measure, Aggregate)
    return rule.measure.path


def test_names_are_as_long_and_paths_as_deep_as_the_events_that_are_kept() -> None:
    assert MAX_NAME == MAX_LENGTH
    assert MAX_PATH == MAX_EVENT_DEPTH - 1  # an event is one level, and its properties begin the second
