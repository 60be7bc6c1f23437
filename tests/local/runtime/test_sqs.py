"""moto's SQS loses nothing, delivers nothing twice, and costs the same at any depth."""

import json
import threading
import time
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError


@pytest.fixture
def sqs(cloud: None) -> Any:
    return boto3.client("sqs")


def make_queue(sqs: Any, name: str = "q", **attributes: str) -> str:
    url: str = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
    return url


def receive(sqs: Any, url: str, **options: Any) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, **options).get("Messages", [])
    return messages


def counters(sqs: Any, url: str) -> tuple[int, int, int]:
    """Visible, in flight, delayed."""
    names = (
        "ApproximateNumberOfMessages",
        "ApproximateNumberOfMessagesNotVisible",
        "ApproximateNumberOfMessagesDelayed",
    )
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(names))["Attributes"]
    visible, in_flight, delayed = (int(attributes[name]) for name in names)
    return visible, in_flight, delayed


def test_racing_senders_and_receivers_see_every_message_once(sqs: Any, hurried_threads: None) -> None:
    url = make_queue(sqs)
    received: list[str] = []
    all_sent = threading.Event()

    def send(sender: int) -> None:
        for number in range(40):
            sqs.send_message(QueueUrl=url, MessageBody=f"{sender}:{number}")

    def take() -> None:
        while True:
            last_round = all_sent.is_set()
            messages = receive(sqs, url, VisibilityTimeout=300)
            received.extend(message["Body"] for message in messages)
            for message in messages:
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            if last_round and not messages:
                return

    senders = [threading.Thread(target=send, args=(number,)) for number in range(6)]
    takers = [threading.Thread(target=take) for _ in range(4)]
    for thread in senders + takers:
        thread.start()
    for thread in senders:
        thread.join()
    all_sent.set()
    for thread in takers:
        thread.join()
    assert sorted(received) == sorted(f"{sender}:{number}" for sender in range(6) for number in range(40))
    assert counters(sqs, url) == (0, 0, 0)


def test_sending_and_receiving_cost_the_same_at_any_depth(cloud: None) -> None:
    from moto.sqs.models import sqs_backends

    backend = sqs_backends["123456789012"]["us-east-1"]
    backend.create_queue("q")

    def seconds() -> float:
        began = time.process_time()
        for _ in range(100):
            backend.send_message("q", "x")
            backend.receive_message("q", 1, 0, 300)
        return time.process_time() - began

    shallow = min(seconds() for _ in range(3))
    for _ in range(5_000):
        backend.send_message("q", "x")
    deep = min(seconds() for _ in range(3))
    assert deep < 4 * shallow + 0.01


def test_a_hidden_message_comes_back_after_its_timeout_and_counts_move(sqs: Any) -> None:
    url = make_queue(sqs, VisibilityTimeout="1")
    sqs.send_message(QueueUrl=url, MessageBody="x")
    assert counters(sqs, url) == (1, 0, 0)
    first = receive(sqs, url)
    assert counters(sqs, url) == (0, 1, 0)
    assert receive(sqs, url) == []
    again = receive(sqs, url, WaitTimeSeconds=3, AttributeNames=["All"])
    assert again[0]["Attributes"]["ApproximateReceiveCount"] == "2"
    sqs.delete_message(QueueUrl=url, ReceiptHandle=first[0]["ReceiptHandle"])
    assert counters(sqs, url) == (0, 0, 0)


def test_a_delayed_message_waits(sqs: Any) -> None:
    url = make_queue(sqs)
    sqs.send_message(QueueUrl=url, MessageBody="x", DelaySeconds=1)
    assert counters(sqs, url) == (0, 0, 1)
    assert receive(sqs, url) == []
    assert receive(sqs, url, WaitTimeSeconds=3)[0]["Body"] == "x"


def test_a_long_poll_ends_with_the_first_message(sqs: Any) -> None:
    url = make_queue(sqs)
    threading.Timer(0.2, lambda: sqs.send_message(QueueUrl=url, MessageBody="x")).start()
    began = time.monotonic()
    assert receive(sqs, url, WaitTimeSeconds=10)[0]["Body"] == "x"
    assert time.monotonic() - began < 5


def test_changing_visibility_to_zero_returns_the_message_at_once(sqs: Any) -> None:
    url = make_queue(sqs)
    sqs.send_message(QueueUrl=url, MessageBody="x")
    receipt = receive(sqs, url)[0]["ReceiptHandle"]
    sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=receipt, VisibilityTimeout=0)
    assert receive(sqs, url)[0]["Body"] == "x"


def test_a_message_received_too_often_moves_to_the_dead_letter_queue(sqs: Any) -> None:
    dead = make_queue(sqs, "dead")
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    url = make_queue(sqs, "q", RedrivePolicy=json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 2}))
    sqs.send_message(QueueUrl=url, MessageBody="poison")
    for _ in range(2):
        assert receive(sqs, url, VisibilityTimeout=0)[0]["Body"] == "poison"
    assert receive(sqs, url) == []
    assert receive(sqs, dead)[0]["Body"] == "poison"


@pytest.mark.parametrize("body", ["x" * 1_048_577, "é" * 524_289])
def test_a_message_is_measured_in_bytes(sqs: Any, body: str) -> None:
    url = make_queue(sqs)
    with pytest.raises(ClientError, match="must be shorter than 1048576 bytes"):
        sqs.send_message(QueueUrl=url, MessageBody=body)
    sqs.send_message(QueueUrl=url, MessageBody=body[:-1])


def test_a_batch_is_measured_in_bytes(sqs: Any) -> None:
    entries = [{"Id": str(number), "MessageBody": "é" * 200_000} for number in range(3)]
    with pytest.raises(ClientError, match="BatchRequestTooLong"):
        sqs.send_message_batch(QueueUrl=make_queue(sqs), Entries=entries)


def test_characters_outside_xml_are_refused(sqs: Any) -> None:
    url = make_queue(sqs)
    with pytest.raises(ClientError, match="InvalidMessageContents"):
        sqs.send_message(QueueUrl=url, MessageBody="a\x00b")
    sqs.send_message(QueueUrl=url, MessageBody="tab\t newline\n é 😀")


def test_purging_forgets_all_messages(sqs: Any) -> None:
    url = make_queue(sqs)
    sqs.send_message(QueueUrl=url, MessageBody="visible")
    receive(sqs, url)
    sqs.send_message(QueueUrl=url, MessageBody="another")
    sqs.purge_queue(QueueUrl=url)
    assert counters(sqs, url) == (0, 0, 0)


def test_a_fifo_queue_stays_motos(sqs: Any) -> None:
    url = make_queue(sqs, "q.fifo", FifoQueue="true", ContentBasedDeduplication="true")
    for body in ("1", "1", "2"):
        sqs.send_message(QueueUrl=url, MessageBody=body, MessageGroupId="g")
    assert [message["Body"] for message in receive(sqs, url)] == ["1", "2"]
