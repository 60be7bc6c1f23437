"""The handler that EventBridge Scheduler calls, over what it gives it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from functions.start_occurrence.handler import lambda_handler
from regulars import wiring
from regulars.domain.errors import RunnerUnavailableError
from tests.usecases.scheduled_world import THURSDAYS, ScheduledWorld

DUE = json.loads((Path(__file__).parents[2] / "events/start_occurrence/due.json").read_text())


@pytest.fixture
def world() -> Iterator[ScheduledWorld]:
    world = ScheduledWorld(datetime(2026, 11, 25, 12, tzinfo=UTC))
    world.put({**THURSDAYS, "timezone": "UTC"})
    world.clock.moment = datetime(2026, 11, 26, 18, 0, 30, tzinfo=UTC)
    wiring.install(definitions=world.definitions, runs=world.runs, campaign_runner=world.runner, clock=world.clock)
    yield world
    wiring.install()


def called() -> dict[str, Any]:
    return lambda_handler(DUE, None)  # type: ignore[arg-type]


def counted(capsys: pytest.CaptureFixture[str]) -> list[str]:
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
    return [name for line in lines if "_aws" in line for name in ("OccurrencesStarted", "OccurrencesMissed") if name in line]


def test_the_schedulers_call_starts_the_run_and_is_counted_once(world: ScheduledWorld, capsys: pytest.CaptureFixture[str]) -> None:
    assert [called()["outcome"], called()["outcome"]] == ["started", "already"]
    assert counted(capsys) == ["OccurrencesStarted"]
    assert len(world.runner.started) == 1


def test_a_missed_one_is_counted_for_the_alarm(world: ScheduledWorld, capsys: pytest.CaptureFixture[str]) -> None:
    world.clock.moment = datetime(2026, 11, 26, 20, tzinfo=UTC)
    assert called()["outcome"] == "missed"
    assert counted(capsys) == ["OccurrencesMissed"]


def test_what_may_pass_is_raised_so_that_lambda_calls_again(world: ScheduledWorld) -> None:
    world.runner.refuses = RunnerUnavailableError("Step Functions is away")
    with pytest.raises(RunnerUnavailableError):
        called()
