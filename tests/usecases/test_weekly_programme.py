"""Four weeks of a weekly programme, over the night in which clocks are put back, with a scheduler that calls twice: each occurrence starts once."""

from datetime import datetime, timedelta

import pytest

from tests.usecases.scheduled_world import NOON, THURSDAYS, ScheduledWorld

FOUR_WEEKS = timedelta(weeks=4)


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
