"""moto's SQS corrected: costs that do not grow with the depth, no lost messages, sizes in bytes.

moto 5.2.5 (moto/sqs/models.py) keeps a list, scans it on every send and for every received message, and rebuilds it
without a lock on every delete, so that a message sent meanwhile is gone; its FIFO queues know no groups. moto's own event
source mappings are not served: `pumps` does that. Limits count bytes, as AWS does
(AWSSimpleQueueService/latest/APIReference/API_SendMessage.html); moto counts characters.
"""

import re
import secrets
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from moto.sqs import models
from moto.sqs.constants import MAXIMUM_MESSAGE_LENGTH
from moto.sqs.exceptions import BatchRequestTooLong, InvalidParameterValue, SQSException

from local.runtime.corrections import replace, require_moto
from local.runtime.sqs_fifo import FifoQueue
from local.runtime.sqs_queue import StandardQueue, lock

# XML 1.0's characters; SQS refuses all others.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def standard_queue(queue_arn: str) -> StandardQueue:
    """The live queue behind an ARN, FIFO or not. Raises moto's QueueDoesNotExist, or TypeError for one made before `install`."""
    _, _, _, region, account, name = queue_arn.split(":")
    queue = models.sqs_backends[account][region].get_queue(name)
    if not isinstance(queue, StandardQueue):
        raise TypeError(f"{queue_arn} is not a corrected queue: call install() before queues are created")
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
        raise InvalidParameterValue(f"One or more parameters are invalid. Reason: Message must be shorter than {limit} bytes.")
    plain = message_body.isascii() and message_body.isprintable()
    if not plain and _FORBIDDEN.search(message_body):
        raise SQSException("InvalidMessageContents", "Invalid characters found in the message body.")


# moto's own operations, by name, for what the corrections leave to them.
_stock: dict[str, Callable[..., Any]] = {}


def _create_queue(self: Any, name: str, tags: dict[str, str] | None = None, **attributes: Any) -> models.Queue:
    with lock:
        is_new = name not in self.queues
        queue: models.Queue = _stock["create_queue"](self, name, tags, **dict(attributes))
        if is_new:
            attributes.pop("region", None)
            kind = FifoQueue if queue.fifo_queue else StandardQueue
            queue = kind(name, region=self.region_name, account_id=self.account_id, **attributes)
            queue.tags = tags or {}
            self.queues[name] = queue
        return queue


def _send_message(
    self: Any,
    queue_name: str,
    message_body: str,
    message_attributes: dict[str, Any] | None = None,
    *rest: Any,
    **named: Any,
) -> Any:
    queue = self.get_queue(queue_name)
    if isinstance(queue, StandardQueue):
        _check_message(queue, message_body, message_attributes)
    return _stock["send_message"](self, queue_name, message_body, message_attributes, *rest, **named)


def _send_message_batch(self: Any, queue_name: str, entries: dict[str, dict[str, Any]]) -> Any:
    size = sum(message_bytes(entry["MessageBody"], entry.get("MessageAttributes")) for entry in entries.values())
    if size > MAXIMUM_MESSAGE_LENGTH:
        raise BatchRequestTooLong(size)
    return _stock["send_message_batch"](self, queue_name, entries)


def _receive_message(self: Any, queue_name: str, count: int, wait: int, visibility: int, names: list[str] | None = None) -> Any:
    queue = self.get_queue(queue_name)
    if not isinstance(queue, StandardQueue):
        return _stock["receive_message"](self, queue_name, count, wait, visibility, names)
    messages = queue.receive(count, wait, visibility)
    for message in messages:
        models._filter_message_attributes(message, names or [])
    return messages


def _change_message_visibility(self: Any, queue_name: str, receipt_handle: str, visibility_timeout: int) -> None:
    queue = self.get_queue(queue_name)
    if isinstance(queue, StandardQueue):
        queue.change_visibility(receipt_handle, int(visibility_timeout))
    else:
        _stock["change_message_visibility"](self, queue_name, receipt_handle, visibility_timeout)


def _purge_queue(self: Any, queue_name: str) -> None:
    _stock["purge_queue"](self, queue_name)
    queue = self.get_queue(queue_name)
    if isinstance(queue, StandardQueue):
        queue.purge()


_CORRECTED: dict[str, Callable[..., Any]] = {
    "create_queue": _create_queue,
    "send_message": _send_message,
    "send_message_batch": _send_message_batch,
    "receive_message": _receive_message,
    "change_message_visibility": _change_message_visibility,
    "purge_queue": _purge_queue,
}


def install() -> None:
    """Correct moto in this process; queues made before stay as they are. Idempotent; raises WrongMotoVersionError."""
    require_moto("SQS")
    if _stock:
        return
    for name, corrected in _CORRECTED.items():
        _stock[name] = getattr(models.SQSBackend, name)
        replace(models.SQSBackend, name, corrected)
    # moto spells attribute names anew on every send, and draws 185 random letters for each message received.
    replace(models, "camelcase_to_underscores", lru_cache(models.camelcase_to_underscores))
    replace(models, "generate_receipt_handle", lambda: secrets.token_urlsafe(96))
