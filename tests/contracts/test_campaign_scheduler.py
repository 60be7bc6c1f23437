"""What every CampaignScheduler does, real or fake; and what the real one asks EventBridge Scheduler for."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from regulars.adapters import eventbridge_scheduler
from regulars.adapters.eventbridge_scheduler import EventBridgeScheduler
from regulars.domain.campaigns.schedule import Every, Once, Schedule
from regulars.domain.errors import SchedulerUnavailableError
from regulars.ports import CampaignScheduler
from tests.contracts.suite import suite
from tests.domain.campaigns.test_schedule import cron
from tests.fakes.services import MemoryScheduler

FIRST = datetime(2126, 12, 5, 17, tzinfo=UTC)
WEEKLY = Schedule(cron("0 18 ? * THU *"), "Europe/Berlin")
ARNS = {
    "function": "arn:aws:lambda:us-east-1:123456789012:function:start_occurrence",
    "role": "arn:aws:iam::123456789012:role/schedules",
    "dead_letters": "arn:aws:sqs:us-east-1:123456789012:dead",
}


@pytest.fixture
def eventbridge(aws: None) -> Iterator[CampaignScheduler]:
    boto3.client("scheduler").create_schedule_group(Name="regulars")
    yield EventBridgeScheduler(group="regulars", **ARNS)


scheduler = suite(CampaignScheduler, adapter="eventbridge", fake=MemoryScheduler)


def test_what_is_made_is_there_until_it_is_deleted(scheduler: CampaignScheduler) -> None:
    assert list(scheduler.names()) == []
    scheduler.create("october.0a1b2c3d", "october", WEEKLY, first=FIRST)
    assert list(scheduler.names()) == ["october.0a1b2c3d"]
    scheduler.delete("october.0a1b2c3d")
    assert list(scheduler.names()) == []


def test_names_are_found_by_how_they_begin(scheduler: CampaignScheduler) -> None:
    for name in ("october.0a1b2c3d", "october2.0a1b2c3d"):
        scheduler.create(name, name.partition(".")[0], WEEKLY, first=FIRST)
    assert list(scheduler.names("october.")) == ["october.0a1b2c3d"]
    assert sorted(scheduler.names()) == ["october.0a1b2c3d", "october2.0a1b2c3d"]


def test_more_than_a_page_of_them_are_all_named(scheduler: CampaignScheduler) -> None:
    for number in range(105):
        scheduler.create(f"c{number}.0", f"c{number}", WEEKLY, first=FIRST)
    assert len(set(scheduler.names())) == 105


def test_making_and_deleting_may_be_repeated(scheduler: CampaignScheduler) -> None:
    for _ in range(2):
        scheduler.create("october.0a1b2c3d", "october", WEEKLY, first=FIRST)
    for _ in range(2):
        scheduler.delete("october.0a1b2c3d")
    assert list(scheduler.names()) == []


@pytest.mark.parametrize(
    ("schedule", "asked"),
    [
        (WEEKLY, ("cron(0 18 ? * THU *)", "Europe/Berlin", FIRST - timedelta(minutes=1), None)),
        (Schedule(cron("0 18 ? * THU *"), "user"), ("cron(0 18 ? * THU *)", "Pacific/Kiritimati", FIRST - timedelta(minutes=1), None)),
        (Schedule(Once(FIRST)), (f"at({FIRST:%Y-%m-%dT%H:%M:%S})", "UTC", None, None)),
        (Schedule(Every(timedelta(days=7), FIRST), until=FIRST + timedelta(days=99)), ("rate(7 days)", "UTC", FIRST, FIRST + timedelta(days=99))),
        (Schedule(Every(timedelta(hours=36), FIRST)), ("rate(36 hours)", "UTC", FIRST, None)),
        (Schedule(Every(timedelta(minutes=90), FIRST)), ("rate(90 minutes)", "UTC", FIRST, None)),
        (Schedule(Every(timedelta(days=1), FIRST)), ("rate(1 day)", "UTC", FIRST, None)),
    ],
)
def test_a_schedule_is_told_in_the_services_own_words(eventbridge: CampaignScheduler, schedule: Schedule, asked: tuple[Any, ...]) -> None:
    eventbridge.create("october.1", "october", schedule, first=FIRST)
    kept = boto3.client("scheduler").get_schedule(Name="october.1", GroupName="regulars")
    expression, zone = kept["ScheduleExpression"], kept["ScheduleExpressionTimezone"]
    assert (expression, zone, kept.get("StartDate"), kept.get("EndDate")) == asked
    assert kept["FlexibleTimeWindow"] == {"Mode": "OFF"} and kept["ActionAfterCompletion"] == "DELETE"  # type: ignore[comparison-overlap]
    target = kept["Target"]
    assert (target["Arn"], target["RoleArn"], target["DeadLetterConfig"]["Arn"]) == tuple(ARNS.values())
    assert json.loads(target["Input"]) == {"campaign_id": "october", "scheduled": "<aws.scheduler.scheduled-time>"}
    assert target["RetryPolicy"] == {"MaximumRetryAttempts": 20, "MaximumEventAgeInSeconds": 3600}


def test_what_the_service_refuses_is_ours_to_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    client = boto3.client("scheduler", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x")
    monkeypatch.setattr(eventbridge_scheduler, "client", lambda service: client)
    refusing = MemoryScheduler()
    refusing.refuses = SchedulerUnavailableError("it is a test")
    with Stubber(client) as stub:
        stub.add_client_error("delete_schedule", "ThrottlingException")
        for one in (EventBridgeScheduler(group="regulars", **ARNS), refusing):
            with pytest.raises(SchedulerUnavailableError):
                one.delete("october.1")
