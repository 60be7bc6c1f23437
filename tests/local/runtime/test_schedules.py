"""Schedules fire when AWS would, by an injected clock."""

import json
from datetime import UTC, datetime, timedelta

import boto3
import pytest
from moto import mock_aws

from local.resources.model import Schedule
from local.runtime.made_schedules import forget_schedule, made_schedules
from local.runtime.schedule_expressions import BadExpressionError, next_time
from local.runtime.schedules import Scheduler, following, target_input
from regulars.adapters import aws as clients
from regulars.adapters.eventbridge_scheduler import EventBridgeScheduler
from regulars.domain.campaigns import schedule as campaigns


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("expression", "zone", "after", "expected"),
    [
        ("rate(15 minutes)", "UTC", "2026-01-01T10:07:00", "2026-01-01T10:22:00"),
        ("rate(1 day)", "UTC", "2026-01-01T10:07:00", "2026-01-02T10:07:00"),
        ("at(2026-03-01T09:00:00)", "Europe/Paris", "2026-01-01T00:00:00", "2026-03-01T08:00:00"),
        ("at(2026-03-01T09:00:00)", "UTC", "2026-03-01T09:00:00", None),
        ("cron(0 9 * * ? *)", "UTC", "2026-01-01T09:00:00", "2026-01-02T09:00:00"),
        ("cron(0 9 * * ? *)", "America/New_York", "2026-07-01T00:00:00", "2026-07-01T13:00:00"),
        ("cron(0/20 8-9 ? * MON-FRI *)", "UTC", "2026-01-02T09:40:00", "2026-01-05T08:00:00"),
        ("cron(5,10 0 L * ? *)", "UTC", "2028-02-01T00:00:00", "2028-02-29T00:05:00"),
        ("cron(0 0 ? * 6L *)", "UTC", "2026-01-01T00:00:00", "2026-01-30T00:00:00"),
        ("cron(0 0 ? * 3#2 *)", "UTC", "2026-01-01T00:00:00", "2026-01-13T00:00:00"),
        ("cron(0 0 1 JAN ? 2030)", "UTC", "2026-01-01T00:00:00", "2030-01-01T00:00:00"),
        ("cron(0 0 1 JAN ? 2020)", "UTC", "2026-01-01T00:00:00", None),
        # Clocks go forward: 02:30 does not exist on 29 March. They go back: 02:30 comes twice on 25 October.
        ("cron(30 2 * * ? *)", "Europe/Paris", "2026-03-28T02:00:00", "2026-03-30T00:30:00"),
        ("cron(30 2 * * ? *)", "Europe/Paris", "2026-10-25T00:30:00", "2026-10-26T01:30:00"),
    ],
)
def test_the_next_time(expression: str, zone: str, after: str, expected: str | None) -> None:
    assert next_time(expression, zone, at(after)) == (expected and at(expected))


@pytest.mark.parametrize(
    "expression",
    [
        "every day",
        "rate(0 minutes)",
        "rate(5 weeks)",
        "cron(0 9 * * *)",
        "cron(0 9 * * * *)",
        "cron(60 9 * * ? *)",
        "cron(0 9 LW * ? *)",
        "cron(0 9 ? * FOO *)",
        "cron(0/0 9 ? * * *)",
        "cron(9-5 9 ? * * *)",
    ],
)
def test_what_is_no_expression_is_refused(expression: str) -> None:
    with pytest.raises(BadExpressionError):
        next_time(expression, "UTC", at("2026-01-01T00:00:00"))


def schedule(expression: str, **settings: object) -> Schedule:
    return Schedule(**{"logical_id": "S", "name": "s", "expression": expression, "target_arn": "t", **settings})  # type: ignore[arg-type]


def test_a_schedule_fires_when_the_clock_gets_there_and_not_again() -> None:
    now = at("2026-01-01T00:00:00")
    fired: list[tuple[str, datetime]] = []
    schedules = [schedule("rate(15 minutes)"), schedule("at(2026-01-01T00:20:00)", name="once")]
    schedules.append(schedule("rate(1 minute)", name="off", enabled=False))
    scheduler = Scheduler(lambda: schedules, lambda due, when: fired.append((due.name, when)), lambda: now)
    for _ in range(45):
        scheduler.fire_due()
        now += timedelta(minutes=1)
    assert [(name, when.minute) for name, when in fired] == [("s", 15), ("once", 20), ("s", 30)]


def test_times_missed_fire_once() -> None:
    now = at("2026-01-01T00:00:00")
    fired: list[datetime] = []
    scheduler = Scheduler(lambda: [schedule("rate(15 minutes)")], lambda due, when: fired.append(when), lambda: now)
    now += timedelta(days=1)
    scheduler.fire_due()
    scheduler.fire_due()
    assert fired == [at("2026-01-01T00:15:00")]


def test_a_schedule_that_fails_does_not_silence_the_next(capsys: pytest.CaptureFixture[str]) -> None:
    import time

    now = at("2026-01-01T00:00:00")
    fired: list[str] = []

    def fire(due: Schedule, when: datetime) -> None:
        fired.append(due.name)
        if due.name == "bad":
            raise ValueError("no")

    scheduler = Scheduler(lambda: [schedule("rate(1 minute)", name="bad"), schedule("rate(1 minute)")], fire, lambda: now)
    now += timedelta(minutes=1)
    scheduler.start()
    end = time.monotonic() + 5
    while len(fired) < 2 and time.monotonic() < end:
        time.sleep(0.05)
    scheduler.stop()
    assert fired == ["bad", "s"]
    assert "ValueError: no" in capsys.readouterr().err


def test_the_target_gets_its_input_with_the_attributes_filled_in() -> None:
    text = target_input(schedule("rate(1 day)", input='{"at": "<aws.scheduler.scheduled-time>"}'), at("2026-01-01T00:15:00"))
    assert json.loads(text) == {"at": "2026-01-01T00:15:00Z"}
    assert json.loads(target_input(schedule("rate(1 day)"), at("2026-01-01T00:15:00")))["source"] == "aws.scheduler"


def test_a_schedule_that_is_made_later_is_found_and_one_that_is_gone_fires_no_more() -> None:
    now = at("2026-01-01T00:00:00")
    fired: list[str] = []
    there: list[Schedule] = []
    scheduler = Scheduler(lambda: there, lambda due, when: fired.append(due.name), lambda: now)
    there.append(schedule("rate(10 minutes)", name="made"))
    for _ in range(30):
        scheduler.fire_due()
        now += timedelta(minutes=1)
    there.clear()
    for _ in range(30):
        scheduler.fire_due()
        now += timedelta(minutes=1)
    assert fired == ["made", "made"]


def test_a_rate_with_a_start_is_counted_from_it_and_ends_where_it_says() -> None:
    bounded = schedule("rate(7 days)", starts=at("2026-01-01T18:00:00"), ends=at("2026-01-15T18:00:00"))
    assert following(bounded, at("2025-12-25T18:00:00")) == at("2026-01-01T18:00:00")
    assert following(bounded, at("2026-01-01T18:00:00")) == at("2026-01-08T18:00:00")
    assert following(bounded, at("2026-01-08T18:00:00")) is None
    assert following(schedule("cron(0 18 * * ? *)", starts=at("2026-01-03T00:00:00")), at("2026-01-01T00:00:00")) == at("2026-01-03T18:00:00")


def test_who_made_it_hears_when_it_is_over() -> None:
    now = at("2026-01-01T00:00:00")
    over: list[str] = []
    once = schedule("at(2026-01-01T00:10:00)", name="once")
    scheduler = Scheduler(lambda: [once], lambda due, when: None, lambda: now, over=lambda each: over.append(each.name))
    now += timedelta(minutes=10)
    for _ in range(2):
        scheduler.fire_due()
    assert over == ["once"]


@mock_aws
def test_what_the_adapter_makes_is_fired_with_its_campaign_and_moment_and_then_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clients, "_clients", {})
    boto3.client("scheduler", region_name="us-east-1").create_schedule_group(Name="regulars")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    due = at("2126-12-05T17:00:00")
    adapter = EventBridgeScheduler(group="regulars", function="arn:aws:lambda:f", role="arn:aws:iam:r", dead_letters="arn:aws:sqs:q")
    adapter.create("october.1", "october", campaigns.Schedule(campaigns.Once(due)), first=due)
    now = due - timedelta(minutes=1)
    fired: list[tuple[str, str]] = []
    scheduler = Scheduler(
        lambda: made_schedules([]), lambda each, when: fired.append((each.role, target_input(each, when))), lambda: now, over=forget_schedule
    )
    for _ in range(3):
        scheduler.fire_due()
        now += timedelta(minutes=1)
    assert fired == [("arn:aws:iam:r", '{"campaign_id":"october","scheduled":"2126-12-05T17:00:00Z"}')]
    assert list(adapter.names()) == []
