"""The statement of a report, executed: what people did within the window and before, money a head, guard-rails, and what the app reported of this run
alone. `test_outcomes` has the same of drawn histories, counted another way."""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import isfinite
from pathlib import Path
from typing import Any

import pytest
from sqlglot import exp

from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.lake.owners import OWNERS
from regulars.domain.lake.sql import printed
from regulars.domain.measure.arm import Arm, read_arms
from regulars.domain.measure.intervals import means, welch
from regulars.domain.measure.paired import paired
from regulars.domain.measure.query import outcomes
from regulars.domain.measure.report import ArmFigures, EffectFigures, report
from tests.domain.campaigns.lake import Lake
from tests.domain.segments.judges import accepted
from tests.examples import campaign_run

PLANNED = datetime(2017, 10, 1, tzinfo=UTC)
LAUNCHED = datetime(2026, 11, 21, 22, 15, tzinfo=UTC)
START = PLANNED.replace(tzinfo=None)
GOLDEN = Path(__file__).parent / "outcomes.sql"


def campaign(goal: Any = None, **more: Any) -> Any:
    document = {"id": "spring", "audience": {"include": ["x"]}, "message": {"push": {"body": "x"}}, "control": {"percent": 40}, **more}
    return parse_campaign({**document, "goal": goal} if goal else document)


GOAL = {"event": "Order Completed", "within": "7d", "value": "totals.net"}
ORDERS = campaign(GOAL)


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
    rows = lake.answers(printed(outcomes("r1", asked, planned_at=PLANNED, launched_at=LAUNCHED, as_of=as_of)))
    made = report(campaign_run("r1", as_of=PLANNED, state="succeeded"), asked, rows, as_of=as_of, cost={})
    return Outcome(effect=made.effect, **{arm.arm: arm for arm in made.arms})


def arms(lake: Lake, asked: Any = ORDERS, as_of: datetime = LAUNCHED) -> dict[str, Arm]:
    rows = lake.answers(printed(outcomes("r1", asked, planned_at=PLANNED, launched_at=LAUNCHED, as_of=as_of)))
    return {arm.name: arm for arm in read_arms(["control", "treated"], rows)}


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
    assert found.effect[1].note == "only 1 person of both groups have any value: of fewer than 20 nothing can be told; " + (
        "of 9 times Order Completed, 7 had no readable number at `totals.net`: left out of the value"
    )


def test_later_events_than_the_reports_moment_do_not_exist(lake: Lake) -> None:
    lake.fill("events", [order("t1", START + timedelta(days=1), 10), order("t2", START + timedelta(days=3), 10)])
    assert outcome(lake, as_of=PLANNED + timedelta(days=2)).treated.converted == 1


def test_money_a_head_is_scipys_welch_over_everybody(lake: Lake) -> None:
    from scipy import stats

    spent = {"t1": 12.0, "t2": 80.5, "t19": 3.0, "c4": 40.0, "c5": 1.5}
    lake.fill("events", [order(person, START, amount) for person, amount in spent.items()])
    found = arms(lake)
    groups = found["treated"].value.outcome, found["control"].value.outcome
    value = means(*groups, welch(*groups))
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
    found = outcome(lake, asked=campaign({"event": "Order Completed", "within": "7d"})).treated
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


def test_what_the_same_people_had_done_in_as_long_before_stands_beside(lake: Lake) -> None:
    lake.fill("events", [order("t1", START - timedelta(days=7), 30), order("t1", START, 10), order("t2", START - timedelta(microseconds=1), 4)])
    lake.fill("events", [order("t3", START - timedelta(days=7, microseconds=1), 1000), order("c1", START, 7)])
    treated = arms(lake)["treated"]
    spent = paired(((10.0, 30.0), (0.0, 4.0), *[(0.0, 0.0)] * 18))
    assert sorted(treated.value.largest) == [(0.0, 4.0), (10.0, 30.0)]
    did = paired(((1, 1), (0, 1), *[(0, 0)] * 18))
    for name in ("size", "mean", "deviations", "before", "before_deviations", "together"):
        assert getattr(treated.value, name) == pytest.approx(getattr(spent, name)), name
        assert getattr(treated.conversion, name) == pytest.approx(getattr(did, name)), name


def test_the_largest_sums_of_all_people_stay_finite(lake: Lake) -> None:
    for amount, days in ((1e100, 1), (-1e100, 2), (1e100, -1), ("-1e100", -2), (1e100, 3)):
        lake.fill("events", [order(f"t{n}", START + timedelta(days=days), amount) for n in range(0, 20, 2)])
    value = arms(lake)["treated"].value
    assert all(isfinite(figure) for figure in (value.mean, value.deviations, value.before, value.before_deviations, value.together))
    assert value.mean == pytest.approx(0.5e100) and value.deviations < 1e202, "of a million people 1e206, of a double's 1e308"


def test_the_people_with_the_most_are_known_one_by_one(lake: Lake) -> None:
    lake.fill("assignments", [{"run_id": "r1", "user_id": f"m{n}", "arm": "many"} for n in range(1100)])
    lake.fill("events", [order(f"m{n}", START - timedelta(days=n % 2), n) for n in range(1100)])
    largest = arms(lake)["many"].value.largest
    assert sorted(map(max, largest)) == list(range(100, 1100))
    assert all((after == 0) == (max(after, before) % 2 == 1) for after, before in largest)


def test_direct_are_those_who_did_it_after_they_had_tapped_this_runs_push(lake: Lake) -> None:
    later = START + timedelta(hours=1)
    for person, run, moment in (("t1", "r1", START), ("t2", "r1", later), ("t3", "r2", START), ("t4", "r1", START)):
        lake.fill("events", [push_event(person, "Push Notification Tapped", run, moment)])
    lake.fill("events", [order(person, later, 1) for person in ("t1", "t2", "t3")])
    lake.fill("events", [order("t4", START - timedelta(hours=1), 1), order("t5", later, 1)])
    rows = lake.answers(printed(outcomes("r1", ORDERS, planned_at=PLANNED, launched_at=PLANNED, as_of=LAUNCHED)))
    treated = read_arms(["control", "treated"], rows)[1]
    assert (treated.opened, treated.converted, treated.direct) == (3, 4, 1)


def test_two_ids_of_one_person_count_once_and_in_no_arm_where_they_were_in_two(lake: Lake) -> None:
    became = {"kind": "user", "since_ts": START}
    lake.fill("identities", [{**became, "id": "t1", "user_id": "t2"}, {**became, "id": "t3", "user_id": "c1"}])
    lake.fill("events", [order("t1", START, 100), order("t3", START, 1000), order("t5", START, 7)])
    rows = lake.answers(printed(outcomes("r1", ORDERS, planned_at=PLANNED, launched_at=LAUNCHED, as_of=LAUNCHED)))
    made = report(campaign_run("r1", as_of=PLANNED, state="succeeded"), ORDERS, rows, as_of=LAUNCHED, cost={})
    assert [(arm.arm, arm.people, arm.converted, arm.value) for arm in made.arms] == [("control", 11, 0, 0), ("treated", 18, 2, 107)]
    assert [note for note in made.notes if "left out" in note] == [
        "1 person left out: ids that were in different arms, or held out of all campaigns, have become one person's since"
    ]


def test_of_two_ids_of_one_person_the_better_fate_counts_and_the_group_sizes_are_of_people(lake: Lake) -> None:
    became = {"kind": "user", "since_ts": START}
    lake.fill(
        "identities", [{**became, "id": "t18", "user_id": "t1"}, {**became, "id": "t19", "user_id": "t18"}, {**became, "id": "t2", "user_id": "t3"}]
    )
    rows = lake.answers(printed(outcomes("r1", ORDERS, planned_at=PLANNED, launched_at=LAUNCHED, as_of=LAUNCHED)))
    made = report(campaign_run("r1", as_of=PLANNED, state="succeeded"), ORDERS, rows, as_of=LAUNCHED, cost={})
    treated = made.arms[1]
    assert (treated.people, treated.sent, treated.skipped, made.notes) == (17, 17, {}, [])
    assert made.sample_ratio.expected == pytest.approx({"control": 0.4 * 29, "treated": 0.6 * 29})


def test_all_currencies_are_named_but_what_is_none(lake: Lake) -> None:
    named = ("EUR", "jpy", "USD", "", "??", None)
    paid = [{**order(f"t{n}", START, 1), "properties": json.dumps({"totals": {"net": 1, "currency": name}})} for n, name in enumerate(named)]
    lake.fill("events", paid)
    assert arms(lake)["treated"].currencies == {"EUR", "JPY", "USD"}
    of_euros = arms(lake, campaign({**GOAL, "currency": "EUR"}))["treated"]
    assert (of_euros.foreign, of_euros.total_value) == (2, pytest.approx(4))


def test_values_in_another_currency_are_left_out_and_counted(lake: Lake) -> None:
    def sold(person: str, totals: Any, **properties: Any) -> dict[str, Any]:
        return {**order(person, START, 0), "properties": json.dumps({"totals": totals, **properties})}

    lake.fill("events", [sold("t1", {"net": 10}, currency="eur"), sold("t2", {"net": 5, "currency": "USD"}, currency="EUR"), sold("t3", {"net": 1})])
    lake.fill("events", [sold("t4", {"net": "x"}, currency="EUR")])
    of_euros = arms(lake, campaign({**GOAL, "currency": "EUR"}))["treated"]
    assert (of_euros.total_value, of_euros.goal_events, of_euros.foreign, of_euros.unreadable) == (pytest.approx(11), 4, 1, 1)
    of_all = arms(lake)["treated"]
    assert (of_all.total_value, of_all.foreign, of_all.currencies) == (pytest.approx(16), 0, {"EUR", "USD"})


def test_who_says_no_in_the_window_and_not_before_has_unsubscribed(lake: Lake) -> None:
    def says(person: str, traits: Any, moment: datetime = START, kind: str = "identify") -> dict[str, Any]:
        return {"user_id": person, "event_name": kind, "type": kind, "event_ts": moment, "traits": json.dumps(traits)}

    before = START - timedelta(days=1)
    lake.fill("events", [says("t1", {"unsubscribed": True}), says("t2", {"consent": {"news": False}}), says("t3", {"newsOptOut": "true"})])
    lake.fill("events", [says("t4", {"unsubscribed": True}, before), says("t4", {"unsubscribed": True}), says("t5", {"push_opt_in": False})])
    lake.fill("events", [says("t6", {"unsubscribed": False}), says("t7", {"consent": {"other": False}}), says("t8", {"note": "unsubscribed"})])
    lake.fill("events", [says("t9", {"app": {"unsubscribed": True}}), says("t10", {"unsubscribed": True}, START + timedelta(days=7))])
    lake.fill("events", [says("t11", {"unsubscribed": True}, kind="group"), says("c1", {"subscribed": False})])
    news = campaign(GOAL, delivery={"purpose": "news"})
    assert {name: arm.guardrails["unsubscribed"] for name, arm in arms(lake, news).items()} == {"control": 1, "treated": 4}
    assert arms(lake)["treated"].guardrails["unsubscribed"] == 2, "a campaign without a purpose asks for news of nobody"


def test_guard_rails_are_what_segment_calls_them_and_what_the_campaign_names(lake: Lake) -> None:
    told = [("t1", "Application Uninstalled"), ("t2", "Email Marked as Spam"), ("t3", "Angry Call"), ("t3", "Angry Call"), ("t4", "Left")]
    lake.fill("events", [{"user_id": person, "event_name": name, "event_ts": START} for person, name in told])
    lake.fill("events", [{"user_id": "t5", "event_name": "_other", "other_name": "Angry Call", "event_ts": START}])
    lake.fill("events", [{"user_id": "t6", "event_name": "Angry Call", "event_ts": START - timedelta(microseconds=1)}])
    asked = campaign(GOAL, guardrails={"complained": ["Angry Call"], "unsubscribed": ["Left"]})
    assert arms(lake, asked)["treated"].guardrails == {"unsubscribed": 1, "uninstalled": 1, "complained": 3}
    assert arms(lake)["treated"].guardrails == {"unsubscribed": 0, "uninstalled": 1, "complained": 1}


def test_without_a_goal_nothing_is_read_but_what_the_app_reports(lake: Lake) -> None:
    asked = printed(outcomes("r1", campaign(), planned_at=PLANNED, launched_at=LAUNCHED, as_of=LAUNCHED))
    assert asked.count("FROM events") == 1 and "'identify'" not in asked
    assert arms(lake, campaign())["treated"].guardrails == {"unsubscribed": 0, "uninstalled": 0, "complained": 0}


def test_every_partition_of_events_is_read_once_and_whose_all_is_is_looked_up_once() -> None:
    asked = printed(outcomes("r1", ORDERS, planned_at=PLANNED, launched_at=LAUNCHED, as_of=LAUNCHED))
    assert (asked.count("FROM events"), asked.count("JOIN owners ON"), asked.count("JOIN owners AS renamed ON renamed.owned_kind = 'user'")) == (
        2,
        1,
        1,
    )


def test_the_sql_is_as_written_down_and_two_other_parsers_of_trino_accept_it() -> None:
    """After a change that is meant: WRITE_GOLDEN=1, run, and read the difference. `owners` is whole in tests/domain/lake/owners.sql."""
    asked = campaign({**GOAL, "currency": "EUR"}, guardrails={"complained": ["Complaint Received"]}, delivery={"purpose": "news"})
    tree = outcomes("r1", asked, planned_at=PLANNED, launched_at=LAUNCHED, as_of=LAUNCHED)
    accepted(printed(tree))
    next(part for part in tree.find_all(exp.CTE) if part.alias == OWNERS).set("this", exp.var("…"))
    readable = printed(tree, pretty=True) + "\n"
    if os.environ.get("WRITE_GOLDEN"):
        GOLDEN.write_text(readable)
    assert readable == GOLDEN.read_text()
