"""An occurrence is started once, whoever calls how often; and not where it is too late, or in the way of another."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from regulars.domain.campaigns.run import RunError
from regulars.domain.errors import RunnerUnavailableError, RunUnderWayError
from regulars.usecases.launch_campaign import launch_campaign
from regulars.usecases.resume_run import resume_run
from tests.usecases.scheduled_world import NOON, THURSDAYS, ScheduledWorld

DUE = datetime(2026, 10, 8, 16, tzinfo=UTC)
DAILY_BY_OWN_CLOCKS = {"cron": "0 18 * * ? *", "timezone": "user"}
OWN_DUE = datetime(2026, 10, 8, 4, tzinfo=UTC)


@pytest.fixture
def world() -> ScheduledWorld:
    """At the first occurrence, half a minute late."""
    world = ScheduledWorld()
    world.put(THURSDAYS)
    world.clock.moment = DUE + timedelta(seconds=30)
    return world


def test_whoever_calls_twice_starts_one_run_named_by_the_occurrence(world: ScheduledWorld) -> None:
    first, second = world.call(DUE), world.call(DUE)
    assert (first.outcome, second.outcome) == ("started", "already")
    assert first.run_id == second.run_id and first.run_id.startswith("october-20261008T160000-")
    assert world.runner.started == [first.run_id]
    run = world.runs.get(first.run_id).value
    assert (run.occurrence, run.local_time, run.launched_by, run.as_of) == (DUE, None, "schedule", world.clock.now())


def test_a_call_after_the_run_has_ended_starts_none(world: ScheduledWorld) -> None:
    world.call(DUE)
    world.end()
    world.clock.advance(timedelta(minutes=20))
    assert world.call(DUE).outcome == "already"
    assert len(world.all_runs) == 1


def test_a_call_that_comes_too_late_is_reported_and_starts_nothing(world: ScheduledWorld) -> None:
    world.clock.moment = DUE + timedelta(minutes=61)
    answer = world.call(DUE)
    assert answer.outcome == "missed" and "61 minutes late" in answer.because
    run = world.runs.get(answer.run_id).value
    assert (run.state, run.error and run.error.code) == ("failed", "missed")
    assert world.call(DUE).outcome == "already"
    assert world.runner.started == []


def test_what_is_not_an_occurrence_of_the_newest_version_is_left_alone(world: ScheduledWorld) -> None:
    assert world.call(DUE - timedelta(minutes=1)).outcome == "idle"
    world.put({**THURSDAYS, "cron": "0 19 ? * THU *"})
    assert world.call(DUE).outcome == "idle"
    world.put(None)
    assert world.call(DUE).outcome == "idle"
    assert world.all_runs == []


def test_an_occurrence_that_is_still_to_come_is_not_started_before_its_time(world: ScheduledWorld) -> None:
    assert world.call(DUE + timedelta(days=7)).outcome == "idle"
    world.clock.moment = DUE - timedelta(seconds=20)  # two clocks never show the same
    assert world.call(DUE).outcome == "started"


def test_an_archived_campaign_and_one_that_never_was_start_nothing(world: ScheduledWorld) -> None:
    world.archive()
    assert world.call(DUE).outcome == "idle"
    assert ScheduledWorld().call(DUE).outcome == "idle"


def test_while_an_earlier_run_is_under_way_it_is_missed_and_says_of_which(world: ScheduledWorld) -> None:
    earlier = world.call(DUE)
    world.clock.advance(timedelta(days=7))
    answer = world.call(DUE + timedelta(days=7))
    assert answer.outcome == "missed" and f"run {earlier.run_id} of this campaign is under way" in answer.because
    assert world.runner.started == [earlier.run_id]


def test_where_its_audience_is_gone_it_is_missed(world: ScheduledWorld) -> None:
    world.definitions.put(
        "campaign", "october", {**world.definitions.get("campaign", "october").document, "audience": {"include": ["gone"]}}, at=NOON, by="x"
    )
    answer = world.call(DUE)
    assert answer.outcome == "missed" and "there is no segment gone" in answer.because


def test_by_own_clocks_todays_may_go_beside_yesterdays_which_is_on_its_way_round_the_earth() -> None:
    world = ScheduledWorld()
    world.put(DAILY_BY_OWN_CLOCKS)
    answers = []
    for days in range(2):
        world.clock.moment = OWN_DUE + timedelta(days=days, seconds=30)
        answers.append(world.call(OWN_DUE + timedelta(days=days)))
    assert [each.outcome for each in answers] == ["started", "started"]
    assert [run.local_time for run in world.all_runs] == [datetime(2026, 10, 8, 18), datetime(2026, 10, 9, 18)]


def test_beside_a_run_by_own_clocks_nothing_else_of_its_campaign_goes() -> None:
    world = ScheduledWorld()
    world.put(DAILY_BY_OWN_CLOCKS)
    world.clock.moment = OWN_DUE + timedelta(seconds=30)
    own = world.call(OWN_DUE).run_id
    by_hand: dict[str, Any] = {"definitions": world.definitions, "runs": world.runs, "campaign_runner": world.runner, "clock": world.clock}
    with pytest.raises(RunUnderWayError, match=own):
        launch_campaign("october", request="a click", by="mara", **by_hand)
    world.put({"cron": "0 6 * * ? *"})
    world.clock.moment = datetime(2026, 10, 8, 6, 0, 30, tzinfo=UTC)
    assert world.call(datetime(2026, 10, 8, 6, tzinfo=UTC)).outcome == "missed"


def test_a_call_that_died_before_it_started_the_execution_is_made_good_by_the_next(world: ScheduledWorld) -> None:
    run_id = world.call(DUE).run_id
    world.runner.started.clear()
    assert world.call(DUE).outcome == "already"
    assert world.runner.started == [run_id]


def test_what_step_functions_did_not_take_is_started_by_the_next_call_once(world: ScheduledWorld) -> None:
    world.runner.refuses = RunnerUnavailableError("Step Functions is away")
    with pytest.raises(RunnerUnavailableError):
        world.call(DUE)
    world.runner.refuses = None
    answer = world.call(DUE)
    assert (answer.outcome, world.call(DUE).outcome) == ("started", "already")
    assert world.runner.started[0] == answer.run_id
    assert {run.occurrence for run in world.all_runs} == {DUE}


def test_an_occurrence_goes_on_with_no_other_ones_failure_and_a_resumed_one_with_its_own() -> None:
    world = ScheduledWorld()
    world.put({"cron": "0 18 * * ? *", "timezone": "Europe/Berlin"})
    world.clock.moment = DUE + timedelta(seconds=30)
    failed = world.call(DUE).run_id
    world.end("failed", manifest="runs/x/manifest.json", error=RunError("unfinished", "it is a test"))
    world.clock.advance(timedelta(days=1))
    next_day = world.call(DUE + timedelta(days=1)).run_id
    assert world.runs.get(next_day).value.continues == ()
    world.end("failed", manifest="runs/y/manifest.json", error=RunError("unfinished", "it is a test"))
    resumed = resume_run(
        next_day, request="again", by="mara", definitions=world.definitions, runs=world.runs, campaign_runner=world.runner, clock=world.clock
    )
    kept = world.runs.get(resumed.run_id).value
    assert (kept.continues, kept.occurrence) == ((next_day,), DUE + timedelta(days=1))
    assert failed not in kept.continues


def test_a_missed_one_is_started_late_when_somebody_resumes_it(world: ScheduledWorld) -> None:
    world.clock.moment = DUE + timedelta(hours=5)
    missed = world.call(DUE).run_id
    resumed = resume_run(
        missed, request="again", by="mara", definitions=world.definitions, runs=world.runs, campaign_runner=world.runner, clock=world.clock
    )
    assert world.runner.started == [resumed.run_id]
    assert world.runs.get(resumed.run_id).value.occurrence == DUE
