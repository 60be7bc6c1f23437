"""The report of a journey: its statement, executed over drawn lives, against the same asked person by person in plain Python and of scipy."""

import json
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from math import sqrt
from random import Random
from typing import Any

import pytest
from scipy import stats

from regulars.domain.journeys.parse import parse_journey
from regulars.domain.lake.buckets import bucket_of
from regulars.domain.lake.sql import printed
from regulars.domain.measure.arm import Arm, in_several, read_arms
from regulars.domain.measure.intervals import means, welch
from regulars.domain.measure.journey_query import entries, journey_outcomes
from regulars.domain.measure.report import Report, report_of
from regulars.domain.measure.study import study_of_journey
from tests.domain.campaigns.lake import Lake

SINCE = datetime(2026, 10, 1, tzinfo=UTC)
START = SINCE.replace(tzinfo=None)
AS_OF = SINCE + timedelta(days=60)
WEEK = timedelta(days=7)
GOAL = {"event": "Order Completed", "within": "7d", "value": "revenue"}


def journey(**changes: Any) -> Any:
    document = {
        "id": "welcome",
        "entry": {"event": "Signed Up"},
        "holdout": {"percent": 30},
        "goal": GOAL,
        "start": "hello",
        "steps": {"hello": {"message": {"push": {"body": "x"}}, "then": None}},
    }
    return parse_journey({name: value for name, value in {**document, **changes}.items() if value is not None})


JOURNEY, WITHOUT_GOAL = journey(), journey(goal=None)


def told(user: str, name: str, at: datetime, journey_id: str = "welcome", **said: Any) -> dict[str, Any]:
    properties = json.dumps({"journey": journey_id, **said})
    return {"user_id": user, "event_name": name, "event_ts": at, "source": "regulars", "type": "track", "properties": properties}


def entered(user: str, at: datetime, arm: str, **more: Any) -> dict[str, Any]:
    return told(user, "Journey Entered", at, arm=arm, **more)


def order(user: str | None, at: datetime, revenue: Any, **more: Any) -> dict[str, Any]:
    done = {"user_id": user, "event_name": "Order Completed", "event_ts": at, "source": "web", "type": "track"}
    return {**done, "properties": json.dumps({"revenue": revenue}), **more}


def rows(lake: Lake, asked: Any = JOURNEY, since: datetime = SINCE, as_of: datetime = AS_OF) -> list[Any]:
    return lake.answers(printed(journey_outcomes(asked, since=since, as_of=as_of)))


def arms(lake: Lake, **asked: Any) -> dict[str, Arm]:
    return {arm.name: arm for arm in read_arms(["control", "treated"], rows(lake, **asked))}


def made(lake: Lake, asked: Any = JOURNEY, as_of: datetime = AS_OF) -> Report:
    answered = rows(lake, asked, as_of=as_of)
    span = entries(answered)
    assert span
    return report_of(study_of_journey(asked, "live", first=span.first, last=span.last, as_of=as_of), answered, as_of=as_of, cost={"total": 0.0})


class Population:
    """Whoever came in, at a moment of their own, and what each did in the week after it and before."""

    def __init__(self, size: int, seed: int) -> None:
        draw = Random(seed)
        self.events: list[dict[str, Any]] = []
        self.after: dict[str, list[float]] = defaultdict(list)
        self.before: dict[str, list[float]] = defaultdict(list)
        for number in range(size):
            user = f"u{number}"
            arm = "control" if bucket_of(user, "journey/welcome") < 3000 else "treated"
            start = START + timedelta(seconds=draw.randrange(30 * 86_400))
            self.events += [entered(user, start, arm), entered(user, start + timedelta(days=draw.randrange(1, 20)), arm)]
            after = before = 0.0
            for _ in range(draw.randrange(4)):
                off, amount = draw.uniform(-10, 10), round(draw.lognormvariate(3, 1), 2)
                self.events.append(order(user, start + timedelta(days=off), amount))
                after += amount if 0 <= off < 7 else 0.0
                before += amount if -7 <= off < 0 else 0.0
            if arm == "treated" and draw.random() < 0.8:
                self.events.append(told(user, "Message Sent", start, step="hello"))
            self.after[arm].append(after)
            self.before[arm].append(before)


def wilson(did: int, of: int) -> tuple[float, float, float]:
    bounds = stats.binomtest(did, of).proportion_ci(0.95, method="wilson")
    return did / of, bounds.low, bounds.high


def test_a_simulated_population_is_told_as_scipy_has_it() -> None:
    lake, people = Lake(), Population(600, 7)
    lake.fill("events", people.events)
    found = arms(lake)
    for arm in ("control", "treated"):
        after, before = people.after[arm], people.before[arm]
        value = found[arm].value
        assert (found[arm].people, found[arm].converted) == (len(after), sum(amount > 0 for amount in after))
        assert (value.mean, value.before) == pytest.approx((sum(after) / len(after), sum(before) / len(before)), rel=1e-9)
        together = stats.pearsonr(after, before).statistic * sqrt(value.deviations * value.before_deviations)
        assert value.together == pytest.approx(together, rel=1e-9)
    groups = found["treated"].value.outcome, found["control"].value.outcome
    ours, expected = means(*groups, welch(*groups)), stats.ttest_ind(people.after["treated"], people.after["control"], equal_var=False)
    assert (ours.low, ours.high) == pytest.approx(tuple(expected.confidence_interval(0.95)), rel=1e-9)
    conversion = made(lake).effect[0]
    (p1, l1, u1), (p2, l2, u2) = (wilson(found[arm].converted, found[arm].people) for arm in ("treated", "control"))
    low, high = p1 - p2 - sqrt((p1 - l1) ** 2 + (u2 - p2) ** 2), p1 - p2 + sqrt((u1 - p1) ** 2 + (p2 - l2) ** 2)
    assert conversion.method == "newcombe"
    assert (conversion.difference, conversion.low, conversion.high) == pytest.approx((p1 - p2, low, high), rel=1e-9)


def test_where_the_journey_changes_nothing_it_is_said_to_in_one_of_twenty() -> None:
    """Twenty journeys without an effect: by chance one is told apart, and five or more once in four hundred times."""
    alarms, draw = 0, Random(11)
    for _ in range(20):
        lake = Lake()
        people = [(f"u{n}", "control" if draw.random() < 0.3 else "treated", START + timedelta(hours=draw.randrange(500))) for n in range(100)]
        lake.fill("events", [entered(user, at, arm) for user, arm, at in people])
        lake.fill("events", [told(user, "Message Sent", at) for user, arm, at in people if arm == "treated"])
        lake.fill("events", [order(user, at + timedelta(days=1), 10) for user, _, at in people if draw.random() < 0.3])
        effect = made(lake).effect[0]
        assert effect.low is not None and effect.high is not None
        alarms += not effect.low <= 0 <= effect.high
    assert alarms < 5


def test_each_persons_window_is_half_open_and_begins_when_they_came_in() -> None:
    lake, late = Lake(), START + timedelta(days=20)
    lake.fill("events", [entered("a", START, "treated"), entered("b", late, "treated"), entered("c", late, "control")])
    moments = {"a": (START, START + WEEK), "b": (late - timedelta(microseconds=1), late + WEEK - timedelta(microseconds=1)), "c": (late,)}
    lake.fill("events", [order(user, at, 10) for user, times in moments.items() for at in times])
    found = arms(lake)
    assert (found["treated"].converted, found["treated"].goal_events, found["control"].converted) == (2, 2, 1)
    assert found["treated"].value.before == pytest.approx(5.0), "what b did just before"


def test_the_first_run_in_the_span_counts_and_only_of_this_journey() -> None:
    lake = Lake()
    lake.fill("events", [entered("a", START - timedelta(days=1), "treated"), entered("a", START + WEEK, "treated")])
    lake.fill("events", [entered("b", START, "treated", journey_id="other"), {**entered("c", START, "treated"), "source": "somebody's key"}])
    lake.fill("events", [order("a", START + timedelta(days=1), 1000), order("a", START + timedelta(days=8), 10), order("b", START, 5)])
    found = arms(lake)["treated"]
    assert (found.people, found.total_value) == (1, pytest.approx(10))


def test_ids_of_one_person_count_once_and_in_no_arm_where_they_were_in_two() -> None:
    lake, became = Lake(), {"kind": "user", "since_ts": START}
    lake.fill("identities", [{**became, "id": "a", "user_id": "b"}, {**became, "id": "c", "user_id": "d"}])
    lake.fill("identities", [{"kind": "anonymous", "id": "n", "user_id": "b", "since_ts": START}])
    for user, arm in (("a", "treated"), ("b", "treated"), ("c", "treated"), ("d", "control"), ("e", "control")):
        lake.fill("events", [entered(user, START, arm)])
    lake.fill("events", [order("a", START, 1), order(None, START, 2, anonymous_id="n")])
    found = arms(lake)
    assert (found["treated"].people, found["control"].people, in_several(rows(lake))) == (1, 1, 1)
    assert (found["treated"].converted, found["treated"].total_value) == (1, pytest.approx(3))


def test_what_became_of_messages_is_the_best_of_each_and_said_where_there_was_none() -> None:
    lake = Lake()
    lake.fill("events", [entered(user, START, "treated") for user in "abcd"])
    failed = told("a", "Message Failed", START, reason="unregistered")
    lake.fill("events", [failed, told("a", "Message Sent", START), {**failed, "user_id": "b"}, told("c", "Message Skipped", START, reason="capped")])
    tapped = {"event_name": "Push Notification Tapped", "properties": json.dumps({"journey_id": "welcome"})}
    lake.fill("events", [{**order("a", START + timedelta(hours=1), 0), **tapped}, order("a", START + timedelta(hours=2), 1)])
    found = arms(lake)["treated"]
    assert (found.sent, found.failed, found.skipped) == (1, {"unregistered": 1}, {"capped": 1, "no_message": 1})
    assert (found.received, found.opened, found.direct) == (1, 1, 1)


def test_who_says_no_after_they_came_in_and_not_before_has_unsubscribed() -> None:
    lake, later = Lake(), START + timedelta(days=10)
    lake.fill("events", [entered(user, later, "treated") for user in "abc"])
    says = {"event_name": "identify", "type": "identify", "traits": json.dumps({"unsubscribed": True}), "properties": None}
    moments = (("a", later), ("b", later - timedelta(days=1)), ("b", later), ("c", later + WEEK))
    lake.fill("events", [{**order(user, at, 0), **says} for user, at in moments])
    assert arms(lake)["treated"].guardrails == {"unsubscribed": 1, "uninstalled": 0, "complained": 0}


def test_while_a_window_is_open_the_verdict_is_one_that_holds_however_often_one_looks() -> None:
    lake, people = Lake(), Population(300, 3)
    lake.fill("events", people.events)
    early = made(lake, as_of=SINCE + timedelta(days=35))
    assert early.window is not None and not early.window.closed and early.effect[0].judged_by == "anytime"
    assert made(lake).effect[0].judged_by == "plain"


def test_a_journey_without_a_holdout_says_what_cannot_be_known() -> None:
    lake = Lake()
    lake.fill("events", [entered(f"u{n}", START, "treated") for n in range(20)])
    lake.fill("events", [order("u1", START, 10), told("u1", "Message Sent", START)])
    found = made(lake, journey(holdout={"percent": 0}))
    assert found.effect == []
    assert found.sentence == (
        "1 of 20 people were sent a message, 0 were held back. 5.0 % of 20 did Order Completed within 7 days. The control group was switched off, so"
        " what the journey changed cannot be known."
    )


def test_a_journey_that_names_no_goal_says_so() -> None:
    lake = Lake()
    lake.fill("events", [entered(f"u{n}", START, "treated") for n in range(20)])
    found = made(lake, WITHOUT_GOAL)
    assert "The journey names no goal" in found.sentence and found.window is None


def test_nobody_came_in_where_nobody_did() -> None:
    assert entries(rows(Lake())) is None


def test_events_are_read_once() -> None:
    sql = printed(journey_outcomes(JOURNEY, since=SINCE, as_of=AS_OF))
    assert sql.count("FROM events") == 1
