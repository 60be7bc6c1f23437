"""A run that came to a halt goes on: in another execution while it has not ended, after that as another run, and once whoever asks."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from regulars.domain.campaigns.duration import MAX_DELIVERY
from regulars.domain.campaigns.execution import Execution, execution_name, orphaned_by
from regulars.domain.campaigns.relaunch import RELAUNCH_WITHIN
from regulars.domain.campaigns.resumption import resumed
from regulars.domain.campaigns.run import ABORTED, Run, RunError, RunSummary
from regulars.domain.errors import ConflictError, NotFoundError, RunnerUnavailableError
from regulars.ports import PushResult
from regulars.usecases.resume_run import resume_run
from tests.fakes.services import ScriptedSender
from tests.usecases import delivery_world
from tests.usecases.delivery_world import CrashError, crash_after
from tests.usecases.test_launch_campaign import World as LaunchWorld
from tests.usecases.test_launch_campaign import ended, launched

STOPPED = Execution("aborted", "Why", "in words")


class World(LaunchWorld):
    """A campaign with one run, that is under way."""

    def __init__(self) -> None:
        super().__init__()
        self.put()
        self.run_id = launched(self).run_id
        self.plan(self.run_id)

    def resume(self, run_id: str = "", *, late: bool = False) -> RunSummary:
        return resume_run(
            run_id or self.run_id,
            late=late,
            request="another",
            by="ina",
            definitions=self.definitions,
            runs=self.runs,
            campaign_runner=self.runner,
            clock=self.clock,
        )

    def change(self, **fields: Any) -> Run:
        stored = self.runs.get(self.run_id)
        self.runs.put(replace(stored.value, **fields), expected=stored.version)
        return self.run(self.run_id)


@pytest.fixture
def world() -> World:
    return World()


@pytest.mark.parametrize("execution", [STOPPED, Execution("timed_out"), Execution("failed"), Execution("succeeded")])
def test_a_run_whose_execution_is_over_goes_on_in_another(world: World, execution: Execution) -> None:
    world.runner.executions[world.run_id] = execution
    world.clock.advance(timedelta(hours=1))
    answer = world.resume()
    assert (answer.run_id, answer.state) == (world.run_id, "running")
    assert world.runner.started == [world.run_id, f"{world.run_id}-2"]
    assert world.run(world.run_id).begun_at == world.clock.now()


def test_a_run_is_resumed_as_often_as_it_comes_to_a_halt(world: World) -> None:
    for number in (1, 2, 3):
        world.runner.executions[execution_name(world.run_id, number)] = STOPPED
        world.resume()
    assert world.runner.started == [world.run_id, *(f"{world.run_id}-{number}" for number in (2, 3, 4))]


def test_a_run_that_never_began_begins_in_the_execution_that_it_was_to_have(world: World) -> None:
    world.runner.started.clear()
    world.resume()
    assert (world.runner.started, world.run(world.run_id).executions) == ([world.run_id], 1)


def test_what_could_not_be_started_is_started_by_the_same_call(world: World) -> None:
    world.runner.executions[world.run_id] = STOPPED
    start, world.runner.start = world.runner.start, _refuse  # type: ignore[method-assign]
    with pytest.raises(RunnerUnavailableError):
        world.resume()
    world.runner.start = start  # type: ignore[method-assign]
    world.resume()
    assert world.runner.started[1:] == [f"{world.run_id}-2"]


def _refuse(run_id: str, number: int = 1) -> str:
    raise RunnerUnavailableError("it is a test")


def test_a_run_whose_execution_is_running_goes_on_by_itself(world: World) -> None:
    before = world.runs.get(world.run_id)
    with pytest.raises(ConflictError, match="goes on by itself: its execution is running"):
        world.resume()
    assert (world.runs.get(world.run_id), world.runner.started) == (before, [world.run_id])


def test_that_sweep_told_it_to_stop_because_its_execution_had_ended_is_taken_back(world: World) -> None:
    world.runner.executions[world.run_id] = STOPPED
    world.change(error=orphaned_by(STOPPED), stopped_at=world.clock.now())
    world.resume()
    run = world.run(world.run_id)
    assert (run.goes_on, run.error, run.stopped_at) == (True, None, None)


@pytest.mark.parametrize("error", [RunError("push_configuration", "FCM refuses us"), RunError(ABORTED, "somebody said so")])
def test_what_else_stopped_it_stays(world: World, error: RunError) -> None:
    world.runner.executions[world.run_id] = STOPPED
    world.change(error=error, stopped_at=world.clock.now())
    with pytest.raises(ConflictError, match="resume it when it has ended"):
        world.resume()
    assert (world.run(world.run_id).error, world.runner.started) == (error, [world.run_id])


def test_of_two_who_resume_it_at_once_one_starts_something(world: World) -> None:
    world.runner.executions[world.run_id] = STOPPED
    look = world.runner.look

    def resumed_by_somebody_else(run_id: str, number: int = 1) -> Execution:
        world.runner.look = look  # type: ignore[method-assign]
        found = look(run_id, number)
        world.resume()
        return found

    world.runner.look = resumed_by_somebody_else  # type: ignore[method-assign]
    with pytest.raises(ConflictError):
        world.resume()
    assert world.runner.started == [world.run_id, f"{world.run_id}-2"]


def test_who_resumes_while_something_else_of_the_run_is_written_is_heard(world: World) -> None:
    """What ends the execution of a run that is paused writes that down a moment after the pause."""
    world.runner.executions[world.run_id] = STOPPED
    look = world.runner.look

    def written_meanwhile(run_id: str, number: int = 1) -> Execution:
        world.runner.look = look  # type: ignore[method-assign]
        world.change(launched_by="somebody")
        return look(run_id, number)

    world.runner.look = written_meanwhile  # type: ignore[method-assign]
    world.resume()
    assert world.run(world.run_id).launched_by == "somebody"
    assert world.runner.started == [world.run_id, f"{world.run_id}-2"]


def test_a_run_that_nobody_knows_is_not_found(world: World) -> None:
    with pytest.raises(NotFoundError):
        world.resume("spring-9")


# --------------------------------------------------------------------------------------------------------------- of one that has ended


def test_one_that_has_ended_unwell_is_gone_on_with_by_another_run(world: World) -> None:
    ended(world, world.run_id)
    world.clock.advance(timedelta(hours=1))
    answer = world.resume()
    assert (answer.continues, answer.state, world.runner.started[1:]) == ((world.run_id,), "planned", [answer.run_id])
    assert world.run(answer.run_id).launched_by == "ina"


def test_a_rehearsal_stays_one(world: World) -> None:
    past = world.clock.now() - timedelta(days=30)
    world.change(as_of=past, planned_at=past, sends=False)
    ended(world, world.run_id)
    found = world.resume()
    assert (found.as_of, found.rehearsal) == (past, True)


def test_one_that_has_ended_is_resumed_once_whoever_asks(world: World) -> None:
    ended(world, world.run_id)
    newest = world.runs.listed(campaign_id="spring", limit=1)
    world.clock.advance(timedelta(minutes=1))
    answer = world.resume()
    with pytest.raises(ConflictError, match=f"run {answer.run_id} .* came after .*`regulars campaign resume {answer.run_id}`"):
        world.resume()
    world.runs.listed = lambda **_: newest  # type: ignore[method-assign,assignment]
    with pytest.raises(ConflictError, match=answer.run_id):
        world.resume()
    assert world.runner.started[1:] == [answer.run_id]


def test_one_that_has_succeeded_has_nobody_left(world: World) -> None:
    ended(world, world.run_id, error=None)
    with pytest.raises(ConflictError, match="has succeeded: nobody is left to send to"):
        world.resume()


def test_one_since_which_another_succeeded_is_not_sent_to_everybody_again(world: World) -> None:
    ended(world, world.run_id)
    later = ended(world, launched(world).run_id, error=None)
    with pytest.raises(ConflictError, match=f"run {later} .* is succeeded: `regulars campaign launch spring` sends to everybody again"):
        world.resume()


def test_one_of_long_ago_is_not_sent_to_everybody_again(world: World) -> None:
    ended(world, world.run_id)
    world.clock.advance(RELAUNCH_WITHIN + timedelta(seconds=1))
    with pytest.raises(ConflictError, match="more than 3 days ago"):
        world.resume()
    assert world.runner.started == [world.run_id]


# ------------------------------------------------------------------------------------------------------------------ who gets what then


def gone_on(world: delivery_world.World) -> None:
    stored = world.runs.get("spring-1")
    world.runs.put(resumed(stored.value, STOPPED, world.clock.now()), expected=stored.version)


def test_of_a_run_that_was_told_to_stop_and_resumed_everybody_else_gets_it_and_nobody_twice() -> None:
    world = delivery_world.World(3 * delivery_world.BLOCK)
    with pytest.raises(CrashError):
        world.deliver(before := crash_after(delivery_world.BLOCK + 20))
    stored, halted = world.runs.get("spring-1"), orphaned_by(STOPPED)
    assert halted is not None
    world.runs.put(stored.value.stopped(halted, world.clock.now()), expected=stored.version)
    assert world.deliver().stopped
    gone_on(world)
    assert world.deliver().done
    twice = set(before.tokens) & set(world.sender.tokens)
    assert (twice, len(world.sender.tokens) + len(before.tokens)) == (set(), 3 * delivery_world.BLOCK - 80)
    assert Counter(outcome for outcome, _ in world.fates.values()) == {"sent": 200, "unknown": 100}


def test_a_run_that_is_resumed_has_its_time_anew() -> None:
    world = delivery_world.World(1)
    away = ScriptedSender(lambda push, _: PushResult(push.key, "later", "unavailable", delay=40))
    assert not world.deliver(away).done
    world.clock.advance(MAX_DELIVERY)
    gone_on(world)
    assert (world.deliver(away).done, world.deliver().sent) == (False, 1)
