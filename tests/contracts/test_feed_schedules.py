"""What every FeedSchedules does, real or fake; and what the real one asks EventBridge Scheduler for."""

import json
from datetime import timedelta

import boto3
import pytest
from botocore.stub import Stubber

from regulars.adapters import eventbridge_feed_schedules
from regulars.adapters.eventbridge_feed_schedules import EventBridgeFeedSchedules
from regulars.domain.errors import SchedulerUnavailableError
from regulars.ports import FeedSchedules
from tests.contracts.suite import suite
from tests.fakes.content import MemoryFeedSchedules

ARNS = {"function": "arn:aws:lambda:us-east-1:123456789012:function:poll", "role": "arn:aws:iam::123456789012:role/schedules"}


@pytest.fixture
def eventbridge(aws: None) -> FeedSchedules:
    boto3.client("scheduler").create_schedule_group(Name="feeds")
    return EventBridgeFeedSchedules(group="feeds", **ARNS)


schedules = suite(FeedSchedules, adapter="eventbridge", fake=MemoryFeedSchedules)


def test_making_and_removing_may_be_repeated(schedules: FeedSchedules) -> None:
    for minutes in (15, 15, 60):
        schedules.ensure("news", timedelta(minutes=minutes))
    for _ in range(2):
        schedules.remove("news")


def test_a_schedule_polls_its_feed_as_often_as_was_said_last(eventbridge: FeedSchedules) -> None:
    for minutes in (15, 60):
        eventbridge.ensure("news", timedelta(minutes=minutes))
    made = boto3.client("scheduler").get_schedule(Name="news", GroupName="feeds")
    assert (made["ScheduleExpression"], made["Target"]["Arn"], made["Target"]["RoleArn"]) == ("rate(1 hour)", *ARNS.values())
    assert json.loads(made["Target"]["Input"]) == {"feed_id": "news", "scheduled": True}


def test_a_service_that_refuses_is_told_in_our_words(eventbridge: FeedSchedules, monkeypatch: pytest.MonkeyPatch) -> None:
    with Stubber(boto3.client("scheduler")) as stubbed:
        stubbed.add_client_error("delete_schedule", "ThrottlingException")
        monkeypatch.setattr(eventbridge_feed_schedules, "client", lambda _: stubbed.client)
        with pytest.raises(SchedulerUnavailableError):
            eventbridge.ensure("news", timedelta(minutes=15))
