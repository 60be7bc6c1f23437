"""What the campaign's state machine relies on: Athena by .sync, error names, retries, time limits, distributed maps."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest

from local.resources.model import Function
from local.runtime import stepfunctions
from local.runtime.lambdas import Lambdas

HANDLER = """
    import time
    calls = []
    class ConsentStoreUnavailable(Exception):
        pass
    def lambda_handler(event, context):
        calls.append(1)
        time.sleep(event.get("sleep", 0))
        if len(calls) <= event.get("failures", 0):
            raise ConsentStoreUnavailable("table gone")
        return {"calls": len(calls), "n": event.get("n")}
"""
ROLE = "arn:aws:iam::123456789012:role/r"
CAUGHT = {"Type": "Pass", "End": True}


@pytest.fixture
def lambdas(cloud: None, make_function: Callable[..., Function], run_lambdas: Callable[..., Lambdas]) -> Iterator[Lambdas]:
    yield run_lambdas(make_function("f", HANDLER))
    stepfunctions.stop_executions()


def call(payload: dict[str, Any], **options: Any) -> dict[str, Any]:
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"FunctionName": "f", "Payload": payload},
        "OutputPath": "$.Payload",
        "End": True,
    }
    return {**task, **options}


def query(sql: str = "SELECT 1", **options: Any) -> dict[str, Any]:
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::athena:startQueryExecution.sync",
        "Parameters": {
            "QueryString": sql,
            "QueryExecutionContext": {"Database": "regulars"},
            "ResultConfiguration": {"OutputLocation": "s3://lake/results/"},
        },
        "End": True,
    }
    return {**task, **options}


def start(states: dict[str, Any], first: str = "A") -> str:
    client = boto3.client("stepfunctions")
    definition = json.dumps({"StartAt": first, "States": states})
    machine = client.create_state_machine(name=f"m{time.time_ns()}", definition=definition, roleArn=ROLE)
    execution: str = client.start_execution(stateMachineArn=machine["stateMachineArn"], name="e", input="{}")["executionArn"]
    return execution


def run(states: dict[str, Any]) -> dict[str, Any]:
    return ended(start(states))


def ended(execution: str) -> dict[str, Any]:
    client: Any = boto3.client("stepfunctions")
    end = time.monotonic() + 20
    while time.monotonic() < end:
        described: dict[str, Any] = client.describe_execution(executionArn=execution)
        if described["status"] != "RUNNING":
            return described
        time.sleep(0.01)
    raise AssertionError("still running")


def caught(states: dict[str, Any]) -> tuple[str, str]:
    """Error and cause as the state after the Catch sees them."""
    described = run(states)
    assert described["status"] == "SUCCEEDED", described
    output = json.loads(described["output"])
    return output["Error"], output["Cause"]


def catch(*errors: str) -> list[dict[str, Any]]:
    return [{"ErrorEquals": list(errors), "Next": "C"}]


def end_query(monkeypatch: pytest.MonkeyPatch, *states: str) -> None:
    """The states that Athena reports of a query, one after the other; the last one stays."""
    from moto.athena.models import Execution

    remaining = list(states)

    def status(self: Execution) -> str:
        return remaining.pop(0) if len(remaining) > 1 else remaining[0]

    monkeypatch.setattr(Execution, "status", property(status, lambda self, value: None))
    monkeypatch.setattr(Execution, "advance", lambda self: None)


def test_a_query_is_awaited_and_its_execution_is_the_output(lambdas: Lambdas, monkeypatch: pytest.MonkeyPatch) -> None:
    end_query(monkeypatch, "QUEUED", "RUNNING", "SUCCEEDED")
    described = run({"A": query()})
    execution = json.loads(described["output"])["QueryExecution"]
    assert execution["Status"]["State"] == "SUCCEEDED"
    assert execution["Query"] == "SELECT 1"


@pytest.mark.parametrize("state", ["FAILED", "CANCELLED"])
def test_a_query_that_does_not_succeed_fails_the_task_with_the_query_as_cause(lambdas: Lambdas, monkeypatch: pytest.MonkeyPatch, state: str) -> None:
    end_query(monkeypatch, "RUNNING", state)
    error, cause = caught({"A": query(Catch=catch("States.TaskFailed")), "C": CAUGHT})
    assert error == "States.TaskFailed"
    assert json.loads(cause)["Status"]["State"] == state


def refuse_queries(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    from moto.athena.models import AthenaBackend
    from moto.core.exceptions import JsonRESTError

    def refuse(*_: Any, **__: Any) -> None:
        raise JsonRESTError(code, "no")

    monkeypatch.setattr(AthenaBackend, "start_query_execution", refuse)


@pytest.mark.parametrize("code", ["InvalidRequestException", "TooManyRequestsException"])
def test_a_query_that_athena_refuses_has_athenas_error_name(lambdas: Lambdas, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    refuse_queries(monkeypatch, code)
    error, cause = caught({"A": query(Catch=catch(f"Athena.{code}")), "C": CAUGHT})
    assert error == f"Athena.{code}"
    assert cause.startswith("no (Service: AmazonAthena; ")


def test_a_query_that_runs_too_long_is_stopped(lambdas: Lambdas, monkeypatch: pytest.MonkeyPatch) -> None:
    from moto.athena.models import AthenaBackend

    end_query(monkeypatch, "RUNNING")
    stopped = threading.Event()
    monkeypatch.setattr(AthenaBackend, "stop_query_execution", lambda self, exec_id: stopped.set())
    error, _ = caught({"A": query(TimeoutSeconds=1, Catch=catch("States.Timeout")), "C": CAUGHT})
    assert error == "States.Timeout"
    assert stopped.wait(2)


def test_a_function_is_retried_by_the_class_name_of_its_error(lambdas: Lambdas) -> None:
    retry = [{"ErrorEquals": ["ConsentStoreUnavailable"], "IntervalSeconds": 1, "MaxAttempts": 2, "BackoffRate": 1.0}]
    described = run({"A": call({"failures": 1}, Retry=retry)})
    assert json.loads(described["output"])["calls"] == 2


def test_a_function_is_caught_by_the_class_name_of_its_error(lambdas: Lambdas, caplog: pytest.LogCaptureFixture) -> None:
    error, cause = caught({"A": call({"failures": 9}, Catch=catch("ConsentStoreUnavailable")), "C": CAUGHT})
    assert error == "ConsentStoreUnavailable"
    assert json.loads(cause)["errorMessage"] == "table gone"
    assert caplog.records == []


def test_an_error_that_nobody_catches_fails_the_execution(lambdas: Lambdas) -> None:
    described = run({"A": call({"failures": 9}, Catch=catch("SomethingElse")), "C": CAUGHT})
    assert (described["status"], described["error"]) == ("FAILED", "ConsentStoreUnavailable")


def test_a_function_that_takes_too_long_times_the_state_out(lambdas: Lambdas) -> None:
    error, _ = caught({"A": call({"sleep": 2}, TimeoutSeconds=1, Catch=catch("States.Timeout")), "C": CAUGHT})
    assert error == "States.Timeout"


def map_over_manifest(child: dict[str, Any], items: int, **options: Any) -> dict[str, Any]:
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="lake")
    s3.put_object(Bucket="lake", Key="manifest.json", Body=json.dumps([{"id": number} for number in range(items)]))
    return {
        "Type": "Map",
        "MaxConcurrency": 4,
        "ItemReader": {
            "Resource": "arn:aws:states:::s3:getObject",
            "ReaderConfig": {"InputType": "JSON"},
            "Parameters": {"Bucket": "lake", "Key": "manifest.json"},
        },
        "ItemSelector": {"n.$": "$$.Map.Item.Value.id"},
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            "StartAt": "D",
            "States": child,
        },
        "End": True,
        **options,
    }


def test_a_distributed_map_runs_a_looping_child_for_each_item_of_a_manifest(lambdas: Lambdas) -> None:
    again = {"Variable": "$.calls", "NumericLessThan": 3, "Next": "Pause"}
    child = {
        "D": {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {"FunctionName": "f", "Payload": {"n.$": "$.n"}},
            "OutputPath": "$.Payload",
            "Next": "Done",
        },
        "Done": {"Type": "Choice", "Choices": [again], "Default": "End"},
        "Pause": {"Type": "Wait", "Seconds": 0, "Next": "D"},
        "End": {"Type": "Succeed"},
    }
    described = run({"A": map_over_manifest(child, items=6)})
    assert described["status"] == "SUCCEEDED", described
    output = json.loads(described["output"])
    assert sorted(item["n"] for item in output) == list(range(6))
    assert all(item["calls"] >= 3 for item in output)


def failing_from(number: int) -> dict[str, Any]:
    """A child that fails for the items from that number on."""
    return {
        "D": {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericGreaterThanEquals": number, "Next": "Bad"}], "Default": "Good"},
        "Bad": {"Type": "Fail", "Error": "ShardFailed", "Cause": "it broke"},
        "Good": {"Type": "Succeed"},
    }


def test_a_distributed_map_fails_when_one_child_fails(lambdas: Lambdas) -> None:
    error, cause = caught({"A": map_over_manifest(failing_from(5), 6, Catch=catch("States.ALL")), "C": CAUGHT})
    assert (error, cause) == ("States.ExceedToleratedFailureThreshold", "The specified tolerated failure threshold was exceeded")


def test_a_failed_map_can_be_caught_by_name_and_fails_the_execution_if_nobody_does(lambdas: Lambdas) -> None:
    name = "States.ExceedToleratedFailureThreshold"
    assert caught({"A": map_over_manifest(failing_from(5), 6, Catch=catch(name)), "C": CAUGHT})[0] == name
    described = run({"A": map_over_manifest(failing_from(5), 6)})
    assert (described["status"], described["error"]) == ("FAILED", name)


@pytest.mark.parametrize(
    ("tolerated", "failures", "status"),
    [
        ({"ToleratedFailurePercentage": 50.0}, 3, "SUCCEEDED"),
        ({"ToleratedFailurePercentage": 50.0}, 4, "FAILED"),
        ({"ToleratedFailureCount": 2}, 2, "SUCCEEDED"),
        ({"ToleratedFailureCount": 2}, 3, "FAILED"),
        ({"ToleratedFailureCount": 1, "ToleratedFailurePercentage": 50.0}, 2, "FAILED"),
    ],
)
def test_as_many_children_may_fail_as_are_tolerated(lambdas: Lambdas, tolerated: dict[str, Any], failures: int, status: str) -> None:
    assert run({"A": map_over_manifest(failing_from(6 - failures), 6, **tolerated)})["status"] == status


def test_a_failed_map_begins_no_more_children_and_ends_those_that_run(lambdas: Lambdas) -> None:
    child = {
        "D": {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericEquals": 1, "Next": "Bad"}], "Default": "Pause"},
        "Bad": {"Type": "Fail", "Error": "ShardFailed", "Cause": "it broke"},
        "Pause": {"Type": "Wait", "Seconds": 1, "Next": "Call"},
        "Call": call({}),
    }
    caught({"A": map_over_manifest(child, 20, Catch=catch("States.ALL")), "C": CAUGHT})
    time.sleep(1.5)
    assert json.loads(run({"A": call({})})["output"])["calls"] == 1


def test_stopping_ends_running_executions(lambdas: Lambdas) -> None:
    execution = start({"A": {"Type": "Wait", "Seconds": 60, "End": True}})
    time.sleep(0.1)
    stepfunctions.stop_executions()
    assert ended(execution)["status"] == "ABORTED"


def test_stopping_lets_an_execution_end_that_takes_no_longer_than_is_waited(lambdas: Lambdas) -> None:
    execution = start({"A": {"Type": "Wait", "Seconds": 1, "End": True}})
    stepfunctions.stop_executions(patience=60)
    assert ended(execution)["status"] == "SUCCEEDED"
