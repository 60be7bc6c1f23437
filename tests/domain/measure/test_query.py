"""The statement of a report, executed: first touch within the window, money a head, and what the app reported of this run alone."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import isfinite
from typing import Any

import pytest

from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.measure.query import outcomes_sql
from regulars.domain.measure.report import ArmFigures, EffectFigures, report
from tests.domain.campaigns.lake import Lake
from tests.examples import campaign_run

PLANNED = datetime(2017, 10, 1, tzinfo=UTC)
LAUNCHED = datetime(2026, 11, 21, 22, 15, tzinfo=UTC)
START = PLANNED.replace(tzinfo=None)


def campaign(**goal: Any) -> Any:
    document = {"id": "spring", "audience": {"include": ["x"]}, "message": {"push": {"body": "x"}}, "control": {"percent": 40}}
    return parse_campaign({**document, "goal": goal} if goal else document)


ORDERS = campaign(event="Order Completed", within="7d", value="totals.net")


def order(person: str | None, moment: datetime, net: Any, name: str = "Order Completed") -> dict[str, Any]:
    return {"user_id": person, "event_name": name, "event_ts": moment, "properties": json.dumps({"totals": {"net": net}})}


def push_event(person: str, name: str, run: str, moment: datetime = datetime(2026, 11, 21, 22, 16)) -> dict[str, Any]:
    return {"user_id": person, "event_name": name, "event_ts": moment, "properties": json.dumps({"run_id": run})}


@pytest.fixture
def lake() -> Lake:
    lake = Lake()
    people = [(f"c{n}", "control") for n in range(12)] + [(f"t{n}", "treated") for n in range(20)]
    lake.fill("assignments", [{"run_id": "r1", "user_id": person, "arm": arm} for person, arm in people])
    lake.fill("assignments", [{"run_id": "r2", "user_id": "t0", "arm": "control"}])
    sent = {"run_id": "r1", "arm": "treated", "outcome": "sent"}
    lake.fill("deliveries", [{**sent, "user_id": f"t{n}", "message_id": f"m{n}", "device_id": f"d{n}"} for n in range(18)])
    lake.fill("deliveries", [{**sent, "user_id": "t18", "message_id": "m18", "outcome": "skipped", "reason": "no_device"}])
    return lake


@dataclass
class Outcome:
    control: ArmFigures
    treated: ArmFigures
    effect: Sequence[EffectFigures]


def outcome(lake: Lake, asked: Any = ORDERS, as_of: datetime = LAUNCHED) -> Outcome:
    rows = lake.answers(outcomes_sql("r1", asked, planned_at=PLANNED, launched_at=LAUNCHED, as_of=as_of))
    made = report(campaign_run("r1", as_of=PLANNED, state="succeeded"), asked, rows, as_of=as_of, cost={})
    return Outcome(effect=made.effect, **{arm.arm: arm for arm in made.arms})


def test_people_and_sends_are_counted_by_arm(lake: Lake) -> None:
    found = outcome(lake)
    assert (found.control.people, found.control.sent) == (12, 0)
    assert (found.treated.people, found.treated.sent) == (20, 18)
    assert (found.treated.failed, found.treated.skipped) == ({}, {"no_device": 1, "not_reached": 1})


def test_a_goal_counts_from_the_planned_moment_to_the_end_of_the_window(lake: Lake) -> None:
    lake.fill(
        "events",
        [
            order("t1", START, 10),
            order("t2", START + timedelta(days=7, microseconds=-1), 20),
            order("t3", START - timedelta(microseconds=1), 1000),
            order("t4", START + timedelta(days=7), 1000),
            order("t5", START + timedelta(days=1), 1000, name="Order Refunded"),
            order("nobody of ours", START, 1000),
            order(None, START, 1000),
            order("c1", START, 5),
        ],
    )
    found = outcome(lake)
    assert (found.treated.converted, found.treated.value) == (2, 30.0)
    assert (found.control.converted, found.control.value) == (1, 5.0)


def test_a_goal_whose_source_had_no_room_for_its_name_counts_all_the_same(lake: Lake) -> None:
    together = {**order("t1", START, 10, name="_other"), "other_name": "Order Completed"}
    lake.fill("events", [together, {**together, "user_id": "t2", "other_name": "Order Refunded"}, order("t3", START, 1, name="_other")])
    found = outcome(lake)
    assert (found.treated.converted, found.treated.value) == (1, 10.0)


def test_a_person_converts_once_and_all_their_money_counts(lake: Lake) -> None:
    lake.fill("events", [order("t1", START + timedelta(hours=n), amount) for n, amount in enumerate((10, "2.5", "no number", None))])
    found = outcome(lake)
    assert (found.treated.converted, found.treated.value) == (1, 12.5)


def test_a_value_that_is_no_finite_number_counts_as_nothing_and_is_counted(lake: Lake) -> None:
    amounts = (10, "2.5", "NaN", "Infinity", "-Infinity", 1e200, "1e999", "1,234.50", None)
    lake.fill("events", [order("t1", START + timedelta(hours=n), amount) for n, amount in enumerate(amounts)])
    found = outcome(lake)
    assert (found.treated.value, found.treated.goal_events, found.treated.unreadable) == (12.5, 9, 7)
    low, high = found.effect[1].low, found.effect[1].high
    assert low is not None and high is not None and isfinite(low) and isfinite(high)


def test_later_events_than_the_reports_moment_do_not_exist(lake: Lake) -> None:
    lake.fill("events", [order("t1", START + timedelta(days=1), 10), order("t2", START + timedelta(days=3), 10)])
    assert outcome(lake, as_of=PLANNED + timedelta(days=2)).treated.converted == 1


def test_money_a_head_is_scipys_welch_over_everybody(lake: Lake) -> None:
    from scipy import stats

    spent = {"t1": 12.0, "t2": 80.5, "t19": 3.0, "c4": 40.0, "c5": 1.5}
    lake.fill("events", [order(person, START, amount) for person, amount in spent.items()])
    value = outcome(lake).effect[1]
    treated, control = ([spent.get(f"{arm}{n}", 0.0) for n in range(size)] for arm, size in (("t", 20), ("c", 12)))
    expected = stats.ttest_ind(treated, control, equal_var=False).confidence_interval(0.95)
    assert (value.low, value.high) == pytest.approx((expected.low, expected.high), rel=1e-9)


def test_what_the_app_reports_counts_for_its_own_run_and_once_a_person(lake: Lake) -> None:
    received, tapped = "Push Notification Received", "Push Notification Tapped"
    lake.fill("events", [push_event("t1", received, "r1"), push_event("t1", received, "r1"), push_event("t2", received, "r2")])
    lake.fill("events", [push_event("t1", tapped, "r1"), push_event("t3", received, "r1")])
    found = outcome(lake).treated
    assert (found.received, found.opened) == (2, 1)


def test_a_campaign_without_a_goal_has_no_conversions(lake: Lake) -> None:
    lake.fill("events", [order("t1", START, 10)])
    assert outcome(lake, asked=campaign()).treated.converted == 0


def test_a_goal_without_a_value_counts_people_only(lake: Lake) -> None:
    lake.fill("events", [order("t1", START, 10)])
    found = outcome(lake, asked=campaign(event="Order Completed", within="7d")).treated
    assert (found.converted, found.value) == (1, 0)


def test_what_was_anonymous_counts_for_whoever_has_claimed_it_by_the_reports_moment(lake: Lake) -> None:
    claimed = {"kind": "anonymous", "id": "a1", "user_id": "t1", "since_ts": START + timedelta(days=3)}
    lake.fill("identities", [claimed, {**claimed, "id": "a2", "user_id": "t2", "since_ts": None}])
    lake.fill("events", [{**order(None, START + timedelta(days=1), 10), "anonymous_id": name} for name in ("a1", "a2", "a3")])
    tapped = push_event("t9", "Push Notification Tapped", "r1")
    lake.fill("events", [{**tapped, "user_id": None, "anonymous_id": "a1"}])
    found = outcome(lake).treated
    assert (found.converted, found.value, found.opened) == (1, 10.0, 1)
    assert outcome(lake, as_of=PLANNED + timedelta(days=3)).treated.converted == 0


def test_whoever_became_another_person_converts_as_that_one(lake: Lake) -> None:
    lake.fill("identities", [{"kind": "user", "id": "t1", "user_id": "somebody", "since_ts": START + timedelta(days=1)}])
    lake.fill("events", [order("t1", START, 10), order("somebody", START + timedelta(days=2), 5)])
    found = outcome(lake).treated
    assert (found.converted, found.value) == (1, 15.0)
