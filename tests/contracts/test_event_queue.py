"""EventQueue: the same promises from SQS (moto) and from memory."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from regulars.adapters import sqs_queue
from regulars.adapters.sqs_queue import SqsQueue
from regulars.domain.errors import PayloadTooLargeError, QueueUnavailableError, TooManyRequestsError
from regulars.ports import EventQueue
from tests.contracts.suite import suite
from tests.fakes.services import MemoryQueue


@pytest.fixture
def sqs(aws: None) -> EventQueue:
    return SqsQueue(boto3.client("sqs").create_queue(QueueName="events")["QueueUrl"])


def missing() -> EventQueue:
    return SqsQueue("https://sqs.us-east-1.amazonaws.com/123456789012/nothing")


queue = suite(EventQueue, adapter="sqs", fake=MemoryQueue)


def test_what_is_sent_waits_in_the_queue(queue: EventQueue) -> None:
    assert queue.depth() == 0
    for n in range(3):
        queue.send(f"2026|source|batch|{n}")
    assert queue.depth() == 3


def test_more_than_a_queue_ever_takes_of_one_message_is_the_mistake_of_whoever_sends_it(queue: EventQueue) -> None:
    with pytest.raises(PayloadTooLargeError):
        queue.send("é" * 524_289)
    queue.send("é" * 524_288)
    assert queue.depth() == 1


@pytest.mark.parametrize("make", [missing, lambda: MemoryQueue(fail_after=0)])
def test_a_queue_that_takes_nothing_says_so(make: Callable[[], EventQueue], aws: None) -> None:
    with pytest.raises(QueueUnavailableError):
        make().send("body")


def test_a_queue_that_is_asked_too_much_says_that(sqs: EventQueue, monkeypatch: pytest.MonkeyPatch) -> None:
    class Throttling:
        def send_message(self, **_: Any) -> Any:
            raise ClientError({"Error": {"Code": "RequestThrottled", "Message": "slow down"}}, "SendMessage")

    monkeypatch.setattr(sqs_queue, "client", lambda service, **_: Throttling())
    with pytest.raises(TooManyRequestsError):
        sqs.send("body")


def test_a_message_that_is_given_back_can_be_taken_after_the_time_that_it_was_given(sqs: EventQueue) -> None:
    client = boto3.client("sqs")
    url = client.get_queue_url(QueueName="events")["QueueUrl"]
    for n in range(12):
        sqs.send(str(n))
    receipts = [message["ReceiptHandle"] for _ in range(2) for message in client.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]]
    sqs.give_back({receipt: timedelta(seconds=60 if place else 0) for place, receipt in enumerate(receipts)})
    (again,) = client.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    assert again["Body"] == "0"


def test_giving_back_what_is_nobodys_any_more_raises_nothing(queue: EventQueue, aws: None) -> None:
    queue.give_back({"long gone": timedelta(0)})
    missing().give_back({"long gone": timedelta(0)})


def test_a_message_that_is_being_worked_on_still_counts(sqs: EventQueue) -> None:
    sqs.send("body")
    client = boto3.client("sqs")
    url = client.get_queue_url(QueueName="events")["QueueUrl"]
    assert client.receive_message(QueueUrl=url)["Messages"][0]["Body"] == "body"
    assert sqs.depth() == 1


def test_a_queue_that_is_not_there_has_no_depth(aws: None) -> None:
    with pytest.raises(QueueUnavailableError):
        missing().depth()
