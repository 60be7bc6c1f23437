"""What Lambda does by itself for an SQS event source mapping: poll, batch, invoke, delete what succeeded.

docs.aws.amazon.com/lambda/latest/dg/with-sqs.html, services-sqs-errorhandling.html, and for the 6 MB that an event may
have gettingstarted-limits.html: a batch is full by messages, by window or by bytes, whichever is first. Messages that are not deleted
come back when their visibility timeout ends, and the queue moves them to its dead-letter queue after too many
receives.
"""

import json
import os
import threading
import time
from typing import Any

from moto.sqs.exceptions import ReceiptHandleIsInvalid
from moto.sqs.models import Message

from local.resources.model import QueueMapping
from local.runtime.lambdas import MAX_REQUEST_BYTES, Lambdas, ThrottledError
from local.runtime.sandbox import Outcome
from local.runtime.sqs import message_bytes, standard_queue

# What a record holds beside body and attributes, generously.
RECORD_BYTES = 1024

# Lambda starts with five pollers.
DEFAULT_CONCURRENCY = 5

POLL_SECONDS = 0.25


class QueuePump:
    """One collecting thread fills batches while at most `concurrency` invocations run; when all are busy the queue
    waits.

    `concurrency` is the mapping's own, but not more than this machine has processors: more would only hold more memory.
    """

    def __init__(self, mapping: QueueMapping, lambdas: Lambdas, concurrency: int | None = None) -> None:
        self._mapping = mapping
        self._lambdas = lambdas
        self._queue = standard_queue(mapping.queue_arn)
        allowed = mapping.maximum_concurrency or DEFAULT_CONCURRENCY
        self._slots = threading.Semaphore(min(allowed, concurrency or max(2, os.cpu_count() or 2)))
        self._stopping = threading.Event()
        self._invocations: set[threading.Thread] = set()
        self._collector = threading.Thread(target=self._collect, name=f"pump-{mapping.logical_id}", daemon=True)
        self._collector.start()

    def ask_to_stop(self) -> None:
        """Take nothing more from the queue; `stop` waits for what that leaves."""
        self._stopping.set()

    def stop(self, patience: float = 1.0) -> None:
        """Take nothing more from the queue, and wait for running invocations, `patience` seconds in all."""
        self._stopping.set()
        deadline = time.monotonic() + patience
        for thread in [self._collector, *list(self._invocations)]:
            thread.join(max(0.0, deadline - time.monotonic()))

    def _collect(self) -> None:
        while not self._stopping.is_set():
            if not self._slots.acquire(timeout=POLL_SECONDS):
                continue
            batch = self._next_batch()
            if batch:
                thread = threading.Thread(target=self._deliver, args=(batch,), name="pump-invocation", daemon=True)
                self._invocations.add(thread)
                thread.start()
            else:
                self._slots.release()

    def _next_batch(self) -> list[Message]:
        """Messages until the batch or the event is full or the window has passed since the first."""
        batch: list[Message] = []
        size = RECORD_BYTES
        full = False

        def fits(message: Message) -> bool:
            nonlocal size, full
            grown = size + event_bytes(message)
            full = grown > MAX_REQUEST_BYTES
            if not full:
                size = grown
            return not full

        end = float("inf")
        while not full and len(batch) < self._mapping.batch_size and not self._stopping.is_set():
            wait = min(POLL_SECONDS, end - time.monotonic())
            if wait <= 0:
                break
            batch += self._queue.receive(self._mapping.batch_size - len(batch), wait, self._visibility, fits)
            if not batch:
                break
            end = min(end, time.monotonic() + self._mapping.window)
        if self._stopping.is_set():
            self._return(batch)
            return []
        return batch

    @property
    def _visibility(self) -> int:
        seconds: int = self._queue.visibility_timeout
        return seconds

    def _return(self, batch: list[Message]) -> None:
        for message in batch:
            self._queue.change_visibility(message.receipt_handle or "", 0)

    def _deliver(self, batch: list[Message]) -> None:
        try:
            outcome = self._invoke({"Records": [record(message, self._mapping.queue_arn) for message in batch]})
            if outcome is None:
                self._return(batch)
                return
            failed = failed_ids(outcome, batch, self._mapping.report_failures)
            for message in batch:
                if message.id not in failed:
                    self._delete(message)
        finally:
            self._invocations.discard(threading.current_thread())
            self._slots.release()

    def _invoke(self, event: dict[str, Any]) -> Outcome | None:
        while not self._stopping.is_set():
            try:
                return self._lambdas.call(self._mapping.function_arn, event)
            except ThrottledError:
                self._stopping.wait(0.1)
        return None

    def _delete(self, message: Message) -> None:
        try:
            self._queue.delete_message(message.receipt_handle or "")
        except ReceiptHandleIsInvalid:
            return  # purged, or given up as spent, meanwhile


def event_bytes(message: Message) -> int:
    """What a message adds to the event's JSON: its UTF-8, a backslash where JSON needs one, and a record round it."""
    body = message.body
    escapes = body.count('"') + body.count("\\") + body.count("\n")
    return message_bytes(body, message.message_attributes) + escapes + RECORD_BYTES


def record(message: Message, queue_arn: str) -> dict[str, Any]:
    """A message as a function gets it: lambda/latest/dg/with-sqs.html#example-standard-queue-message-event"""
    return {
        "messageId": message.id,
        "receiptHandle": message.receipt_handle,
        "body": message.body,
        "attributes": {
            "ApproximateReceiveCount": str(message.approximate_receive_count),
            "SentTimestamp": str(message.sent_timestamp),
            "SenderId": message.sender_id,
            "ApproximateFirstReceiveTimestamp": str(message.approximate_first_receive_timestamp),
            **_fifo_attributes(message),
        },
        "messageAttributes": {
            name: {
                "stringValue": value.get("StringValue"),
                "binaryValue": value.get("BinaryValue"),
                "stringListValues": [],
                "binaryListValues": [],
                "dataType": value["DataType"],
            }
            for name, value in message.message_attributes.items()
        },
        "md5OfBody": message.body_md5,
        "eventSource": "aws:sqs",
        "eventSourceARN": queue_arn,
        "awsRegion": queue_arn.split(":")[3],
    }


def _fifo_attributes(message: Message) -> dict[str, str]:
    """lambda/latest/dg/with-sqs.html#sample-fifo-queues-message-event"""
    if not message.group_id:
        return {}
    return {
        "SequenceNumber": str(message.sequence_number),
        "MessageGroupId": message.group_id,
        "MessageDeduplicationId": str(message.deduplication_id),
    }


def failed_ids(outcome: Outcome, batch: list[Message], report_failures: bool) -> set[str]:
    """The ids of the messages to keep. All, when the function failed or its report of failures makes no sense.

    An empty or missing report means that all succeeded: lambda/latest/dg/services-sqs-errorhandling.html
    """
    everything = {message.id for message in batch}
    if outcome.error is not None:
        return everything
    if not report_failures:
        return set()
    try:
        report = json.loads(outcome.payload) or {}
        failed = {failure["itemIdentifier"] for failure in report.get("batchItemFailures") or ()}
    except (AttributeError, KeyError, TypeError, ValueError):
        return everything
    return failed if failed <= everything else everything
