"""moto's Lambda API and EventBridge rules run our functions."""

import io
import json
import time
import zipfile
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from local.resources.model import Function
from local.runtime.lambdas import Lambdas

HANDLER = """
    calls = []
    class Refused(Exception):
        pass
    def lambda_handler(event, context):
        if event.get("fail"):
            raise Refused("no")
        print(event)
        return {"got": event}
"""


@pytest.fixture
def lambdas(cloud: None, make_function: Callable[..., Function], run_lambdas: Callable[..., Lambdas]) -> Lambdas:
    return run_lambdas(make_function("f", HANDLER))


def test_boto3_reaches_the_handler(lambdas: Lambdas) -> None:
    answer = boto3.client("lambda").invoke(FunctionName="f", Payload=b'{"n": 1}')
    assert answer["StatusCode"] == 200
    assert "FunctionError" not in answer
    assert json.load(answer["Payload"]) == {"got": {"n": 1}}


def test_a_handlers_error_is_unhandled(lambdas: Lambdas) -> None:
    answer = boto3.client("lambda").invoke(FunctionName="f", Payload=b'{"fail": true}')
    assert answer["FunctionError"] == "Unhandled"
    assert json.load(answer["Payload"])["errorType"] == "Refused"


def test_an_event_is_accepted_and_runs_in_the_background(lambdas: Lambdas) -> None:
    answer = boto3.client("lambda").invoke(FunctionName="f", InvocationType="Event", Payload=b'{"n": 2}')
    assert answer["StatusCode"] == 202
    until_logged(lambdas, "{'n': 2}")


def until_logged(lambdas: Lambdas, text: str) -> str:
    end = time.monotonic() + 5
    while not any(text in line for line in lambdas.logs("f")):
        assert time.monotonic() < end, lambdas.logs("f")
        time.sleep(0.01)
    return next(line for line in lambdas.logs("f") if text in line)


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        ({"FunctionName": "nobody"}, "ResourceNotFoundException"),
        ({"FunctionName": "f", "Payload": b"{"}, "InvalidRequestContentException"),
        ({"FunctionName": "f", "Payload": b'"' + b"x" * 6_291_456 + b'"'}, "RequestTooLargeException"),
    ],
)
def test_refusals_have_lambdas_codes(lambdas: Lambdas, request_: dict[str, Any], code: str) -> None:
    with pytest.raises(ClientError, match=code):
        boto3.client("lambda").invoke(**request_)


def test_a_rule_invokes_a_function_and_a_queue(lambdas: Lambdas) -> None:
    events, sqs = boto3.client("events"), boto3.client("sqs")
    url = sqs.create_queue(QueueName="q")["QueueUrl"]
    queue_arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    events.put_rule(Name="r", EventPattern='{"source": ["regulars"], "detail": {"status": ["FAILED"]}}')
    function_arn = "arn:aws:lambda:us-east-1:123456789012:function:f"
    events.put_targets(Rule="r", Targets=[{"Id": "1", "Arn": function_arn}, {"Id": "2", "Arn": queue_arn}])
    for status in ("SUCCEEDED", "FAILED"):
        detail = json.dumps({"status": status})
        entry = {"Source": "regulars", "DetailType": "run", "Detail": detail}
        assert events.put_events(Entries=[entry])["FailedEntryCount"] == 0
    line = until_logged(lambdas, "FAILED")
    assert "'detail-type': 'run'" in line
    assert "Z'" in line  # the time as text
    assert not any("SUCCEEDED" in line for line in lambdas.logs("f"))
    assert len(sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]) == 1


def test_moto_may_know_the_function_too(lambdas: Lambdas) -> None:
    boto3.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument="{}")
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.writestr("handler.py", "")
    boto3.client("lambda").create_function(
        FunctionName="f",
        Runtime="python3.13",
        Role="arn:aws:iam::123456789012:role/r",
        Handler="handler.lambda_handler",
        Code={"ZipFile": archive.getvalue()},
    )
    answer = boto3.client("lambda").invoke(FunctionName="f", Payload=b'{"n": 1}')
    assert json.load(answer["Payload"]) == {"got": {"n": 1}}
