"""A deployment comes to life, does its work and goes away without a trace."""

import json
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import boto3
import pytest

from local.resources.model import (
    Api,
    AsyncInvokeConfig,
    Deployed,
    Function,
    JwtAuthorizer,
    QueueMapping,
    Route,
    Schedule,
)
from local.runtime.runtime import Runtime

COLLECT = """
    import boto3, os
    def lambda_handler(event, context):
        boto3.client("sqs").send_message(QueueUrl=os.environ["QUEUE_URL"], MessageBody=event["body"])
        return {"statusCode": 200, "body": "kept"}
"""
LOAD = """
    import boto3, os
    def lambda_handler(event, context):
        for record in event["Records"]:
            boto3.client("s3").put_object(Bucket="lake", Key=record["messageId"], Body=record["body"])
"""
ITS_UUID, ANOTHERS_UUID = "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"
QUEUE_ARN = "arn:aws:sqs:us-east-1:123456789012:q"


@pytest.fixture
def deployed(cloud: None, make_function: Callable[..., Function]) -> Deployed:
    url = boto3.client("sqs").create_queue(QueueName="q")["QueueUrl"]
    boto3.client("s3").create_bucket(Bucket="lake")
    functions = {
        "collect": make_function("collect", COLLECT, environment={"QUEUE_URL": url}),
        "load": make_function("load", LOAD),
        "curate": make_function("curate", "def lambda_handler(event, context): raise ValueError('no')"),
    }
    routes = (
        Route("ANY", "$default", functions["collect"].arn),
        Route("GET", "/admin/{proxy+}", functions["curate"].arn, authorizer="Admin", scopes=("regulars/read",)),
    )
    authorizers = {"Admin": JwtAuthorizer("Admin", "https://issuer", ("client",))}
    return Deployed(
        functions=functions,
        apis={"Api": Api("Api", "local", routes, authorizers)},
        queue_mappings=[QueueMapping("Queue", QUEUE_ARN, functions["load"].arn)],
        async_invokes=[AsyncInvokeConfig(functions["curate"].arn, maximum_retries=0, on_failure_arn=QUEUE_ARN)],
    )


def eventually(condition: Callable[[], Any]) -> Any:
    end = time.monotonic() + 10
    while not (value := condition()):
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)
    return value


def objects() -> list[str]:
    s3 = boto3.client("s3")
    keys = [entry["Key"] for entry in s3.list_objects_v2(Bucket="lake").get("Contents", [])]
    return [s3.get_object(Bucket="lake", Key=key)["Body"].read().decode() for key in keys]


def holds(text: str) -> bool:
    return text in objects()


def post(url: str, body: bytes) -> str:
    request = urllib.request.Request(url, body, {"content-type": "text/plain"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return str(answer.read().decode())


def test_a_request_goes_through_api_queue_and_bucket_twice_in_a_row_and_leaves_no_thread(deployed: Deployed) -> None:
    before = set(threading.enumerate())
    port = 0
    for turn in ("first", "second"):
        runtime = Runtime(deployed)
        runtime.start(port)
        port = int(runtime.url.rsplit(":", 1)[1])
        assert post(runtime.url + "/v1/track", turn.encode()) == "kept"
        eventually(partial(holds, turn))
        began = time.monotonic()
        runtime.stop()
        assert time.monotonic() - began < 1.5
        assert not set(threading.enumerate()) - before
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_a_queue_is_looked_into_as_long_as_its_mapping_is_switched_on(deployed: Deployed) -> None:
    deployed.queue_mappings[0] = QueueMapping("Queue", QUEUE_ARN, deployed.functions["load"].arn, enabled=False, uuid=ITS_UUID)
    aws, sqs = boto3.client("lambda"), boto3.client("sqs")
    url = sqs.get_queue_url(QueueName="q")["QueueUrl"]

    def state() -> str:
        return str(aws.get_event_source_mapping(UUID=ITS_UUID)["State"])

    runtime = Runtime(deployed)
    runtime.start(0)
    try:
        sqs.send_message(QueueUrl=url, MessageBody="before")
        assert (state(), objects()) == ("Disabled", [])
        for _ in range(2):
            aws.update_event_source_mapping(UUID=ITS_UUID, Enabled=True)
        eventually(partial(holds, "before"))
        assert state() == "Enabled"
        aws.update_event_source_mapping(UUID=ITS_UUID, Enabled=False)
        sqs.send_message(QueueUrl=url, MessageBody="after")
        assert (state(), objects()) == ("Disabled", ["before"])
        with pytest.raises(aws.exceptions.ResourceNotFoundException):
            aws.get_event_source_mapping(UUID=ANOTHERS_UUID)
    finally:
        runtime.stop()


def test_a_token_opens_the_administration(deployed: Deployed) -> None:
    runtime = Runtime(deployed)
    runtime.start(0)
    try:
        header = {"Authorization": "Bearer " + runtime.token(["regulars/read"])}
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(runtime.url + "/admin/x", timeout=10)
        assert refused.value.code == 401
        with pytest.raises(urllib.error.HTTPError) as failed:
            urllib.request.urlopen(urllib.request.Request(runtime.url + "/admin/x", headers=header), timeout=10)
        assert failed.value.code == 500  # past the authorizer, into a function that fails
    finally:
        runtime.stop()


def test_a_schedule_invokes_its_function_and_the_failure_reaches_its_destination(deployed: Deployed) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    deployed.schedules.append(Schedule("S", "s", "rate(15 minutes)", deployed.functions["curate"].arn, input='{"by": "schedule"}'))
    runtime = Runtime(deployed, clock=lambda: now)
    runtime.start(0)
    try:
        now += timedelta(minutes=15)
        (record,) = eventually(objects)
        assert json.loads(record)["requestPayload"] == {"by": "schedule"}
        assert json.loads(record)["responsePayload"]["errorType"] == "ValueError"
    finally:
        runtime.stop()


def test_a_schedule_starts_a_state_machine(deployed: Deployed) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    client = boto3.client("stepfunctions")
    definition = '{"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}'
    role = "arn:aws:iam::123456789012:role/r"
    machine = client.create_state_machine(name="m", definition=definition, roleArn=role)["stateMachineArn"]
    deployed.schedules.append(Schedule("S", "s", "rate(15 minutes)", machine, input='{"run_id": "r1"}'))
    runtime = Runtime(deployed, clock=lambda: now)
    runtime.start(0)
    try:
        now += timedelta(minutes=15)
        executions = eventually(lambda: client.list_executions(stateMachineArn=machine)["executions"])
        described = client.describe_execution(executionArn=executions[0]["executionArn"])
        assert json.loads(described["input"]) == {"run_id": "r1"}
    finally:
        runtime.stop()


def test_a_busy_port_is_reported_and_nothing_keeps_running(deployed: Deployed) -> None:
    before = set(threading.enumerate())
    with socket.create_server(("127.0.0.1", 0)) as taken:
        runtime = Runtime(deployed)
        with pytest.raises(OSError, match="in use"):
            runtime.start(taken.getsockname()[1])
    assert not set(threading.enumerate()) - before


def test_what_cannot_be_honoured_is_an_error_at_start(deployed: Deployed) -> None:
    deployed.schedules.append(Schedule("Nightly", "nightly", "rate(1 day)", "arn:aws:sqs:us-east-1:123456789012:queue"))
    runtime = Runtime(deployed)
    with pytest.raises(NotImplementedError, match="schedule nightly: only a function or a state machine"):
        runtime.start(0)
    runtime.stop()


def test_functions_answer_before_the_start(deployed: Deployed) -> None:
    runtime = Runtime(deployed)
    answer = boto3.client("lambda").invoke(FunctionName="curate", Payload=b"{}")
    assert answer["FunctionError"] == "Unhandled"
    runtime.stop()
