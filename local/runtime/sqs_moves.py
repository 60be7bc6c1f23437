"""Message move tasks, which moto 5.2.5 does not know: the documented way back from a dead-letter queue.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html and its neighbours. On AWS a task takes its time;
here it is over when the call returns, so that there is never one to cancel. What came from another place than a queue (a function's failure
destination) cannot be moved there either.
"""

import time
import uuid
from dataclasses import dataclass
from typing import Any

from moto.core.responses import ActionResult
from moto.sqs import models
from moto.sqs.exceptions import InvalidParameterValue, QueueDoesNotExist, SQSException
from moto.sqs.responses import SQSResponse

from local.runtime.corrections import require_moto
from local.runtime.sqs import standard_queue
from local.runtime.sqs_queue import StandardQueue, lock

MOST_RESULTS = 10


@dataclass(frozen=True, slots=True)
class _Task:
    source: str
    destination: str | None
    moved: int
    started: int

    def entry(self) -> dict[str, Any]:
        """As ListMessageMoveTasks tells of it; only a task that runs has a handle."""
        told = {"Status": "COMPLETED", "SourceArn": self.source, "DestinationArn": self.destination, "StartedTimestamp": self.started}
        counts = {"ApproximateNumberOfMessagesMoved": self.moved, "ApproximateNumberOfMessagesToMove": self.moved}
        return {name: value for name, value in (told | counts).items() if value is not None}


def install() -> None:
    """Teach moto's SQS in this process. Idempotent; raises WrongMotoVersionError."""
    require_moto("SQS")
    for answer in (start_message_move_task, list_message_move_tasks, cancel_message_move_task):
        setattr(SQSResponse, answer.__name__, answer)


def start_message_move_task(self: SQSResponse) -> ActionResult:
    source_arn, destination_arn = self._get_param("SourceArn"), self._get_param("DestinationArn")
    with lock:
        source = _queue(source_arn)
        destination = _queue(destination_arn) if destination_arn else None
        origins = [each for each in self.sqs_backend.queues.values() if each.dead_letter_queue is source]
        if not origins:
            raise InvalidParameterValue("Source queue must be configured as a Dead Letter Queue.")
        if destination is None and len(origins) > 1:
            raise SQSException("UnsupportedOperation", "the local cloud does not remember which queue a message came from: give a DestinationArn")
        moved = source.take_visible()
        for message in moved:
            (destination or origins[0]).add_message(_afresh(message))
    _tasks(self.sqs_backend).append(_Task(source_arn, destination_arn, len(moved), int(time.time() * 1000)))
    return ActionResult({"TaskHandle": str(uuid.uuid4())})


def list_message_move_tasks(self: SQSResponse) -> ActionResult:
    source_arn, most = self._get_param("SourceArn"), int(self._get_param("MaxResults") or 1)
    _queue(source_arn)
    if not 1 <= most <= MOST_RESULTS:
        raise InvalidParameterValue(f"Value {most} for parameter MaxResults is invalid: it must be between 1 and {MOST_RESULTS}.")
    ended = [task.entry() for task in reversed(_tasks(self.sqs_backend)) if task.source == source_arn]
    return ActionResult({"Results": ended[:most]})


def cancel_message_move_task(self: SQSResponse) -> ActionResult:
    raise SQSException("ResourceNotFoundException", "Task does not exist: here a task is over when its start is answered.")


def _queue(queue_arn: str) -> StandardQueue:
    try:
        return standard_queue(queue_arn)
    except QueueDoesNotExist:
        raise SQSException("ResourceNotFoundException", "The resource that you specified for the SourceArn parameter doesn't exist.") from None
    except (ValueError, TypeError):
        raise InvalidParameterValue(f"{queue_arn} is not the ARN of a standard queue.") from None


def _afresh(message: models.Message) -> models.Message:
    """Redriven messages are new ones, with an id and a time of their own; of a FIFO queue each is in its group, and known by its id among the dead:
    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html
    """
    fresh = models.Message(str(uuid.uuid4()), message.body, message.system_attributes)
    fresh.message_attributes = message.message_attributes
    fresh.group_id, fresh.deduplication_id = message.group_id, message.deduplication_id
    fresh.mark_sent()
    return fresh


def _tasks(backend: models.SQSBackend) -> list[_Task]:
    """Kept on the backend, so that they go when moto resets it."""
    found: list[_Task] = backend.__dict__.setdefault("regulars_move_tasks", [])
    return found
