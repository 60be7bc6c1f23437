"""Four weeks of a weekly programme, over the night in which clocks are put back, with a scheduler that calls twice: each occurrence starts once."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.campaigns.promises import policy_of
from tests.usecases.scheduled_world import NOON, THURSDAYS, ScheduledWorld

OWN_THURSDAYS = {"cron": "0 18 ? * THU *", "timezone": "user"}


@pytest.mark.parametrize(
    ("schedule", "moments", "shown"),
    [
        (THURSDAYS, ["08T16", "15T16", "22T16", "29T17"], [None] * 4),
        (
            {"cron": "0 18 ? * THU *", "timezone": "user"},
            ["08T04", "15T04", "22T04", "29T04"],
            [datetime(2026, 10, day, 18) for day in (8, 15, 22, 29)],
        ),
        ({"rate": "7 days", "from": "2026-10-08T18:00", "timezone": "Europe/Berlin"}, ["08T16", "15T16", "22T16", "29T16"], [None] * 4),
    ],
)
def test_each_occurrence_of_four_weeks_is_started_once(schedule: dict[str, str], moments: list[str], shown: list[datetime | None]) -> None:
    world = ScheduledWorld()
    world.put(schedule)
    answers = []
    for _ in range(28):
        answers += world.until(world.clock.now() + timedelta(days=1))
        world.end()
    assert [each.outcome for each in answers] == ["started", "already"] * 4
    runs = world.all_runs
    assert [f"{run.occurrence:%dT%H}" for run in runs if run.occurrence] == moments
    assert [run.local_time for run in runs] == shown
    assert [run.state for run in runs] == ["succeeded"] * 4
    assert world.runner.started == [run.run_id for run in runs]


def test_a_week_in_which_nobody_called_is_reported_and_the_others_go_out() -> None:
    world = ScheduledWorld()
    world.put(THURSDAYS)
    for week in range(4):
        world.until(NOON + timedelta(weeks=week + 1), called=week != 2)
        world.end()
    assert [(run.state, run.error.code if run.error else "") for run in world.all_runs] == [
        ("succeeded", ""),
        ("succeeded", ""),
        ("failed", "missed"),
        ("succeeded", ""),
    ]


ZONES = ["Pacific/Auckland", "Asia/Kolkata", "Europe/Berlin", "America/New_York", "Pacific/Pago_Pago"]


def test_each_week_everybody_is_due_at_six_on_thursday_by_their_own_clock_and_once() -> None:
    """From the middle of September to the middle of November: the nights in which clocks change in New Zealand, in Europe and in America."""
    world = ScheduledWorld(datetime(2026, 9, 16, 12, tzinfo=UTC))
    world.put(OWN_THURSDAYS)
    for _ in range(9):
        world.until(world.clock.now() + timedelta(weeks=1))
        world.end()
    campaign = parse_campaign(world.definitions.get("campaign", "october").document)
    shown: dict[str, list[str]] = {zone: [] for zone in ZONES}
    for run in world.all_runs:
        for zone in ZONES:
            due = policy_of(run, campaign).held_until(run.launched_at, ZoneInfo(zone))
            assert isinstance(due, datetime) and due - run.launched_at < timedelta(hours=26)
            shown[zone].append(f"{due.astimezone(ZoneInfo(zone)):%a %d %b %H:%M}")
    thursdays = [f"{datetime(2026, 9, 17) + timedelta(weeks=week):%a %d %b} 18:00" for week in range(9)]
    assert shown == dict.fromkeys(ZONES, thursdays)
