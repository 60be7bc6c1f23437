"""Schedules fire when AWS would, by an injected clock."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from local.resources.model import Schedule
from local.runtime.schedule_expressions import BadExpressionError, next_time
from local.runtime.schedules import Scheduler, target_input


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
        "cron(0 9 15W * ? *)",
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
    scheduler = Scheduler(schedules, lambda due, when: fired.append((due.name, when)), lambda: now)
    for _ in range(45):
        scheduler.fire_due()
        now += timedelta(minutes=1)
    assert [(name, when.minute) for name, when in fired] == [("s", 15), ("once", 20), ("s", 30)]


def test_times_missed_fire_once() -> None:
    now = at("2026-01-01T00:00:00")
    fired: list[datetime] = []
    scheduler = Scheduler([schedule("rate(15 minutes)")], lambda due, when: fired.append(when), lambda: now)
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

    scheduler = Scheduler([schedule("rate(1 minute)", name="bad"), schedule("rate(1 minute)")], fire, lambda: now)
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
