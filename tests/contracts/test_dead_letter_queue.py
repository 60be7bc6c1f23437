"""DeadLetterQueue: the same promises from SQS (moto, and the moves that the local cloud adds to it) and from memory."""

import boto3
import orjson
import pytest

from local.runtime import sqs, sqs_moves
from regulars.adapters.sqs_dead_letters import SqsDeadLetters
from regulars.domain.errors import QueueUnavailableError
from regulars.ports import DeadLetterQueue
from tests.contracts.suite import suite
from tests.fakes.operations import MemoryDeadLetters


@pytest.fixture
def sqs_queue(aws: None) -> DeadLetterQueue:
    """Letters of `events`, which has this queue for its dead letters."""
    sqs.install()
    sqs_moves.install()
    client = boto3.client("sqs")
    dead = client.create_queue(QueueName="dead")["QueueUrl"]
    target = {"deadLetterTargetArn": "arn:aws:sqs:us-east-1:123456789012:dead", "maxReceiveCount": 5}
    client.create_queue(QueueName="events", Attributes={"RedrivePolicy": orjson.dumps(target).decode()})
    return SqsDeadLetters(dead)


queue = suite(DeadLetterQueue, adapter="sqs_queue", fake=MemoryDeadLetters)


def fill(queue: DeadLetterQueue, *bodies: str) -> None:
    if isinstance(queue, MemoryDeadLetters):
        for body in bodies:
            queue.put(body)
    else:
        client = boto3.client("sqs")
        for body in bodies:
            client.send_message(QueueUrl=client.get_queue_url(QueueName="dead")["QueueUrl"], MessageBody=body)


def test_what_somebody_has_in_hand_is_counted_and_nobody_elses(queue: DeadLetterQueue) -> None:
    fill(queue, *map(str, range(25)))
    taken = queue.take(15)
    assert {letter.body for letter in taken} <= set(map(str, range(25)))
    assert (len(taken), len(queue.take(100)), queue.depth()) == (15, 10, 25)
    assert all(letter.receives >= 1 and letter.sent_at.tzinfo for letter in taken)


def test_what_is_given_back_can_be_taken_at_once_and_what_is_removed_never(queue: DeadLetterQueue) -> None:
    fill(queue, "a", "b", "c")
    taken = {letter.body: letter for letter in queue.take(10)}
    queue.remove([taken["a"].receipt])
    queue.give_back([taken["b"].receipt, taken["c"].receipt])
    assert {letter.body for letter in queue.take(10)} == {"b", "c"}
    assert queue.depth() == 2


def test_all_go_back_to_where_they_came_from_and_again_changes_nothing(queue: DeadLetterQueue) -> None:
    assert queue.move() is None
    fill(queue, "a", "b")
    first = queue.move_all()
    assert (first.state, first.moved, queue.depth()) == ("done", 2, 0)
    assert queue.move() == first
    assert queue.move_all().moved == 0


def test_all_of_a_fifo_queue_go_back_each_in_its_group_and_in_order(aws: None) -> None:
    sqs.install()
    sqs_moves.install()
    client = boto3.client("sqs")
    fifo = {"FifoQueue": "true"}
    dead = client.create_queue(QueueName="dead.fifo", Attributes=fifo)["QueueUrl"]
    target = {"deadLetterTargetArn": "arn:aws:sqs:us-east-1:123456789012:dead.fifo", "maxReceiveCount": 1}
    policy = {"RedrivePolicy": orjson.dumps(target).decode(), "VisibilityTimeout": "0"}
    url = client.create_queue(QueueName="inputs.fifo", Attributes={**fifo, **policy})["QueueUrl"]
    for number in range(6):
        client.send_message(QueueUrl=url, MessageBody=str(number), MessageGroupId=f"g{number % 2}", MessageDeduplicationId=f"d{number}")
    while client.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        pass
    letters = SqsDeadLetters(dead)
    assert (letters.depth(), letters.move_all().moved, letters.depth()) == (6, 6, 0)
    back = client.receive_message(QueueUrl=url, MaxNumberOfMessages=10, AttributeNames=["MessageGroupId"], VisibilityTimeout=60)["Messages"]
    assert sorted((each["Attributes"]["MessageGroupId"], each["Body"]) for each in back) == [
        (f"g{number % 2}", str(number)) for number in (0, 2, 4, 1, 3, 5)
    ]


def test_what_was_beside_the_body_is_told(sqs_queue: DeadLetterQueue) -> None:
    client = boto3.client("sqs")
    attributes = {"ERROR_CODE": {"DataType": "String", "StringValue": "AccessDenied"}, "raw": {"DataType": "Binary", "BinaryValue": b"1"}}
    client.send_message(QueueUrl=client.get_queue_url(QueueName="dead")["QueueUrl"], MessageBody="{}", MessageAttributes=attributes)
    assert sqs_queue.take(1)[0].attributes == {"ERROR_CODE": "AccessDenied"}


def test_a_queue_that_is_not_there_says_so(aws: None) -> None:
    missing = SqsDeadLetters("https://sqs.us-east-1.amazonaws.com/123456789012/nothing")
    for call in (missing.depth, missing.move, missing.move_all, lambda: missing.take(1), lambda: missing.remove(["r"])):
        with pytest.raises(QueueUnavailableError):
            call()
    missing.give_back(["r"])
