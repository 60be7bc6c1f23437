"""Pausing, resuming and aborting a run: twice is once, who was first is told, what cannot be is said, and no execution is left or missing."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from regulars.domain.campaigns.execution import Execution, execution_name, orphaned_by
from regulars.domain.campaigns.pause import Pause
from regulars.domain.campaigns.relaunch import RELAUNCH_WITHIN
from regulars.domain.campaigns.resumption import SHORT_PAUSE
from regulars.domain.campaigns.run import RunError, RunSummary
from regulars.domain.errors import ConflictError, NotFoundError, RunEndedError, RunnerUnavailableError
from regulars.usecases.abort_run import abort_run
from regulars.usecases.pause_run import pause_run
from tests.usecases.test_launch_campaign import SPRING
from tests.usecases.test_resume_run import STOPPED
from tests.usecases.test_resume_run import World as ResumeWorld

REFUSED = RunError("message_refused", "message.title: FCM refuses it")


class World(ResumeWorld):
    """A campaign with one run, that is under way."""

    def pause(self, by: str = "ina") -> RunSummary:
        return pause_run(self.run_id, by=by, runs=self.runs, clock=self.clock)

    def abort(self, by: str = "ina") -> RunSummary:
        return abort_run(self.run_id, by=by, runs=self.runs, campaign_runner=self.runner, clock=self.clock)

    def rest(self) -> None:
        """The execution has seen the pause, and has ended."""
        self.runner.executions[execution_name(self.run_id, self.run(self.run_id).executions)] = Execution("succeeded")

    def end(self, state: str) -> None:
        self.change(state=state)


@pytest.fixture
def world() -> World:
    return World()


# ------------------------------------------------------------------------------------------------------------------------ pause


def test_a_paused_run_says_since_when_and_by_whom_and_sends_to_nobody(world: World) -> None:
    told = world.pause()
    assert (told.state, told.stopped_at, told.stopped_by) == ("paused", world.clock.now(), "ina")
    assert not world.runs.goes_on(world.run_id)


def test_two_who_pause_it_pause_it_once_and_the_first_is_named(world: World) -> None:
    first = world.pause()
    world.clock.advance(timedelta(minutes=1))
    version = world.runs.get(world.run_id).version
    assert (world.pause("otto"), world.runs.get(world.run_id).version) == (first, version)


def test_a_run_is_paused_although_somebody_else_writes_it_at_the_same_time(world: World) -> None:
    get = world.runs.get

    def overtaken(run_id: str):  # type: ignore[no-untyped-def]
        world.runs.get = get  # type: ignore[method-assign]
        stored = get(run_id)
        world.runs.put(replace(stored.value, shards=7), expected=stored.version)
        return stored

    world.runs.get = overtaken  # type: ignore[method-assign]
    world.pause()
    assert (world.run(world.run_id).state, world.run(world.run_id).shards) == ("paused", 7)


@pytest.mark.parametrize("state", ["succeeded", "failed", "aborted"])
def test_one_that_has_ended_is_not_paused(world: World, state: str) -> None:
    world.end(state)
    with pytest.raises(ConflictError, match=f"has ended, and is {state}: nothing of it is left to pause"):
        world.pause()


def test_one_that_was_told_to_end_is_not_paused(world: World) -> None:
    world.abort()
    with pytest.raises(ConflictError, match="was told to end \\(aborted by ina\\)"):
        world.pause()


def test_one_that_nobody_knows_is_neither_paused_nor_aborted(world: World) -> None:
    world.run_id = "spring-9"
    for change in (world.pause, world.abort):
        with pytest.raises(NotFoundError):
            change()


def test_one_that_was_paused_before_it_was_planned_is_planned_and_stays_paused(world: World) -> None:
    world.change(state="planned", plan=None)
    world.pause()
    world.plan(world.run_id)
    assert (world.run(world.run_id).state, world.run(world.run_id).plan is None) == ("paused", False)


# ----------------------------------------------------------------------------------------------------------------------- resume


@pytest.mark.parametrize("execution", ["running", "succeeded", "aborted", "failed"])
def test_one_that_was_paused_goes_on_in_the_next_execution_whatever_became_of_the_one_before(world: World, execution: Any) -> None:
    world.pause()
    world.runner.executions[world.run_id] = Execution(execution)
    told = world.resume()
    assert (told.state, told.stopped_at) == ("running", None)
    assert world.runner.started == [world.run_id, f"{world.run_id}-2"]
    assert (world.runs.goes_on(world.run_id, 2), world.runs.goes_on(world.run_id, 1)) == (True, False)


def test_one_that_was_paused_before_it_had_an_execution_begins_in_that(world: World) -> None:
    world.runner.started.clear()
    world.pause()
    world.resume()
    assert world.runner.started == [world.run_id]


def test_a_run_is_paused_and_resumed_as_often_as_one_likes(world: World) -> None:
    for number in (2, 3, 4):
        world.pause()
        world.rest()
        world.resume()
        assert world.runner.started[-1] == f"{world.run_id}-{number}"


def test_what_could_not_be_started_is_started_by_the_same_call(world: World) -> None:
    world.pause()
    world.rest()
    start = world.runner.start

    def refuse(run_id: str, number: int = 1) -> str:
        raise RunnerUnavailableError("it is a test")

    world.runner.start = refuse  # type: ignore[method-assign]
    with pytest.raises(RunnerUnavailableError):
        world.resume()
    world.runner.start = start  # type: ignore[method-assign]
    world.resume()
    assert world.runner.started[1:] == [f"{world.run_id}-2"]


def test_one_that_is_resumed_has_its_shards_and_asks_athena_for_nothing_but_to_record(world: World) -> None:
    first = world.plan(world.run_id)
    world.change(manifest="runs/r/manifest.json", shards=3)
    world.catalog.commit("events", "9007199254740995")
    assert world.plan(world.run_id) == replace(first, manifest="runs/r/manifest.json", shards=3)


def test_a_message_that_lives_shorter_than_the_pause_is_sent_only_if_it_may_be_late(world: World) -> None:
    world.change(campaign=replace(world.run(world.run_id).campaign, document={**SPRING, "message": {"push": {"title": "Now", "ttl": "60s"}}}))
    world.pause()
    world.clock.advance(SHORT_PAUSE + timedelta(seconds=1))
    with pytest.raises(ConflictError, match=r"longer than its message lives \(`ttl`: 60 s\): .*--late` .*abort"):
        world.resume()
    assert world.resume(late=True).state == "running"
    world.pause()
    world.clock.advance(SHORT_PAUSE)
    assert world.resume().state == "running"


def test_a_pause_of_days_is_too_long_and_says_so(world: World) -> None:
    world.pause()
    world.clock.advance(RELAUNCH_WITHIN + timedelta(seconds=1))
    with pytest.raises(ConflictError, match="launched more than 3 days ago, and its message is no news any more: abort it"):
        world.resume(late=True)


def test_what_fcm_refused_to_everybody_goes_on_as_it_was_once_the_project_is_mended(world: World) -> None:
    world.change(state="paused", pause=Pause(world.clock.now()), error=RunError("push_configuration", "no permission"))
    told = world.resume()
    assert (told.state, told.error, told.campaign_version) == ("running", None, 1)


def test_a_refused_message_is_not_sent_again_before_it_is_mended(world: World) -> None:
    world.change(state="paused", pause=Pause(world.clock.now()), error=REFUSED)
    with pytest.raises(ConflictError, match=r"FCM would refuse run .* again: mend the message of campaign spring, put it, and resume"):
        world.resume()
    world.put(message={"push": {"title": "Mended"}})
    told = world.resume()
    assert (told.state, told.error, told.campaign_version) == ("running", None, 2)
    assert world.run(world.run_id).campaign.document["message"]["push"]["title"] == "Mended"


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"control": {"percent": 20}}, "control"),
        ({"audience": {"include": ["buyers"]}}, "audience"),
        ({"goal": {"event": "Order Completed", "within": "7d"}}, "goal"),
        ({"delivery": {"purpose": "transactional"}}, "delivery"),
        ({"schedule": {"cron": "0 18 ? * THU *"}}, "schedule"),
        ({"variants": [{"id": "a", "weight": 1, "message": {"push": {"title": "A"}}}]}, "variants"),
    ],
)
def test_with_the_message_nothing_else_is_mended_that_its_people_were_divided_by(world: World, changes: dict[str, object], named: str) -> None:
    world.change(state="paused", pause=Pause(world.clock.now()), error=REFUSED)
    world.put(**changes)
    with pytest.raises(ConflictError, match=f"can't take version 2 of campaign spring, which changes its {named}"):
        world.resume()


# ------------------------------------------------------------------------------------------------------------------------ abort


def test_an_aborted_run_says_so_at_once_by_whom_and_when_although_it_is_not_counted_yet(world: World) -> None:
    told = world.abort()
    assert (told.state, told.stopped_by, told.stopped_at, told.concluded_at) == ("aborted", "ina", world.clock.now(), None)
    assert told.error == RunError("aborted", "aborted by ina")
    assert not world.run(world.run_id).has_ended
    assert not world.runs.goes_on(world.run_id)


def test_two_who_abort_it_abort_it_once_and_the_first_is_named(world: World) -> None:
    first = world.abort()
    world.clock.advance(timedelta(minutes=1))
    assert world.abort("otto") == first
    world.end("aborted")
    assert world.abort("otto").state == "aborted"


@pytest.mark.parametrize("state", ["succeeded", "failed"])
def test_one_that_has_ended_is_not_aborted(world: World, state: str) -> None:
    world.end(state)
    with pytest.raises(ConflictError, match=f"has ended, and is {state}: what went out can't be called back"):
        world.abort()


@pytest.mark.parametrize("paused", [False, True])
def test_it_is_counted_by_another_execution_for_the_one_before_may_wait_for_hours_or_have_ended(world: World, paused: bool) -> None:
    if paused:
        world.pause()
    assert world.abort("otto").stopped_by == "otto"
    assert world.runner.started == [world.run_id, f"{world.run_id}-2"]
    assert world.run(world.run_id).pause is None


def test_one_that_never_began_gets_an_execution_that_plans_nothing_and_ends_it(world: World) -> None:
    world.change(state="planned", plan=None)
    world.runner.started.clear()
    world.abort()
    assert world.runner.started == [f"{world.run_id}-2"]
    with pytest.raises(RunEndedError, match="was told to end before there was anybody to send to: aborted by ina"):
        world.plan(world.run_id)


def test_where_no_execution_can_be_started_nothing_goes_out_all_the_same(world: World) -> None:
    world.runner.refuses = RunnerUnavailableError("it is a test")
    with pytest.raises(RunnerUnavailableError):
        world.abort()
    assert not world.runs.goes_on(world.run_id)
    world.runner.refuses = None
    assert world.abort().state == "aborted"


def test_what_was_aborted_is_not_resumed_before_it_is_counted(world: World) -> None:
    world.abort()
    with pytest.raises(ConflictError, match="was told to stop \\(aborted by ina\\): resume it when it has ended"):
        world.resume()


def test_one_that_sweep_had_told_to_stop_is_aborted_by_whoever_says_so(world: World) -> None:
    world.change(error=orphaned_by(STOPPED) and RunError("timed_out", "24 hours"), stopped_at=world.clock.now())
    assert world.abort().state == "aborted"
