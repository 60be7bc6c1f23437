"""https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html. A batch needs what one message needs."""

from collections.abc import Callable
from typing import Final

from local.iam.calls.names import Calls, Parameters
from local.iam.requests import Request
from local.resources.site import arn

_MOVING: Final = ("StartMessageMoveTask", "ReceiveMessage", "DeleteMessage", "GetQueueAttributes")
"""https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html; also SendMessage."""


def _on_queue(action: str) -> Callable[[Parameters], list[Request]]:
    return lambda parameters: [Request(f"sqs:{action}", arn("sqs", parameters["QueueUrl"].rsplit("/", 1)[-1]))]


CALLS: Final[Calls] = {
    "ChangeMessageVisibility": _on_queue("ChangeMessageVisibility"),
    "ChangeMessageVisibilityBatch": _on_queue("ChangeMessageVisibility"),
    "DeleteMessage": _on_queue("DeleteMessage"),
    "DeleteMessageBatch": _on_queue("DeleteMessage"),
    "GetQueueAttributes": _on_queue("GetQueueAttributes"),
    "ListMessageMoveTasks": lambda parameters: [Request("sqs:ListMessageMoveTasks", parameters["SourceArn"])],
    "PurgeQueue": _on_queue("PurgeQueue"),
    "ReceiveMessage": _on_queue("ReceiveMessage"),
    "SendMessage": _on_queue("SendMessage"),
    "SendMessageBatch": _on_queue("SendMessage"),
    "StartMessageMoveTask": lambda parameters: [Request(f"sqs:{action}", parameters["SourceArn"]) for action in _MOVING],
}
