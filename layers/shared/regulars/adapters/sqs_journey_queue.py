"""JourneyQueue on an SQS FIFO queue, a message an input, its group the person; and the shorter way to it for what is due soon."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from botocore.exceptions import BotoCoreError, ClientError

from regulars.adapters.aws import client, is_throttled
from regulars.adapters.sqs_queue import SqsQueue, sized
from regulars.domain.errors import QueueUnavailableError, TooManyRequestsError
from regulars.domain.journeys.inputs import (
    Again,
    Due,
    JourneyInput,
    UnreadableInputError,
    group_of,
    identity_of,
    input_document,
    input_of,
    moment_of,
)
from regulars.ports import Clock

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient

ENTRIES: Final = 10
BATCH_BYTES: Final = 1_048_576
"""The most of one SendMessageBatch: messages, and bytes of all of them
(https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html)."""


LONGEST_DELAY: Final = timedelta(minutes=15)
"""Of a message of a standard queue; one of a FIFO queue has none of its own
(https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html, DelaySeconds)."""


class _Batches:
    """Sends to a queue, by its URL, what is more than a batch."""

    def __init__(self, queue_url: str) -> None:
        self._queue_url = queue_url

    @property
    def _sqs(self) -> "SQSClient":
        return client("sqs", hurried=True)  # type: ignore[no-any-return]

    def _send(self, messages: Iterable[Mapping[str, Any]]) -> None:
        for entries in _batches(messages):
            try:
                refused = self._sqs.send_message_batch(QueueUrl=self._queue_url, Entries=entries).get("Failed", [])
            except (BotoCoreError, ClientError) as error:
                failure = TooManyRequestsError if is_throttled(error) else QueueUnavailableError
                raise failure(f"the queue of journeys took nothing: {error}") from error
            if refused:
                raise QueueUnavailableError(f"the queue of journeys refused {len(refused)} inputs: {refused[0].get('Message') or refused[0]['Code']}")


class SqsJourneyQueue(_Batches):
    """Batch after batch: what was sent before a failure is there, and sent again it is not there twice."""

    def send(self, inputs: Sequence[JourneyInput]) -> None:
        self._send(
            {"MessageBody": input_document(this), "MessageGroupId": group_of(this), "MessageDeduplicationId": identity_of(this)} for this in inputs
        )


class SqsJourneyTimers(_Batches):
    """JourneyTimers on a standard queue, whose messages come when their delay is over."""

    def __init__(self, queue_url: str, clock: Clock) -> None:
        super().__init__(queue_url)
        self._clock = clock

    def tell(self, inputs: Sequence[Due | Again]) -> None:
        now = self._clock.now()
        self._send({"MessageBody": input_document(this), "DelaySeconds": _delay(moment_of(this) - now)} for this in inputs)


def _delay(left: timedelta) -> int:
    """Whole seconds, never too few: what comes too early would find nothing to do."""
    return int(min(max(left + timedelta(seconds=1), timedelta(0)), LONGEST_DELAY).total_seconds())


def _batches(messages: Iterable[Mapping[str, Any]]) -> Iterator[list[Any]]:
    entries, size = list[Any](), 0
    for place, message in enumerate(messages):
        length = sized(message["MessageBody"])
        if entries and (len(entries) == ENTRIES or size + length > BATCH_BYTES):
            yield entries
            entries, size = [], 0
        size += length
        entries.append({"Id": str(place), **message})
    if entries:
        yield entries


class SqsJourneyLetters(SqsQueue):
    """The same queue as the one that dead letters go back to (`ports.EventQueue`): each as it was, behind whatever waits for the same person."""

    def send(self, body: str) -> None:
        try:
            group = group_of(input_of(body))
        except UnreadableInputError:
            group = "unreadable"
        try:
            self._sender.send_message(QueueUrl=self._queue_url, MessageBody=body, MessageGroupId=group, MessageDeduplicationId=uuid4().hex)
        except (BotoCoreError, ClientError) as error:
            failure = TooManyRequestsError if is_throttled(error) else QueueUnavailableError
            raise failure(f"the queue of journeys took nothing: {error}") from error
