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
"""Three tries of at most 9 s each."""

HURRIED: Final = _CLIENT_CONFIG.merge(ClientConfig(connect_timeout=0.5, read_timeout=1.5, retries={"total_max_attempts": 2, "mode": "standard"}))
"""For those who wait for collect: two tries of at most 2 s each. Where DynamoDB and SQS hang one after the other, collect still says so itself before
its 10 s are over (template.yaml), which is when clients give up, too. The timeouts are those of a connection and of the silence after it
(https://docs.aws.amazon.com/botocore/latest/reference/config.html); what is tried again, and when:
https://docs.aws.amazon.com/boto3/latest/guide/retries.html."""

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

_clients: Final[dict[tuple[str, bool], Any]] = {}
_creating: Final = threading.Lock()


def client(service: str, *, hurried: bool = False) -> Any:
    """The process's client of this service, as in `client("sqs")`; if `hurried`, one that gives up early (`HURRIED`)."""
    kind = service, hurried
    found = _clients.get(kind)
    if found is None:
        with _creating:
            found = _clients.get(kind)
            if found is None:
                found = _clients[kind] = boto3.client(service, config=HURRIED if hurried else _CLIENT_CONFIG)  # type: ignore[call-overload]
    return found


def is_throttled(error: BaseException | None) -> bool:
    """Whether the service is there, and asked for more than it takes at the moment."""
    return isinstance(error, ClientError) and error.response["Error"]["Code"] in _THROTTLED
