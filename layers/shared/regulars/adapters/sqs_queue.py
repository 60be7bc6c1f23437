"""EventQueue on SQS."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from regulars.adapters.aws import client, is_throttled
from regulars.domain.collection.message import MAX_MESSAGE_BYTES
from regulars.domain.errors import PayloadTooLargeError, QueueUnavailableError, TooManyRequestsError

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient
    from types_boto3_sqs.literals import QueueAttributeNameType

_COUNTS: Final[tuple["QueueAttributeNameType", ...]] = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)


_ENTRIES: Final = 10
"""The most of one ChangeMessageVisibilityBatch (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibilityBatch.html)."""


def sized(body: str) -> int:
    """Bytes of a message. Raises PayloadTooLargeError for more than SQS takes of one: it would refuse that however often it is sent."""
    size = len(body.encode("utf-8", "surrogatepass"))
    if size > MAX_MESSAGE_BYTES:
        raise PayloadTooLargeError(f"{size:,} bytes are to go to a queue in one message, which takes {MAX_MESSAGE_BYTES:,}")
    return size


class SqsQueue:
    """A standard queue, by its URL."""

    def __init__(self, queue_url: str) -> None:
        self._queue_url = queue_url

    @property
    def _sqs(self) -> "SQSClient":
        return client("sqs")  # type: ignore[no-any-return]

    @property
    def _sender(self) -> "SQSClient":
        return client("sqs", hurried=True)  # type: ignore[no-any-return]

    def send(self, body: str) -> None:
        sized(body)
        try:
            self._sender.send_message(QueueUrl=self._queue_url, MessageBody=body)
        except (BotoCoreError, ClientError) as error:
            failure = TooManyRequestsError if is_throttled(error) else QueueUnavailableError
            raise failure(f"the event queue took nothing: {error}") from error

    def depth(self) -> int:
        try:
            found = self._sqs.get_queue_attributes(QueueUrl=self._queue_url, AttributeNames=list(_COUNTS))
        except (BotoCoreError, ClientError) as error:
            raise QueueUnavailableError(f"the event queue tells no depth: {error}") from error
        return sum(int(found["Attributes"][name]) for name in _COUNTS)

    def give_back(self, receipts: Mapping[str, timedelta]) -> None:
        entries: Any = [
            {"Id": str(place), "ReceiptHandle": receipt, "VisibilityTimeout": int(after.total_seconds())}
            for place, (receipt, after) in enumerate(receipts.items())
        ]
        for start in range(0, len(entries), _ENTRIES):
            with suppress(BotoCoreError, ClientError):
                self._sqs.change_message_visibility_batch(QueueUrl=self._queue_url, Entries=entries[start : start + _ENTRIES])
