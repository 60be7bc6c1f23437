"""One boto3 client a service and process. Creating one takes 70 to 260 ms of CPU; using one is safe from any thread.

boto3's default session is not safe while it creates clients (https://docs.aws.amazon.com/boto3/latest/guide/clients.html#multithreading-or-multiprocessing-with-clients),
so creation is locked. Nothing is created at import.
"""

import threading
from typing import Any, Final

import boto3
from botocore.config import Config as ClientConfig
from botocore.exceptions import ClientError

_CLIENT_CONFIG: Final = ClientConfig(
    connect_timeout=2,
    read_timeout=7,
    retries={"total_max_attempts": 3, "mode": "standard"},
    max_pool_connections=32,
    tcp_keepalive=True,
)
"""Three tries of at most 9 s each: collect answers 503 before API Gateway gives up after 30 s, and its client tries again."""

_THROTTLED: Final = frozenset(
    {
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "ThrottlingException",
        "KmsThrottled",
        "KMS.ThrottlingException",
    }
)
"""What DynamoDB and SQS call it (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html,
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html#API_SendMessage_Errors)."""

_clients: Final[dict[str, Any]] = {}
_creating: Final = threading.Lock()


def client(service: str) -> Any:
    """The process's client of this service, as in `client("sqs")`."""
    found = _clients.get(service)
    if found is None:
        with _creating:
            found = _clients.get(service)
            if found is None:
                found = _clients[service] = boto3.client(service, config=_CLIENT_CONFIG)  # type: ignore[call-overload]
    return found


def is_throttled(error: BaseException | None) -> bool:
    """Whether the service is there, and asked for more than it takes at the moment."""
    return isinstance(error, ClientError) and error.response["Error"]["Code"] in _THROTTLED
