"""Runs that nobody concludes: what ended their execution is what they say, once all who might still send have ended."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from regulars.domain.campaigns.audience import record_sql
from regulars.domain.campaigns.execution import STRAGGLERS, Execution
from regulars.domain.campaigns.pause import Pause
from regulars.domain.campaigns.relaunch import RELAUNCH_WITHIN
from regulars.domain.campaigns.resumption import resumed
from regulars.domain.campaigns.run import RunError
from regulars.domain.campaigns.shards import shard_manifest
from regulars.domain.errors import QueryFailedError
from regulars.domain.queries import Query
from regulars.usecases.sweep import Swept, sweep
from tests.examples import campaign_run
from tests.fakes.clock import MOMENT, MovableClock
from tests.fakes.services import MemoryRunner, ScriptedQueries
from tests.fakes.stores import MemoryObjects, MemoryProgress, MemoryRuns
from tests.usecases import delivery_world
from tests.usecases.delivery_world import CrashError, crash_after

ROWS = [
    {"arm": "treated", "outcome": "sent", "reason": "", "people": "5", "pushes": "6"},
    {"arm": "treated", "outcome": None, "reason": None, "people": "3", "pushes": None},
]
GOING = {"state": "running", "manifest": "runs/r1/manifest.json", "shards": 2}


class World:
    """A run whose execution has come to an end that nobody noticed."""

    def __init__(self, execution: str = "aborted", **run: Any) -> None:
        self.runs, self.runner, self.clock = MemoryRuns(), MemoryRunner(), MovableClock()
        self.progress, self.lake = MemoryProgress(), MemoryObjects()
        self.lake.content["runs/r1/manifest.json"] = shard_manifest("r1", [])
        self.queries = ScriptedQueries({"INSERT INTO deliveries": [], "assignments": ROWS})
        self.runs.create(campaign_run("r1", **run))
        self.runner.executions["r1"] = Execution(execution)  # type: ignore[arg-type]
        self.clock.advance(timedelta(hours=1))

    def sweep(self) -> Swept:
        return sweep(runs=self.runs, progress=self.progress, lake=self.lake, campaign_runner=self.runner, queries=self.queries, clock=self.clock)

    @property
    def end(self) -> tuple[str, str]:
        run = self.runs.get("r1").value
        return run.state, run.error.code if run.error else ""


@pytest.mark.parametrize(
    ("execution", "end"),
    [
        ("aborted", ("aborted", "aborted")),
        ("timed_out", ("failed", "timed_out")),
        ("failed", ("failed", "not_concluded")),
        ("succeeded", ("failed", "not_concluded")),
        ("missing", ("failed", "not_started")),
    ],
)
def test_a_run_whose_execution_has_ended_ends_as_that_did_with_what_went_out(execution: str, end: tuple[str, str]) -> None:
    world = World(execution, state="running")
    assert world.sweep().concluded == ["r1"]
    assert world.end == end
    run = world.runs.get("r1").value
    assert (run.counts.sent, run.counts.pushes, run.counts.not_reached) == (5, 6, 3)
    assert world.queries.ran[0] == record_sql("r1")
    assert run.concluded_at == world.clock.now()
    assert world.sweep() == Swept([], [], [], {})


def test_a_run_whose_execution_goes_on_is_left_alone() -> None:
    world = World("running", **GOING)
    before = world.runs.get("r1")
    assert world.sweep() == Swept(["r1"], [], [], {})
    assert world.runs.get("r1") == before
    assert world.queries.ran == []


def test_a_launch_that_may_be_about_to_start_its_execution_is_left_alone() -> None:
    world = World("missing")
    world.clock.advance(-timedelta(minutes=55))
    assert world.sweep().going_on == ["r1"]
    world.clock.advance(timedelta(minutes=55))
    assert world.sweep().concluded == ["r1"]


def test_who_may_still_be_sending_is_told_to_stop_and_waited_for_before_anything_is_counted() -> None:
    world = World("aborted", **GOING)
    assert world.sweep() == Swept([], ["r1"], [], {})
    assert not world.runs.goes_on("r1")
    assert world.end == ("running", "aborted")
    assert world.queries.ran == []
    world.clock.advance(STRAGGLERS - timedelta(seconds=1))
    assert world.sweep().stopping == ["r1"]
    world.clock.advance(timedelta(seconds=1))
    assert world.sweep().concluded == ["r1"]
    assert world.end == ("aborted", "aborted")


def test_what_stopped_a_run_before_its_execution_ended_is_what_it_says() -> None:
    world = World("failed", **GOING)
    told = RunError("push_configuration", "no permission")
    world.runs.put(world.runs.get("r1").value.stopped(told, world.clock.now() - STRAGGLERS), expected=1)
    assert world.sweep().concluded == ["r1"]
    assert world.end == ("failed", "push_configuration")


def test_what_the_person_who_stopped_it_said_is_kept() -> None:
    world = World(state="running")
    world.runner.executions["r1"] = Execution("aborted", "WrongAudience", "it was meant for Tuesday")
    world.sweep()
    error = world.runs.get("r1").value.error
    assert error is not None and error.message == "the execution was stopped by hand: WrongAudience it was meant for Tuesday"


def test_what_a_step_failed_of_is_what_the_run_says_in_words() -> None:
    world = World(state="running")
    cause = '{"errorMessage": "Athena is away", "errorType": "QueryFailedError", "stackTrace": []}'
    world.runner.executions["r1"] = Execution("failed", "QueryFailedError", cause)
    world.sweep()
    error = world.runs.get("r1").value.error
    assert error is not None and error.message == "the execution ended without concluding the run: QueryFailedError Athena is away"


def test_one_run_that_cannot_be_concluded_keeps_no_other_from_it_and_is_tried_again() -> None:
    world = World(state="running")
    world.runs.create(campaign_run("r2", state="running"))
    world.runner.executions["r2"] = Execution("timed_out")
    world.queries.answers = {r"deliveries.*'r1'": QueryFailedError("throttled"), **world.queries.answers}
    swept = world.sweep()
    assert (swept.concluded, swept.failed) == (["r2"], {"r1": "throttled"})
    del world.queries.answers[r"deliveries.*'r1'"]
    assert world.sweep().concluded == ["r1"]


def test_a_run_that_its_execution_concludes_between_two_looks_stays_as_it_is() -> None:
    world = World("succeeded", **GOING)
    look = world.runner.look

    def concluding(run_id: str, number: int = 1) -> Execution:
        stored = world.runs.get(run_id)
        world.runs.put(replace(stored.value, state="succeeded"), expected=stored.version)
        return look(run_id, number)

    world.runner.look = concluding  # type: ignore[method-assign]
    assert world.sweep().failed == {}
    assert world.end == ("succeeded", "")


def resume(world: World) -> None:
    stored = world.runs.get("r1")
    world.runs.put(resumed(stored.value, Execution("aborted"), world.clock.now()), expected=stored.version)
    world.runner.start("r1", 2)


def test_of_a_run_that_was_resumed_the_newest_execution_counts() -> None:
    world = World("aborted", **GOING)
    world.sweep()
    resume(world)
    world.clock.advance(STRAGGLERS)
    assert world.sweep() == Swept(["r1"], [], [], {})
    assert world.runs.goes_on("r1")
    world.runner.executions["r1-2"] = Execution("timed_out")
    assert world.sweep().stopping == ["r1"]
    world.clock.advance(STRAGGLERS)
    assert (world.sweep().concluded, world.end) == (["r1"], ("failed", "timed_out"))


def test_a_run_that_is_resumed_between_two_looks_is_not_told_to_stop() -> None:
    world = World("aborted", **GOING)
    look = world.runner.look

    def resuming(run_id: str, number: int = 1) -> Execution:
        found = look(run_id, number)
        resume(world)
        return found

    world.runner.look = resuming  # type: ignore[method-assign]
    assert world.sweep() == Swept(["r1"], [], [], {})
    assert world.runs.goes_on("r1")


def test_a_run_that_is_resumed_while_it_is_being_concluded_goes_on() -> None:
    world = World("aborted", **GOING)
    world.sweep()
    world.clock.advance(STRAGGLERS)
    run = world.queries.run

    def resuming(sql: str) -> Query:
        if sql == record_sql("r1"):
            resume(world)
        return run(sql)

    world.queries.run = resuming  # type: ignore[method-assign]
    assert list(world.sweep().failed) == ["r1"]
    assert (world.runs.goes_on("r1"), world.sweep().going_on) == (True, ["r1"])


PAUSED = {**GOING, "state": "paused", "pause": Pause(MOMENT, "ina")}


@pytest.mark.parametrize("execution", ["running", "succeeded", "failed", "aborted"])
def test_a_paused_run_is_left_alone_whatever_became_of_its_execution(execution: str) -> None:
    world = World(execution, **PAUSED)
    world.clock.advance(RELAUNCH_WITHIN - timedelta(hours=1))
    before = world.runs.get("r1")
    assert (world.sweep(), world.runs.get("r1")) == (Swept(["r1"], [], [], {}), before)


def test_a_paused_run_that_nobody_resumed_in_time_ends_as_aborted() -> None:
    world = World("succeeded", **PAUSED)
    world.clock.advance(RELAUNCH_WITHIN)
    assert world.sweep().stopping == ["r1"]
    world.clock.advance(STRAGGLERS)
    assert world.sweep().concluded == ["r1"]
    assert world.end == ("aborted", "paused_too_long")


def test_who_may_have_got_the_push_of_a_call_that_died_is_in_the_journal_before_it_is_recorded() -> None:
    delivery = delivery_world.World(2)
    with pytest.raises(CrashError):
        delivery.deliver(crash_after(1))
    delivery.stop()
    runner, queries = MemoryRunner(), ScriptedQueries({"INSERT INTO deliveries": [], "assignments": []})
    runner.executions["spring-1"] = Execution("aborted")

    def look() -> Swept:
        stores = {"runs": delivery.runs, "progress": delivery.progress, "lake": delivery.lake}
        return sweep(**stores, campaign_runner=runner, queries=queries, clock=delivery.clock)

    assert (look().stopping, delivery.rows) == (["spring-1"], [])
    delivery.clock.advance(STRAGGLERS)
    delivery.lake.fails = lambda key: True
    assert (list(look().failed), queries.ran) == (["spring-1"], [])
    delivery.lake.fails = lambda key: False
    assert look().concluded == ["spring-1"]
    assert delivery.fates == {"h0": ("unknown", "interrupted"), "h1": ("unknown", "interrupted")}
    assert queries.ran[0] == record_sql("spring-1")
