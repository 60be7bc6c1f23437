"""The look back's state machine, executed: every shard is replayed and all are added up, or whoever asked is told why not."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest

from local.resources.model import Function
from local.runtime import stepfunctions
from local.runtime.lambdas import Lambdas

MACHINE = (Path(__file__).parents[3] / "infra/statemachines/look_back.asl.json").read_text()
PLAN = """
    def lambda_handler(event, context):
        if event["journey_id"] == "gone":
            raise LookupError("no such journey")
        return {"unload_before": "UNLOAD 1 ", "unload_after": " x", "shards": [0, 1, 2], "events": 9, "bytes_scanned": 7, "seconds": 0.5}
"""
REPLAY = """
    def lambda_handler(event, context):
        if event["shard"] == %d:
            raise RuntimeError("it is broken")
        return {"shard": event["shard"], "events": 3, "people": 1, "seconds": 1.5}
"""
MERGE = """
    told = []

    def lambda_handler(event, context):
        import json, pathlib
        pathlib.Path(%r).write_text(json.dumps(event))
        return {}
"""
Looked = Callable[..., tuple[str, Any]]


@pytest.fixture
def looked(
    cloud: None, make_function: Callable[..., Function], run_lambdas: Callable[..., Lambdas], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Looked:
    """Runs the machine; how it ended, and what merge_replay was told last."""
    from moto.athena.models import Execution

    def run(journey_id: str = "welcome", *, broken: int = -1, query: str = "SUCCEEDED") -> tuple[str, Any]:
        told = tmp_path / "told.json"
        run_lambdas(
            make_function("plan_replay", PLAN), make_function("replay_shard", REPLAY % broken), make_function("merge_replay", MERGE % str(told))
        )
        monkeypatch.setattr(Execution, "status", property(lambda self: query, lambda self, value: None))
        monkeypatch.setattr(Execution, "advance", lambda self: None)
        status = _executed({"look_back_id": "5f2b", "journey_id": journey_id, "question": {}, "document": None})
        stepfunctions.stop_executions()
        return status, json.loads(told.read_text())

    return run


def _executed(given: dict[str, Any]) -> str:
    client: Any = boto3.client("stepfunctions")
    definition = json.dumps(_impatient(json.loads(MACHINE)))
    functions = {
        f"{name}FunctionArn": stem for name, stem in (("PlanReplay", "plan_replay"), ("ReplayShard", "replay_shard"), ("MergeReplay", "merge_replay"))
    }
    for name, value in {**functions, "WorkGroup": "primary", "Database": "regulars"}.items():
        definition = definition.replace(f"${{{name}}}", value)
    machine = client.create_state_machine(name=f"m{time.time_ns()}", definition=definition, roleArn="arn:aws:iam::123456789012:role/r")
    execution = client.start_execution(stateMachineArn=machine["stateMachineArn"], input=json.dumps(given))["executionArn"]
    while (status := client.describe_execution(executionArn=execution)["status"]) == "RUNNING":
        time.sleep(0.01)
    return str(status)


def _impatient(node: Any) -> Any:
    """The same machine, trying again at once and twice at most."""
    if isinstance(node, dict):
        short = {"IntervalSeconds": 1, "BackoffRate": 1.0, "MaxAttempts": 1}
        return {key: short[key] if key in short else _impatient(value) for key, value in node.items()}
    return [_impatient(item) for item in node] if isinstance(node, list) else node


def test_every_shard_is_replayed_and_what_they_gave_is_added_up(looked: Looked) -> None:
    status, told = looked()
    assert (status, told["plan"]) == ("SUCCEEDED", {"events": 9, "bytes_scanned": 7, "seconds": 0.5})
    assert sorted(each["shard"] for each in told["replayed"]) == [0, 1, 2]
    assert "EngineExecutionTimeInMillis" in told["statistics"]


@pytest.mark.parametrize(
    ("how", "error"),
    [
        ({"journey_id": "gone"}, "LookupError"),
        ({"query": "FAILED"}, "States.TaskFailed"),
        ({"broken": 1}, "States.ExceedToleratedFailureThreshold"),
    ],
    ids=["nothing to look for", "too many bytes", "a shard that cannot be read"],
)
def test_one_that_fails_tells_why_and_adds_up_nothing(how: dict[str, Any], error: str, looked: Looked) -> None:
    status, told = looked(**how)
    assert status == "FAILED"
    assert set(told) == {"look_back_id", "failure"} and told["failure"]["Error"] == error
