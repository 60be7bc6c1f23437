"""Clauses about pushes, consent and first times, worked out by hand; both readings are held to it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from regulars.domain.lake.sql import printed
from regulars.domain.segments import audience_sql, parse_rule
from regulars.domain.segments.conversions import with_goals
from regulars.domain.segments.rule import ConversionGoal
from tests.domain.segments.judges import accepted
from tests.domain.segments.lake import Lake
from tests.domain.segments.people import audience
from tests.domain.segments.test_meaning import event, identify

LAKE = Lake()
AS_OF = datetime(2017, 10, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def push(user: str, run: str, outcome: str, ago: timedelta, campaign: str = "spring") -> dict[str, Any]:
    return {"user_id": user, "run_id": run, "campaign_id": campaign, "outcome": outcome, "delivered_ts": AS_OF - ago}


PUSHES = [
    push("ann", "r1", "sent", 3 * DAY),
    push("ann", "r1", "failed", 3 * DAY),  # another device of hers
    push("ann", "r2", "sent", 10 * DAY, "autumn"),
    push("bob", "r1", "failed", 3 * DAY),
    push("bob", "r2", "skipped", 10 * DAY, "autumn"),
    push("eve", "r3", "sent", timedelta(0)),  # at the very moment
    push("old", "r1", "sent", 3 * DAY),  # who has become cyd
]
EVENTS = [
    identify("ann", 20 * DAY, marketing_opt_in=True),
    identify("bob", 20 * DAY, marketing_opt_in=True, unsubscribed=True),
    identify("cyd", 20 * DAY, consent={"marketing": True, "news": False}),
    identify("dan", 20 * DAY, marketing_opted_out=True),
    identify("eve", 20 * DAY, unsubscribed=False),
    event("ann", "Push Notification Received", 3 * DAY, campaign_id="spring", run_id="r1"),
    event("ann", "Push Notification Tapped", 2 * DAY, campaign_id="spring", run_id="r1"),
    event("bob", "Push Notification Tapped", 9 * DAY, campaign_id="autumn", run_id="r2"),
    event("bob", "Order Completed", 40 * DAY),
    event("bob", "Order Completed", 5 * DAY),
    event("eve", "Order Completed", 6 * DAY),
    event("ann", "Signed Up", timedelta(hours=36, minutes=1)),  # a minute before her 36 hours were over
    event("old", "Signed Up", 2 * DAY),
    event("eve", "Signed Up", 2 * DAY),  # before she was sent anything
    {**event("cyd", "alias", DAY, previousId="old"), "type": "alias"},
]


GOALS = {"spring": ConversionGoal("Signed Up", timedelta(hours=36))}


def found(rule: Any) -> list[str]:
    events = [{"message_id": f"e{number}", **one} for number, one in enumerate(EVENTS)]
    LAKE.fill(events)
    LAKE.deliver(PUSHES)
    tree = with_goals(parse_rule(rule), GOALS)
    sql = printed(audience_sql(tree, AS_OF, {}))
    accepted(sql)
    people = sorted(LAKE.column(sql))
    assert audience(tree, events, AS_OF, {}, pushes=PUSHES) == people
    return people


@pytest.mark.parametrize(
    ("rule", "people"),
    [
        ({"message": "sent"}, ["ann", "cyd"]),
        ({"message": "sent", "campaign": "autumn"}, ["ann"]),
        ({"message": "sent", "within": "7d", "count": {"gte": 2}}, []),
        ({"message": "sent", "count": {"gte": 2}}, ["ann"]),
        ({"not": {"message": "sent"}}, ["bob", "dan", "eve"]),
        ({"message": "sent", "count": {"eq": 0}}, ["bob", "dan", "eve"]),
        ({"message": "failed"}, ["bob"]),
        ({"message": "received"}, ["ann", "bob"]),
        ({"message": "received", "count": {"gte": 2}}, []),
        ({"message": "received", "count": {"eq": 1}}, ["ann", "bob"]),
        ({"message": "received", "count": {"ne": 1}}, ["cyd", "dan", "eve"]),
        ({"message": "received", "count": {"lt": 1}}, ["cyd", "dan", "eve"]),
        ({"message": "received", "count": {"between": [1, 3]}, "campaign": "autumn"}, ["bob"]),
        ({"message": "received", "count": {"in": [0, 7]}}, ["cyd", "dan", "eve"]),
        ({"message": "received", "count": {"nin": [0, 7]}}, ["ann", "bob"]),
        ({"not": {"message": "received"}}, ["cyd", "dan", "eve"]),
        ({"message": "opened"}, ["ann", "bob"]),
        ({"message": "opened", "campaign": "spring"}, ["ann"]),
        ({"message": "opened", "within": "7d"}, ["ann"]),
        ({"all": [{"message": "sent", "campaign": "spring"}, {"not": {"message": "opened", "campaign": "spring"}}]}, ["cyd"]),
    ],
)
def test_what_became_of_pushes(rule: Any, people: list[str]) -> None:
    assert found(rule) == people


@pytest.mark.parametrize(
    ("rule", "people"),
    [
        ({"message": "converted", "campaign": "spring"}, ["ann", "cyd"]),
        ({"message": "converted", "campaign": "spring", "before": "2017-09-29T11:59:00"}, ["cyd"]),
        (
            {"all": [{"message": "sent", "campaign": "spring"}, {"not": {"message": "converted", "campaign": "spring", "within": "1d"}}]},
            ["ann", "cyd"],
        ),
    ],
)
def test_whoever_reached_the_goal_after_a_push_was_sent_has_converted(rule: Any, people: list[str]) -> None:
    assert found(rule) == people


@pytest.mark.parametrize(
    ("rule", "people"),
    [
        ({"consent": "marketing"}, ["ann", "cyd"]),
        ({"not": {"consent": "marketing"}}, ["bob", "dan"]),
        ({"not": {"consent": "news"}}, ["bob", "cyd"]),
        ({"consent": "news"}, []),
    ],
)
def test_consent_is_a_yes_that_no_no_contradicts(rule: Any, people: list[str]) -> None:
    assert found(rule) == people


@pytest.mark.parametrize(
    ("rule", "people"),
    [
        ({"event": "Order Completed", "first": {"within": "30d"}}, ["eve"]),
        ({"event": "Order Completed", "last": {"within": "30d"}}, ["bob", "eve"]),
        ({"event": "Order Completed", "first": {"before": "2017-09-01"}}, ["bob"]),
        ({"not": {"event": "Order Completed", "first": {"within": "30d"}}}, ["bob"]),
        ({"event": "Order Completed", "within": "30d", "first": {"after": "2017-09-26"}}, ["bob"]),
        ({"event": "Order Completed", "last": {"from": "2017-09-25", "to": "2017-09-26"}}, ["eve"]),
        ({"event": "Order Completed", "last": {"from": "2017-09-25", "to": "2017-09-25T00:00:00.000001"}}, ["eve"]),
    ],
)
def test_when_something_was_done_first_and_last(rule: Any, people: list[str]) -> None:
    assert found(rule) == people
