"""The upkeep's state machine, executed: what is tried again, what goes on after a failure, and how it ends."""

import json
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest

from local.resources.model import Function
from local.runtime import stepfunctions
from local.runtime.lambdas import Lambdas

MACHINE = (Path(__file__).parents[3] / "infra/statemachines/upkeep.asl.json").read_text()
PLAN = """
    def lambda_handler(event, context):
        return {"optimize": %r, "vacuum": %r, "left": 0}
"""
Night = Callable[..., tuple[str, Counter[str]]]


@pytest.fixture
def night(cloud: None, make_function: Callable[..., Function], run_lambdas: Callable[..., Lambdas], monkeypatch: pytest.MonkeyPatch) -> Night:
    """Runs the machine over a plan; how it ended, and how often each statement was asked. `fails` says how often a statement fails at first."""
    from moto.athena.models import Execution

    asked: Counter[str] = Counter()

    def run(optimize: list[str], vacuum: list[str], fails: dict[str, int]) -> tuple[str, Counter[str]]:
        run_lambdas(make_function("upkeep", PLAN % (optimize, vacuum)))
        monkeypatch.setattr(Execution, "status", property(lambda self: _state(self, asked, fails), lambda self, value: None))
        monkeypatch.setattr(Execution, "advance", lambda self: None)
        status = _executed()
        stepfunctions.stop_executions()
        return status, asked

    return run


def _state(execution: Any, asked: Counter[str], fails: dict[str, int]) -> str:
    if "counted" not in vars(execution):
        asked[execution.query] += 1
        execution.counted = asked[execution.query]
    return "FAILED" if execution.counted <= fails.get(execution.query, 0) else "SUCCEEDED"


def _executed() -> str:
    client: Any = boto3.client("stepfunctions")
    definition = json.dumps(_impatient(json.loads(MACHINE)))
    for name, value in {"UpkeepFunctionArn": "upkeep", "WorkGroup": "primary", "Database": "regulars"}.items():
        definition = definition.replace(f"${{{name}}}", value)
    machine = client.create_state_machine(name=f"m{time.time_ns()}", definition=definition, roleArn="arn:aws:iam::123456789012:role/r")
    execution = client.start_execution(stateMachineArn=machine["stateMachineArn"], input="{}")["executionArn"]
    while (status := client.describe_execution(executionArn=execution)["status"]) == "RUNNING":
        time.sleep(0.01)
    return str(status)


def _impatient(node: Any) -> Any:
    """The same machine, trying again at once and three times at most."""
    if isinstance(node, dict):
        short = {"IntervalSeconds": 1, "BackoffRate": 1.0, "MaxAttempts": 2}
        return {key: short[key] if key in short else _impatient(value) for key, value in node.items()}
    return [_impatient(item) for item in node] if isinstance(node, list) else node


def test_every_statement_is_asked_once_and_in_order(night: Night) -> None:
    assert night(["OPTIMIZE a", "OPTIMIZE b"], ["VACUUM a", "VACUUM b"], {}) == (
        "SUCCEEDED",
        Counter({"OPTIMIZE a": 1, "OPTIMIZE b": 1, "VACUUM a": 1, "VACUUM b": 1}),
    )


def test_a_night_without_anything_to_join_only_vacuums(night: Night) -> None:
    assert night([], ["VACUUM a"], {}) == ("SUCCEEDED", Counter({"VACUUM a": 1}))


def test_a_statement_that_lost_a_race_or_wants_more_runs_is_asked_again(night: Night) -> None:
    assert night(["OPTIMIZE a"], ["VACUUM a"], {"OPTIMIZE a": 1, "VACUUM a": 2}) == ("SUCCEEDED", Counter({"VACUUM a": 3, "OPTIMIZE a": 2}))


def test_one_that_goes_on_failing_stops_no_other_and_the_night_ends_as_failed(night: Night) -> None:
    status, asked = night(["OPTIMIZE a", "OPTIMIZE b"], ["VACUUM a"], {"OPTIMIZE a": 99})
    assert (status, asked["OPTIMIZE b"], asked["VACUUM a"]) == ("FAILED", 1, 1)
