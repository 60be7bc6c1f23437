"""The way back from a dead-letter queue is the one of AWS."""

import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

ARN = "arn:aws:sqs:us-east-1:123456789012:"


@pytest.fixture
def sqs(cloud: None) -> Any:
    client = boto3.client("sqs")
    client.create_queue(QueueName="dead")
    policy = {"deadLetterTargetArn": f"{ARN}dead", "maxReceiveCount": 1}
    client.create_queue(QueueName="work", Attributes={"RedrivePolicy": json.dumps(policy), "VisibilityTimeout": "0"})
    return client


def bodies(sqs: Any, queue: str) -> list[str]:
    url = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
    return sorted(message["Body"] for message in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []))


def let_die(sqs: Any, *texts: str) -> None:
    url = sqs.get_queue_url(QueueName="work")["QueueUrl"]
    for text in texts:
        sqs.send_message(QueueUrl=url, MessageBody=text)
    assert bodies(sqs, "work") == sorted(texts)
    assert bodies(sqs, "work") == []  # received too often: they are dead now


def test_dead_letters_go_back_to_their_queue_and_are_received_anew(sqs: Any) -> None:
    let_die(sqs, "a", "b")
    assert sqs.start_message_move_task(SourceArn=f"{ARN}dead")["TaskHandle"]
    assert bodies(sqs, "dead") == []
    assert bodies(sqs, "work") == ["a", "b"]
    (task,) = sqs.list_message_move_tasks(SourceArn=f"{ARN}dead")["Results"]
    assert (task["Status"], task["ApproximateNumberOfMessagesMoved"]) == ("COMPLETED", 2)


def test_they_go_to_another_queue_if_one_is_named(sqs: Any) -> None:
    sqs.create_queue(QueueName="other")
    let_die(sqs, "a")
    sqs.start_message_move_task(SourceArn=f"{ARN}dead", DestinationArn=f"{ARN}other")
    assert (bodies(sqs, "work"), bodies(sqs, "other")) == ([], ["a"])


@pytest.mark.parametrize(
    ("source", "code"),
    [(f"{ARN}absent", "ResourceNotFoundException"), (f"{ARN}work", "InvalidParameterValue"), ("dead", "InvalidParameterValue")],
)
def test_what_is_no_dead_letter_queue_is_refused(sqs: Any, source: str, code: str) -> None:
    with pytest.raises(ClientError) as refused:
        sqs.start_message_move_task(SourceArn=source)
    assert refused.value.response["Error"]["Code"] == code


def test_there_is_never_a_task_to_cancel(sqs: Any) -> None:
    handle = sqs.start_message_move_task(SourceArn=f"{ARN}dead")["TaskHandle"]
    with pytest.raises(ClientError) as refused:
        sqs.cancel_message_move_task(TaskHandle=handle)
    assert refused.value.response["Error"]["Code"] == "ResourceNotFoundException"
