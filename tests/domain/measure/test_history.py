"""What an audience did before, executed: of those who were in it then, within how long, and what it came to."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from regulars.domain.campaigns.arms import arm_of
from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.campaigns.run import Run
from regulars.domain.delivery.global_control import GlobalControl
from regulars.domain.lake.sql import printed
from regulars.domain.measure.history import Past, Sizes, past_and_sizes_sql, past_sql, read_past, read_sizes, usual_span, windows
from tests.domain.campaigns.lake import Lake
from tests.examples import campaign_run

AS_OF = datetime(2017, 10, 29, tzinfo=UTC)
SPAN = timedelta(days=28)
THEN = datetime(2017, 10, 1)
LAPSED = {"id": "lapsed", "name": "Lapsed", "rule": {"all": [{"event": "Paid"}, {"not": {"event": "Paid", "within": "30d"}}]}}


def launched(*, value: str = "revenue", within: str = "7d") -> Run:
    goal = {"event": "Paid", "within": within, **({"value": value} if value else {})}
    campaign = {"id": "spring", "audience": {"include": ["lapsed"]}, "message": {"push": {"body": "x"}}, "goal": goal}
    return campaign_run("", campaign, segments=[LAPSED], launched_at=AS_OF)


def paid(person: str | None, moment: datetime, revenue: Any, anonymous: str | None = None) -> dict[str, Any]:
    known = {"type": "track", "event_name": "Paid", "anonymous_id": anonymous, "message_id": f"{person}{anonymous}{moment}"}
    return {**known, "user_id": person, "event_ts": moment, "properties": json.dumps({"revenue": revenue})}


@pytest.fixture
def lake() -> Lake:
    """A hundred who had lapsed by then: ten paid again on the first day, ten more after three days, ten more after twenty."""
    lake = Lake()
    people = [f"h{n}" for n in range(100)]
    lake.fill("people", [{"user_id": person, "first_seen_ts": datetime(2017, 1, 1)} for person in people])
    lake.fill("events", [paid(person, datetime(2017, 1, 1), 5) for person in people])
    for first, days in ((0, 0.5), (10, 3.5), (20, 20)):
        lake.fill("events", [paid(person, THEN + timedelta(days=days), 20) for person in people[first : first + 10]])
    return lake


def past(lake: Lake, run: Run, span: timedelta = SPAN) -> Past:
    goal = parse_campaign(run.campaign.document).goal
    assert goal is not None
    (row,) = lake.answers(printed(past_sql(run, goal, span)))
    return read_past(row, goal, span)


def test_people_who_were_lapsed_then_are_counted_by_when_they_came_back(lake: Lake) -> None:
    found = past(lake, launched())
    assert found.people == 100
    assert [(window.days, people) for window, people in found.did] == [(1, 10), (2, 10), (3, 10), (7, 20), (14, 20), (28, 30)]
    assert found.rate(timedelta(days=7)) == 0.2
    assert (found.mean, found.variance) == (pytest.approx(4.0), pytest.approx(64 * 100 / 99))
    assert (found.goal_events, found.unreadable) == (20, 0)


def test_of_the_audience_of_now_the_same_question_would_have_found_nobody(lake: Lake) -> None:
    # Nobody of those who have not paid for thirty days has paid within them: 70 people, none of whom did.
    goal = parse_campaign(launched().campaign.document).goal
    assert goal is not None
    (row,) = lake.answers(printed(past_and_sizes_sql(launched(), goal, SPAN)))
    assert read_sizes(row).people == 70
    assert read_past(row, goal, SPAN) == past(lake, launched())


def test_values_that_are_no_numbers_are_left_out_and_counted(lake: Lake) -> None:
    lake.fill("events", [paid("h50", THEN + timedelta(days=1), value) for value in ("NaN", "1,234.50", 1e200)])
    found = past(lake, launched())
    assert (found.goal_events, found.unreadable, found.mean) == (23, 3, pytest.approx(4.0))
    assert found.rate(timedelta(days=7)) == 0.21


def test_values_in_another_currency_than_the_goals_are_left_out(lake: Lake) -> None:
    spent = json.dumps({"revenue": 1_000, "currency": "USD"})
    lake.fill("events", [{**paid("h50", THEN + timedelta(days=1), 0), "properties": spent}])
    goal = {"event": "Paid", "within": "7d", "value": "revenue", "currency": "EUR"}
    run = launched()
    run = replace(run, campaign=replace(run.campaign, document={**run.campaign.document, "goal": goal}))
    found = past(lake, run)
    assert (found.mean, found.goal_events, found.unreadable, found.rate(timedelta(days=7))) == (pytest.approx(4.0), 20, 0, 0.21)


def test_a_goal_without_a_value_has_none_and_its_own_window_is_among_those_asked(lake: Lake) -> None:
    found = past(lake, launched(value="", within="12h"))
    assert (found.mean, found.variance, found.unreadable) == (0.0, 0.0, 0)
    assert found.did[0] == (timedelta(hours=12), 0)


def test_what_somebody_did_as_another_is_theirs(lake: Lake) -> None:
    lake.fill("events", [paid(None, THEN + timedelta(days=1), 1, anonymous="a1")])
    lake.fill("identities", [{"kind": "anonymous", "id": "a1", "user_id": "h60", "since_ts": datetime(2017, 10, 3)}])
    assert past(lake, launched()).rate(timedelta(days=7)) == 0.21


def test_an_audience_that_had_nobody_has_no_past(lake: Lake) -> None:
    found = past(lake, launched(), timedelta(days=366))
    assert (found.people, found.mean, found.variance, found.rate(timedelta(days=7))) == (0, 0.0, 0.0, 0.0)


def test_the_sizes_are_those_of_the_arms_and_whoever_is_held_out_is_besides(lake: Lake) -> None:
    group = GlobalControl(2_000, "global-control-2017Q4", date(2017, 12, 31))
    run = replace(launched(), global_control=group)
    campaign = parse_campaign(run.campaign.document)
    assert campaign.goal is not None
    (row,) = lake.answers(printed(past_and_sizes_sql(run, campaign.goal, SPAN)))
    there = [f"h{n}" for n in range(30, 100)]
    left = [person for person in there if not group.holds(person)]
    control = sum(arm_of(campaign, person) == "control" for person in left)
    assert read_sizes(row) == Sizes(len(left), control, len(there) - len(left))


def test_the_past_is_as_long_as_four_weeks_or_the_goals_window() -> None:
    week, quarter = (parse_campaign(launched(within=within).campaign.document).goal for within in ("7d", "90d"))
    assert week and quarter and (usual_span(week), usual_span(quarter)) == (SPAN, timedelta(days=90))
    assert [window.days for window in windows(quarter, timedelta(days=90))] == [1, 2, 3, 7, 14, 28, 56, 90]
