"""DeadLetterQueue on SQS: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from regulars.adapters.aws import client
from regulars.adapters.sqs_queue import SqsQueue
from regulars.domain.dead_letters import Move, MoveState, TakenLetter
from regulars.domain.errors import QueueUnavailableError

HIDDEN: Final = timedelta(seconds=60)
"""A letter that somebody has in hand is nobody else's for so long."""

_ENTRIES: Final = 10
"""The most of one ReceiveMessage, and of one batch
(https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html)."""

_WAIT_SECONDS: Final = 1
"""Long enough for SQS to ask all its servers, rather than some
(https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html)."""

_STATES: Final[Mapping[str, MoveState]] = {
    "RUNNING": "running",
    "CANCELLING": "running",
    "COMPLETED": "done",
    "CANCELLED": "done",
    "FAILED": "failed",
}


class SqsDeadLetters:
    """A standard queue, by its URL."""

    def __init__(self, queue_url: str) -> None:
        self._queue_url, self._queue = queue_url, SqsQueue(queue_url)

    @property
    def _sqs(self) -> Any:
        return client("sqs")

    def depth(self) -> int:
        return self._queue.depth()

    def take(self, limit: int) -> Sequence[TakenLetter]:
        taken: list[TakenLetter] = []
        with _translated():
            visible = int(self._attribute("ApproximateNumberOfMessages"))
            while len(taken) < limit and (found := self._receive(min(_ENTRIES, limit - len(taken)))):
                taken += found
                if len(taken) >= visible:
                    break  # who asks an empty queue waits
        return taken

    def _receive(self, most: int) -> Sequence[TakenLetter]:
        answer = self._sqs.receive_message(
            QueueUrl=self._queue_url,
            MaxNumberOfMessages=most,
            VisibilityTimeout=int(HIDDEN.total_seconds()),
            WaitTimeSeconds=_WAIT_SECONDS,
            MessageSystemAttributeNames=["SentTimestamp", "ApproximateReceiveCount"],
            MessageAttributeNames=["All"],
        )
        return [_letter(message) for message in answer.get("Messages", ())]

    def _attribute(self, name: str) -> str:
        found = self._sqs.get_queue_attributes(QueueUrl=self._queue_url, AttributeNames=[name])
        return str(found["Attributes"][name])

    def give_back(self, receipts: Sequence[str]) -> None:
        self._queue.give_back(dict.fromkeys(receipts, timedelta(0)))

    def remove(self, receipts: Sequence[str]) -> None:
        for start in range(0, len(receipts), _ENTRIES):
            entries = [{"Id": str(place), "ReceiptHandle": receipt} for place, receipt in enumerate(receipts[start : start + _ENTRIES])]
            with _translated():
                answer = self._sqs.delete_message_batch(QueueUrl=self._queue_url, Entries=entries)
            if failed := answer.get("Failed"):
                raise QueueUnavailableError(f"the queue of dead letters keeps {len(failed)}: {failed[0].get('Message') or failed[0]['Code']}")

    def move(self) -> Move | None:
        with _translated():
            found = self._sqs.list_message_move_tasks(SourceArn=self._attribute("QueueArn"), MaxResults=1).get("Results", ())
        return _move(found[0]) if found else None

    def move_all(self) -> Move:
        """One task a queue at a time, and none of a queue that Lambda or the scheduler writes to
        (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html)."""
        last = self.move()
        if last and last.state == "running":
            return last
        with _translated():
            self._sqs.start_message_move_task(SourceArn=self._attribute("QueueArn"))
        return self.move() or Move("running", 0, 0, None)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise QueueUnavailableError(f"the queue of dead letters does not answer: {error}") from error


def _letter(message: Mapping[str, Any]) -> TakenLetter:
    system, own = message["Attributes"], message.get("MessageAttributes", {})
    return TakenLetter(
        id=message["MessageId"],
        body=message["Body"],
        receipt=message["ReceiptHandle"],
        sent_at=_moment(system["SentTimestamp"]),
        receives=int(system["ApproximateReceiveCount"]),
        attributes={name: each["StringValue"] for name, each in own.items() if "StringValue" in each},
    )


def _move(task: Mapping[str, Any]) -> Move:
    """https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListMessageMoveTasksResultEntry.html"""
    return Move(
        _STATES[task["Status"]],
        int(task.get("ApproximateNumberOfMessagesMoved", 0)),
        int(task.get("ApproximateNumberOfMessagesToMove") or 0),
        _moment(task["StartedTimestamp"]),
        task.get("FailureReason", ""),
    )


def _moment(milliseconds: str | int) -> datetime:
    return datetime.fromtimestamp(int(milliseconds) / 1000, UTC)
