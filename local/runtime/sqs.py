"""moto's SQS for standard queues, with costs that do not grow with the queue's depth and without losing messages.

moto 5.2.5 (moto/sqs/models.py) keeps a list, scans it on every send and for every received message, and rebuilds it without a
lock on every delete, so that a message sent meanwhile is gone. `StandardQueue` keeps visible messages, hidden ones and receipt
handles apart, under one lock. FIFO queues stay moto's. moto's own event source mappings are not served: `pumps` does that.
Limits count bytes, as AWS does (AWSSimpleQueueService/latest/APIReference/API_SendMessage.html); moto counts characters.
"""

import copy
import heapq
import itertools
import re
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sized
from typing import Any

from moto.sqs import models
from moto.sqs.constants import MAXIMUM_MESSAGE_LENGTH
from moto.sqs.exceptions import BatchRequestTooLong, InvalidParameterValue, ReceiptHandleIsInvalid, SQSException

from local.runtime.corrections import replace, require_moto

# XML 1.0's characters; SQS refuses all others.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# One lock for all queues: each operation takes microseconds, and a move to a dead-letter queue needs two of them.
_lock = threading.RLock()

_Hidden = tuple[float, models.Message]  # until when, in moto's milliseconds


def _now() -> float:
    """Milliseconds, moto's unit of time for messages."""
    return time.time() * 1000.0


class StandardQueue(models.Queue):
    """A queue whose messages are in one of three places: `_ready` (oldest first), `_delayed` or `_in_flight`, until a moment."""

    def __init__(self, name: str, region: str, account_id: str, **attributes: Any) -> None:
        super().__init__(name, region, account_id, **attributes)
        self._messages_lock = threading.Condition(_lock)
        self._arrivals = itertools.count()
        self._forget_all()

    def _forget_all(self) -> None:
        self._ready: OrderedDict[str, models.Message] = OrderedDict()
        self._delayed: dict[str, _Hidden] = {}
        self._in_flight: dict[str, _Hidden] = {}
        self._due: list[tuple[float, int, str]] = []  # a heap; may hold outdated entries, the two above decide
        self._by_receipt: dict[str, models.Message] = {}

    def _hide(self, message: models.Message, until: float) -> None:
        self._ready.pop(message.id, None)
        place = self._in_flight if message.approximate_receive_count else self._delayed
        place[message.id] = (until, message)
        heapq.heappush(self._due, (until, next(self._arrivals), message.id))

    def _reveal_due(self) -> None:
        now = _now()
        while self._due and self._due[0][0] <= now:
            until, _, message_id = heapq.heappop(self._due)
            for place in (self._delayed, self._in_flight):
                if message_id in place and place[message_id][0] == until:
                    self._ready[message_id] = place.pop(message_id)[1]

    def add_message(self, message: models.Message) -> None:
        with self._messages_lock:
            if message.delayed_until > _now():
                self._hide(message, message.delayed_until)
            else:
                self._ready[message.id] = message
            self._messages_lock.notify_all()

    def receive(
        self,
        count: int,
        wait_seconds: float,
        visibility_seconds: float,
        accept: Callable[[models.Message], bool] = lambda message: True,
    ) -> list[models.Message]:
        """Up to `count` messages, now hidden for a while; waits for the first one. Stops before one that `accept` refuses.

        The messages are copies: what a caller changes in them stays with the caller.
        """
        end = time.monotonic() + wait_seconds
        with self._messages_lock:
            while True:
                self._reveal_due()
                received = self._take(count, visibility_seconds, accept)
                left = end - time.monotonic()
                if received or self._ready or left <= 0:
                    return received
                if self._due:
                    left = min(left, max(0.001, (self._due[0][0] - _now()) / 1000.0))
                self._messages_lock.wait(left)

    def _take(
        self, count: int, visibility_seconds: float, accept: Callable[[models.Message], bool]
    ) -> list[models.Message]:
        taken: list[models.Message] = []
        while self._ready and len(taken) < count:
            message = next(iter(self._ready.values()))
            if message.sent_timestamp + self.message_retention_period * 1000 < _now():
                self._forget(message)
            elif self._is_spent(message):
                self._forget(message)
                self.dead_letter_queue.add_message(message)
            elif accept(message):
                message.mark_received(visibility_timeout=int(visibility_seconds))
                self._by_receipt[message.receipt_handle] = message
                # Hidden even for 0 seconds: the same answer must not hold a message twice.
                self._hide(message, _now() + visibility_seconds * 1000)
                taken.append(copy.copy(message))
            else:
                break
        return taken

    def _is_spent(self, message: models.Message) -> bool:
        return (
            self.dead_letter_queue is not None
            and bool(self.redrive_policy)
            and message.approximate_receive_count >= self.redrive_policy["maxReceiveCount"]
        )

    def _forget(self, message: models.Message) -> None:
        for place in (self._ready, self._delayed, self._in_flight):
            place.pop(message.id, None)
        for receipt in message.all_receipt_handles:
            self._by_receipt.pop(receipt or "", None)

    def delete_message(self, receipt_handle: str) -> None:
        with self._messages_lock:
            if receipt_handle in self.deleted_messages:
                return
            message = self._by_receipt.get(receipt_handle)
            if message is None:
                raise ReceiptHandleIsInvalid()
            self.deleted_messages.update(receipt for receipt in message.all_receipt_handles if receipt)
            self._forget(message)

    def change_visibility(self, receipt_handle: str, visibility_seconds: int) -> None:
        with self._messages_lock:
            message = self._by_receipt.get(receipt_handle)
            if message is None:
                raise ReceiptHandleIsInvalid()
            message.visible_at = _now() + visibility_seconds * 1000
            self._hide(message, message.visible_at)
            self._messages_lock.notify_all()

    def purge(self) -> None:
        with self._messages_lock:
            self._forget_all()

    def _count(self, place: Callable[[], Sized]) -> int:
        with self._messages_lock:
            self._reveal_due()
            return len(place())

    @property
    def messages(self) -> list[models.Message]:
        with self._messages_lock:
            self._reveal_due()
            return list(self._ready.values())

    @property
    def approximate_number_of_messages(self) -> int:
        return self._count(lambda: self._ready)

    @property
    def approximate_number_of_messages_delayed(self) -> int:
        return self._count(lambda: self._delayed)

    @property
    def approximate_number_of_messages_not_visible(self) -> int:
        return self._count(lambda: self._in_flight)


def standard_queue(queue_arn: str) -> StandardQueue:
    """The live queue behind an ARN. Raises moto's QueueDoesNotExist, or TypeError for one made before `install` or FIFO."""
    _, _, _, region, account, name = queue_arn.split(":")
    queue = models.sqs_backends[account][region].get_queue(name)
    if not isinstance(queue, StandardQueue):
        raise TypeError(f"{queue_arn} is not a corrected standard queue: call install() before queues are created")
    return queue


def send(queue_arn: str, message_body: str) -> None:
    """Put a message into the queue behind an ARN."""
    _, _, _, region, account, name = queue_arn.split(":")
    models.sqs_backends[account][region].send_message(name, message_body)


def message_bytes(message_body: str, message_attributes: dict[str, Any] | None = None) -> int:
    """A message's size as SQS counts it: body, and each attribute's name, type and value, in UTF-8 bytes."""
    size = len(message_body) if message_body.isascii() else len(message_body.encode("utf-8", "surrogatepass"))
    for name, attribute in (message_attributes or {}).items():
        value = attribute.get("StringValue") or attribute.get("BinaryValue") or ""
        size += len(name.encode()) + len(attribute["DataType"].encode())
        size += len(value.encode() if isinstance(value, str) else value)
    return size


def _check_message(queue: StandardQueue, message_body: str, message_attributes: dict[str, Any] | None) -> None:
    limit: int = queue.maximum_message_size
    if message_bytes(message_body, message_attributes) > limit:
        raise InvalidParameterValue(
            f"One or more parameters are invalid. Reason: Message must be shorter than {limit} bytes."
        )
    plain = message_body.isascii() and message_body.isprintable()
    if not plain and _FORBIDDEN.search(message_body):
        raise SQSException("InvalidMessageContents", "Invalid characters found in the message body.")


def install() -> None:
    """Correct moto in this process; queues made before stay as they are. Idempotent; raises WrongMotoVersion."""
    require_moto("SQS")
    backend = models.SQSBackend
    if getattr(backend.create_queue, "corrected", False):
        return
    stock_create, stock_receive = backend.create_queue, backend.receive_message
    stock_send, stock_send_batch = backend.send_message, backend.send_message_batch
    stock_purge, stock_change = backend.purge_queue, backend.change_message_visibility

    def create_queue(self: Any, name: str, tags: dict[str, str] | None = None, **attributes: Any) -> models.Queue:
        with _lock:
            is_new = name not in self.queues
            queue = stock_create(self, name, tags, **dict(attributes))
            if is_new and not queue.fifo_queue:
                attributes.pop("region", None)
                queue = StandardQueue(name, region=self.region_name, account_id=self.account_id, **attributes)
                queue.tags = tags or {}
                self.queues[name] = queue
            return queue

    create_queue.corrected = True

    def send_message(
        self: Any,
        queue_name: str,
        message_body: str,
        message_attributes: dict[str, Any] | None = None,
        *rest: Any,
        **named: Any,
    ) -> models.Message:
        queue = self.get_queue(queue_name)
        if isinstance(queue, StandardQueue):
            _check_message(queue, message_body, message_attributes)
        return stock_send(self, queue_name, message_body, message_attributes, *rest, **named)

    def send_message_batch(self: Any, queue_name: str, entries: dict[str, dict[str, Any]]) -> Any:
        size = sum(message_bytes(entry["MessageBody"], entry.get("MessageAttributes")) for entry in entries.values())
        if size > MAXIMUM_MESSAGE_LENGTH:
            raise BatchRequestTooLong(size)
        return stock_send_batch(self, queue_name, entries)

    def receive_message(
        self: Any, queue_name: str, count: int, wait: float, visibility: float, names: list[str] | None = None
    ) -> list[models.Message]:
        queue = self.get_queue(queue_name)
        if not isinstance(queue, StandardQueue):
            return stock_receive(self, queue_name, count, int(wait), int(visibility), names)
        messages = queue.receive(count, wait, visibility)
        for message in messages:
            models._filter_message_attributes(message, names or [])
        return messages

    def change_message_visibility(self: Any, queue_name: str, receipt_handle: str, visibility_timeout: int) -> None:
        queue = self.get_queue(queue_name)
        if isinstance(queue, StandardQueue):
            queue.change_visibility(receipt_handle, int(visibility_timeout))
        else:
            stock_change(self, queue_name, receipt_handle, visibility_timeout)

    def purge_queue(self: Any, queue_name: str) -> None:
        stock_purge(self, queue_name)
        queue = self.get_queue(queue_name)
        if isinstance(queue, StandardQueue):
            queue.purge()

    for replacement in (
        create_queue,
        send_message,
        send_message_batch,
        receive_message,
        change_message_visibility,
        purge_queue,
    ):
        replace(backend, replacement.__name__, replacement)
    # moto draws 185 random letters for each message received.
    replace(models, "generate_receipt_handle", lambda: secrets.token_urlsafe(96))
