"""What Step Functions refuses for its size, and which errors no wildcard catches."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from local.resources.model import Function
from local.runtime import stepfunctions, stepfunctions_quotas
from local.runtime.lambdas import Lambdas
from local.runtime.stepfunctions_quotas import fits
from tests.local.runtime.test_stepfunctions import CAUGHT, ROLE, call, catch, caught, map_over_manifest, run

LIMIT = 262_144
HANDLER = """
    def lambda_handler(event, context):
        return {"text": event.get("letter", "x") * event["letters"]}
"""
CHILD = {"D": call({"letters": 30_000})}
TOO_LARGE = "States.DataLimitExceeded"


@pytest.fixture(autouse=True)
def lambdas(cloud: None, make_function: Callable[..., Function], run_lambdas: Callable[..., Lambdas]) -> Iterator[Lambdas]:
    yield run_lambdas(make_function("f", HANDLER))
    stepfunctions.stop_executions()


def failed(states: dict[str, Any]) -> str:
    described = run(states)
    assert described["status"] == "FAILED", described
    error: str = described["error"]
    return error


def test_the_quota_counts_utf8_bytes_of_compact_json() -> None:
    around = len('{"t":""}')
    assert fits({"t": "x" * (LIMIT - around)})
    assert not fits({"t": "x" * (LIMIT - around + 1)})
    assert fits({"t": "é" * 100_000}), "an escape of six letters is two bytes"
    assert not fits({"t": "é" * 140_000})


LARGE = {
    "Type": "Task",
    "Resource": "arn:aws:states:::lambda:invoke",
    "Parameters": {"FunctionName": "f", "Payload": {"letters": 200_000}},
    "ResultSelector": {"text.$": "$.Payload.text"},
    "ResultPath": "$.t",
    "Next": "B",
}


def test_a_state_may_not_give_more_than_the_quota() -> None:
    doubled = {"Type": "Pass", "Parameters": {"a.$": "$.t", "b.$": "$.t"}, "End": True}
    assert failed({"A": LARGE, "B": doubled}) == TOO_LARGE


def test_a_task_that_gives_too_much_ends_the_execution_whatever_would_catch_or_retry_all() -> None:
    retry = [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 1, "MaxAttempts": 1}]
    assert failed({"A": call({"letters": LIMIT}, Retry=retry, Catch=catch("States.ALL")), "C": CAUGHT}) == TOO_LARGE


def test_a_task_that_gives_too_much_may_be_caught_by_name() -> None:
    assert caught({"A": call({"letters": LIMIT}, Catch=catch(TOO_LARGE)), "C": CAUGHT})[0] == TOO_LARGE


def test_a_task_is_not_given_more_than_the_quota() -> None:
    twice = call({"letters": 1, "a.$": "$.t", "b.$": "$.t"})
    assert failed({"A": LARGE, "B": twice}) == TOO_LARGE


def test_a_map_whose_children_give_too_much_together_ends_the_execution_even_if_nobody_wants_the_result() -> None:
    assert failed({"A": map_over_manifest(CHILD, 9, ResultPath=None, Catch=catch("States.ALL")), "C": CAUGHT}) == TOO_LARGE


def test_a_map_whose_children_give_little_goes_on() -> None:
    assert run({"A": map_over_manifest(CHILD, 8, ResultPath=None)})["status"] == "SUCCEEDED"


def test_a_result_writer_takes_what_would_be_too_much_and_says_where_it_lies() -> None:
    writer = {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "lake", "Prefix": "results"}}
    described = run({"A": map_over_manifest(CHILD, 9, ResultWriter=writer)})
    place = json.loads(described["output"])["ResultWriterDetails"]
    manifest = read(place["Key"])
    (file,) = manifest["ResultFiles"]["SUCCEEDED"]
    results = read(file["Key"])
    assert [json.loads(each["Output"])["text"] for each in results] == ["x" * 30_000] * 9
    assert manifest["ResultFiles"]["FAILED"] == []


def read(key: str) -> Any:
    return json.loads(boto3.client("s3").get_object(Bucket="lake", Key=key)["Body"].read())


def test_an_error_of_the_state_machine_itself_is_caught_by_nothing() -> None:
    lost = call({"letters.$": "$.nowhere"}, Catch=catch("States.ALL"))
    assert failed({"A": lost, "C": CAUGHT}) == "States.Runtime"


def test_an_execution_ends_when_its_history_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stepfunctions_quotas, "MAX_EVENTS", 50)
    described = run({"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "Next": "A"}})
    assert (described["status"], described["error"]) == ("FAILED", "States.Runtime")
    assert "maximum number of history events" in described["cause"]


def test_each_child_of_a_map_has_a_history_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stepfunctions_quotas, "MAX_EVENTS", 30)
    assert run({"A": map_over_manifest(CHILD, 8, ResultPath=None)})["status"] == "SUCCEEDED"


def refusal(**arguments: Any) -> str:
    client: Any = boto3.client("stepfunctions")
    machine = client.create_state_machine(name="m", definition=json.dumps({"StartAt": "C", "States": {"C": CAUGHT}}), roleArn=ROLE)
    with pytest.raises(ClientError) as refused:
        client.start_execution(stateMachineArn=machine["stateMachineArn"], **arguments)
    code: str = refused.value.response["Error"]["Code"]
    return code


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"name": "n" * 81}, "ValidationException"),
        ({"name": "a:b"}, "InvalidName"),
        ({"input": json.dumps({"t": "x" * LIMIT})}, "ValidationException"),
    ],
)
def test_what_an_execution_may_not_be_called_or_given(arguments: dict[str, Any], code: str) -> None:
    assert refusal(**arguments) == code


def test_a_definition_has_its_limit() -> None:
    definition = json.dumps({"Comment": "x" * 1_048_576, "StartAt": "C", "States": {"C": CAUGHT}})
    with pytest.raises(ClientError, match="'definition' failed to satisfy constraint"):
        boto3.client("stepfunctions").create_state_machine(name="m", definition=definition, roleArn=ROLE)
