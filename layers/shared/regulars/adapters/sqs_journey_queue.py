"""JourneyQueue on an SQS FIFO queue: a message an input, its group the person."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from botocore.exceptions import BotoCoreError, ClientError

from regulars.adapters.aws import client, is_throttled
from regulars.adapters.sqs_queue import SqsQueue
from regulars.domain.errors import QueueUnavailableError, TooManyRequestsError
from regulars.domain.journeys.inputs import JourneyInput, UnreadableInputError, group_of, identity_of, input_document, input_of

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient

ENTRIES: Final = 10
BATCH_BYTES: Final = 1_048_576
"""The most of one SendMessageBatch: messages, and bytes of all of them
(https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html)."""


class SqsJourneyQueue:
    """By its URL."""

    def __init__(self, queue_url: str) -> None:
        self._queue_url = queue_url

    @property
    def _sqs(self) -> "SQSClient":
        return client("sqs", hurried=True)  # type: ignore[no-any-return]

    def send(self, inputs: Sequence[JourneyInput]) -> None:
        """Batch after batch: what was sent before a failure is there, and sent again it is not there twice."""
        for entries in _batches(inputs):
            try:
                refused = self._sqs.send_message_batch(QueueUrl=self._queue_url, Entries=entries).get("Failed", [])
            except (BotoCoreError, ClientError) as error:
                failure = TooManyRequestsError if is_throttled(error) else QueueUnavailableError
                raise failure(f"the queue of journeys took nothing: {error}") from error
            if refused:
                raise QueueUnavailableError(f"the queue of journeys refused {len(refused)} inputs: {refused[0].get('Message') or refused[0]['Code']}")


def _batches(inputs: Sequence[JourneyInput]) -> Iterator[list[Any]]:
    entries, size = list[Any](), 0
    for place, this in enumerate(inputs):
        body = input_document(this)
        size += len(body.encode())
        if entries and (len(entries) == ENTRIES or size > BATCH_BYTES):
            yield entries
            entries, size = [], len(body.encode())
        entries.append({"Id": str(place), "MessageBody": body, "MessageGroupId": group_of(this), "MessageDeduplicationId": identity_of(this)})
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
