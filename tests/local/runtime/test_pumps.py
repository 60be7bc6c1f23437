"""An event source mapping batches, invokes, and deletes what succeeded and nothing else."""

import json
import time
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

import boto3
import pytest

from local.resources.model import Function, QueueMapping
from local.runtime.lambdas import Lambdas
from local.runtime.pumps import QueuePump

HANDLER = """
    import json, threading, time
    def lambda_handler(event, context):
        bodies = [record["body"] for record in event["Records"]]
        print(json.dumps({"bodies": len(bodies), "first": bodies[0][:20], "bytes": sum(map(len, bodies))}))
        if "slow" in bodies:
            time.sleep(0.4)
        if "fail all" in bodies:
            raise RuntimeError("all of it")
        if "odd report" in bodies:
            return {"batchItemFailures": [{"itemIdentifier": "no such message"}]}
        failed = [record["messageId"] for record in event["Records"] if record["body"] == "fail one"]
        return {"batchItemFailures": [{"itemIdentifier": identifier} for identifier in failed]}
"""

Start = Callable[..., None]


@lru_cache
def client() -> Any:
    return boto3.client("sqs")


@pytest.fixture
def lambdas(cloud: None, make_function: Callable[..., Function], run_lambdas: Callable[..., Lambdas]) -> Lambdas:
    return run_lambdas(make_function("f", HANDLER))


@pytest.fixture
def queue(lambdas: Lambdas) -> str:
    sqs = client()
    dead = sqs.create_queue(QueueName="dead")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    attributes = {
        "VisibilityTimeout": "30",
        "RedrivePolicy": json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 2}),
    }
    url: str = sqs.create_queue(QueueName="q", Attributes=attributes)["QueueUrl"]
    return url


@pytest.fixture
def start(queue: str, lambdas: Lambdas) -> Iterator[Start]:
    pumps: list[QueuePump] = []

    def begin(concurrency: int | None = None, **settings: Any) -> None:
        mapping = QueueMapping("Pump", "arn:aws:sqs:us-east-1:123456789012:q", "f", report_failures=True, **settings)
        pumps.append(QueuePump(mapping, lambdas, concurrency))

    yield begin
    for pump in pumps:
        pump.stop()


def send(queue: str, *bodies: str) -> None:
    for body in bodies:
        client().send_message(QueueUrl=queue, MessageBody=body)


def left(queue: str) -> int:
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    counted = client().get_queue_attributes(QueueUrl=queue, AttributeNames=names)["Attributes"]
    return sum(int(value) for value in counted.values())


def received(queue: str) -> str:
    """The body of the next message, waited for: counts are read one after the other, so that a message can be in neither while it moves."""
    body: str = client().receive_message(QueueUrl=queue, WaitTimeSeconds=10)["Messages"][0]["Body"]
    return body


def eventually(condition: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


def batches(lambdas: Lambdas) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lambdas.logs("f")]


def test_messages_that_succeed_are_deleted(queue: str, start: Start, lambdas: Lambdas) -> None:
    start()
    send(queue, "a", "b", "c")
    eventually(lambda: left(queue) == 0)
    assert sum(batch["bodies"] for batch in batches(lambdas)) == 3


def test_a_batch_is_full_at_its_size(queue: str, start: Start, lambdas: Lambdas) -> None:
    send(queue, *map(str, range(25)))
    start(batch_size=10)
    eventually(lambda: left(queue) == 0)
    assert sorted(batch["bodies"] for batch in batches(lambdas)) == [5, 10, 10]


def test_the_window_gathers_messages_that_come_one_by_one(queue: str, start: Start, lambdas: Lambdas) -> None:
    start(batch_size=100, window=1)
    for number in range(5):
        send(queue, str(number))
        time.sleep(0.05)
    eventually(lambda: left(queue) == 0)
    assert [batch["bodies"] for batch in batches(lambdas)] == [5]


def test_a_batch_is_full_at_lambdas_six_megabytes(queue: str, start: Start, lambdas: Lambdas) -> None:
    send(queue, *["x" * 900_000] * 10)
    start(batch_size=100, window=1)
    eventually(lambda: left(queue) == 0)
    assert sorted(batch["bodies"] for batch in batches(lambdas)) == [4, 6]


def test_only_reported_failures_come_back_and_end_in_the_dead_letter_queue(queue: str, start: Start, lambdas: Lambdas) -> None:
    client().set_queue_attributes(QueueUrl=queue, Attributes={"VisibilityTimeout": "1"})
    send(queue, "good", "fail one", "good too")
    start()
    assert received(client().get_queue_url(QueueName="dead")["QueueUrl"]) == "fail one"
    eventually(lambda: left(queue) == 0)
    assert [batch["bodies"] for batch in batches(lambdas)] == [3, 1]


@pytest.mark.parametrize("poison", ["fail all", "odd report"])
def test_a_failed_invocation_or_an_odd_report_keeps_the_whole_batch(queue: str, start: Start, lambdas: Lambdas, poison: str) -> None:
    send(queue, "good", poison)
    start()
    eventually(lambda: len(batches(lambdas)) >= 1)
    time.sleep(0.1)
    assert left(queue) == 2


def test_no_more_invocations_run_at_once_than_allowed(queue: str, start: Start, lambdas: Lambdas) -> None:
    send(queue, *["slow"] * 4)
    began = time.monotonic()
    start(batch_size=1, maximum_concurrency=2, concurrency=8)
    eventually(lambda: left(queue) == 0)
    assert 0.8 <= time.monotonic() - began < 1.5


def test_throttled_batches_wait_and_lose_nothing(
    queue: str, start: Start, make_function: Callable[..., Function], run_lambdas: Callable[..., Lambdas]
) -> None:
    lambdas = run_lambdas(make_function("g", HANDLER, reserved_concurrency=1))
    mapping = QueueMapping("Pump", "arn:aws:sqs:us-east-1:123456789012:q", "g", batch_size=1)
    send(queue, *["slow"] * 3)
    pump = QueuePump(mapping, lambdas, 3)
    eventually(lambda: left(queue) == 0)
    pump.stop()
    assert len(lambdas.logs("g")) == 3


def test_stopping_takes_less_than_a_second_and_returns_what_waits(queue: str, lambdas: Lambdas) -> None:
    mapping = QueueMapping("Pump", "arn:aws:sqs:us-east-1:123456789012:q", "f", batch_size=100, window=60)
    pump = QueuePump(mapping, lambdas)
    send(queue, "waiting")
    time.sleep(0.2)
    began = time.monotonic()
    pump.stop()
    assert time.monotonic() - began < 1
    assert received(queue) == "waiting"
    assert lambdas.logs("f") == []


def test_the_record_is_what_powertools_reads(queue: str, lambdas: Lambdas) -> None:
    from aws_lambda_powertools.utilities.data_classes import SQSEvent

    from local.runtime.pumps import record
    from local.runtime.sqs import standard_queue

    attributes = {"kind": {"DataType": "String", "StringValue": "track"}}
    client().send_message(QueueUrl=queue, MessageBody="x", MessageAttributes=attributes)
    arn = "arn:aws:sqs:us-east-1:123456789012:q"
    (message,) = standard_queue(arn).receive(1, 0, 30)
    read = next(iter(SQSEvent({"Records": [record(message, arn)]}).records))
    assert (read.body, read.queue_url, read.attributes.approximate_receive_count) == (
        "x",
        "https://sqs.us-east-1.amazonaws.com/123456789012/q",
        "1",
    )
    kind = read.message_attributes["kind"]
    assert kind is not None
    assert kind.string_value == "track"
    assert read.md5_of_body == "9dd4e461268c8034f5c8564e155c67a6"
