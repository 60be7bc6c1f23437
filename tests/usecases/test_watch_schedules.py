"""The scheduler has what the newest versions say, whatever was cut off; and of an occurrence that never was somebody hears."""

from datetime import UTC, datetime, timedelta

import pytest

from regulars.domain.campaigns.occurrences import schedule_name, schedule_of
from regulars.domain.errors import SchedulerUnavailableError
from tests.usecases.scheduled_world import NOON, THURSDAYS, ScheduledWorld

OWN = {"cron": "0 18 ? * THU *", "timezone": "user"}


@pytest.fixture
def world() -> ScheduledWorld:
    return ScheduledWorld()


def kept(world: ScheduledWorld) -> list[str]:
    return [schedule.shown_after(world.clock.now(), 1)[0] for _, schedule in world.scheduler.kept.values()]


def test_put_answers_the_next_five_as_the_zones_clock_shows_them_over_a_change(world: ScheduledWorld) -> None:
    saved = world.put(THURSDAYS)
    assert saved.next == [f"2026-10-{day:02}T18:00+02:00" for day in (8, 15, 22)] + ["2026-10-29T18:00+01:00", "2026-11-05T18:00+01:00"]
    assert world.put(OWN).next[0] == "2026-10-08T18:00"
    assert world.put({"at": "2026-10-08T18:00Z"}).next == ["2026-10-08T18:00+00:00"]
    assert world.put(None).next == ()


def test_another_timing_is_another_schedule_and_the_same_one_the_same(world: ScheduledWorld) -> None:
    world.put(THURSDAYS)
    before = dict(world.scheduler.kept)
    world.put(THURSDAYS, name="Another name")
    assert world.scheduler.kept == before
    world.put({**THURSDAYS, "timezone": "Asia/Tokyo"})
    assert kept(world) == ["2026-10-08T18:00+09:00"]
    world.put(None)
    assert world.scheduler.kept == {}


def test_archiving_removes_it_and_putting_it_again_brings_it_back(world: ScheduledWorld) -> None:
    world.put(THURSDAYS)
    world.archive()
    assert world.scheduler.kept == {}
    assert world.put(THURSDAYS).version == 2
    assert len(world.scheduler.kept) == 1


def test_what_put_could_not_say_is_said_by_the_same_put_again_or_by_the_next_look(world: ScheduledWorld) -> None:
    for heal in (lambda: world.put(THURSDAYS), world.watch):
        world.scheduler.kept.clear()
        world.scheduler.refuses = SchedulerUnavailableError("EventBridge is away")
        with pytest.raises(SchedulerUnavailableError):
            world.put(THURSDAYS)
        world.scheduler.refuses = None
        heal()
        assert kept(world) == ["2026-10-08T18:00+02:00"]


def test_a_look_removes_what_an_archive_or_a_put_left_behind(world: ScheduledWorld) -> None:
    world.put(THURSDAYS)
    left = dict(world.scheduler.kept)
    world.put({**THURSDAYS, "cron": "0 19 ? * THU *"})
    world.scheduler.kept |= left
    assert world.watch().removed == list(left)
    assert kept(world) == ["2026-10-08T19:00+02:00"]
    world.scheduler.kept |= left
    world.archive()
    world.scheduler.kept |= left
    assert world.watch().removed == list(left)
    assert (world.scheduler.kept, world.watch().removed) == ({}, [])


def test_a_schedule_that_cannot_be_removed_keeps_nothing_else_from_being_told(world: ScheduledWorld) -> None:
    world.put(THURSDAYS)
    (right,) = world.scheduler.kept.values()
    world.scheduler.kept |= {"gone.1": right, "gone.2": right}
    delete = world.scheduler.delete

    def refuses_the_first(name: str) -> None:
        if name == "gone.1":
            raise SchedulerUnavailableError("EventBridge is away")
        delete(name)

    world.scheduler.delete = refuses_the_first  # type: ignore[method-assign]
    world.clock.moment = datetime(2026, 10, 8, 17, 30, tzinfo=UTC)
    seen = world.watch()
    assert (seen.removed, seen.failed) == (["gone.2"], {"gone.1": "EventBridge is away"})
    assert seen.missed == [run.run_id for run in world.all_runs] != []


def test_a_moment_that_has_just_come_is_left_to_the_scheduler_and_never_made_again(world: ScheduledWorld) -> None:
    world.put({"at": "2026-10-08T18:00Z"})
    world.clock.moment = datetime(2026, 10, 8, 18, 5, tzinfo=UTC)
    assert (world.watch().removed, len(world.scheduler.kept)) == ([], 1)
    world.scheduler.kept.clear()  # as AWS does when it has called
    assert world.watch().made == []
    world.put({"at": "2026-10-08T18:00Z"}, name="Renamed")  # the schedule itself was put in time
    assert world.scheduler.kept == {}


def test_an_occurrence_without_a_run_is_reported_an_hour_later_and_once(world: ScheduledWorld) -> None:
    world.put(THURSDAYS)
    due = datetime(2026, 10, 8, 16, tzinfo=UTC)
    world.until(due + timedelta(minutes=45), step=timedelta(minutes=15), called=False)
    assert world.all_runs == []
    world.until(due + timedelta(days=2), called=False)
    (run,) = world.all_runs
    assert (run.state, run.occurrence, run.error and run.error.code) == ("failed", due, "missed")
    assert "the occurrence of 2026-10-08T16:00Z was not started" in str(run.error)
    assert world.call(due).outcome == "already"


def test_after_days_without_any_of_the_platform_each_missed_one_is_reported(world: ScheduledWorld) -> None:
    world.put({"cron": "0 18 * * ? *"})
    world.clock.moment = NOON + timedelta(days=10, hours=8)
    assert len(world.watch().missed) == 3
    assert world.watch().missed == []


def test_what_was_due_before_the_version_was_saved_is_not_missed(world: ScheduledWorld) -> None:
    world.clock.moment = datetime(2026, 10, 8, 16, 30, tzinfo=UTC)
    world.put(THURSDAYS)
    world.clock.advance(timedelta(hours=3))
    assert world.watch().missed == []


def test_a_name_is_of_the_timing_and_fits_the_longest_id(world: ScheduledWorld) -> None:
    world.put(THURSDAYS)
    schedule = schedule_of(world.definitions.get("campaign", "october"))
    assert schedule and len(schedule_name("x" * 48, schedule)) <= 64
    assert list(world.scheduler.kept) == [schedule_name("october", schedule)]


def test_a_short_goal_by_peoples_own_clocks_is_warned_of(world: ScheduledWorld) -> None:
    goal = {"event": "Order Completed", "within": "1d"}
    assert [each.path for each in world.put(OWN, goal=goal).warnings] == ["goal.within"]
    assert world.put(OWN, goal={**goal, "within": "2d"}).warnings == []
    assert world.put(THURSDAYS, goal=goal).warnings == []


def test_an_hour_that_lies_in_quiet_hours_is_warned_of_with_what_becomes_of_it(world: ScheduledWorld) -> None:
    for schedule in (OWN, THURSDAYS):
        at_ten = {**schedule, "cron": "0 22 ? * THU *"}
        night = {"quiet_hours": {"from": "21:00", "to": "08:00"}}
        (held,) = world.put(at_ten, delivery=night).warnings
        assert (held.path, held.message.partition(": ")[2]) == ("schedule", "whoever lives by that clock waits until 08:00")
        (dropped,) = world.put(at_ten, delivery={"quiet_hours": {**night["quiet_hours"], "otherwise": "drop"}}).warnings
        assert "22:00 lies in the quiet hours from 21:00 to 08:00" in dropped.message and dropped.message.endswith("gets nothing")
        assert world.put(schedule, delivery=night).warnings == []
