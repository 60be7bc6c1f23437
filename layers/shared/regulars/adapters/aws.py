"""One boto3 client a service and process. Creating one takes 70 to 260 ms of CPU; using one is safe from any thread.

boto3's default session is not safe while it creates clients (https://docs.aws.amazon.com/boto3/latest/guide/clients.html#multithreading-or-multiprocessing-with-clients),
so creation is locked. Nothing is created at import.
"""

import threading
from base64 import b64decode
from typing import Any, Final

import boto3
import orjson
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

ONCE: Final = _CLIENT_CONFIG.merge(ClientConfig(read_timeout=28, retries={"total_max_attempts": 1, "mode": "standard"}))
"""For one who waits for another function's answer, which may do something that must not be done twice. Just under what API Gateway waits (30 s)."""

_BRIEF: Final = ClientConfig(parameter_validation=False, user_agent="regulars")
"""For DynamoDB, of which deliver asks thousands of items a second: to compare each request with the service's model before it goes out cost 10 to 20
microseconds an item, and botocore spells its own name anew for each request, for 200. Names and forms of requests are the type checker's
(types-boto3); what a value may be, DynamoDB says itself (https://docs.aws.amazon.com/botocore/latest/reference/config.html)."""

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

_BATCHES: Final = frozenset({"RequestItems", "Statements"})
"""What is long in a request for many items."""

_clients: Final[dict[tuple[str, bool, bool], Any]] = {}
_creating: Final = threading.Lock()


def client(service: str, *, hurried: bool = False, once: bool = False) -> Any:
    """The process's client of this service, as in `client("sqs")`; if `hurried`, one that gives up early (`HURRIED`); if `once`, one that waits and
    asks no second time (`ONCE`)."""
    kind = service, hurried, once
    found = _clients.get(kind)
    if found is None:
        with _creating:
            found = _clients.get(kind)
            if found is None:
                found = _clients[kind] = _created(service, _config(service, hurried=hurried, once=once))
    return found


def _created(service: str, config: ClientConfig) -> Any:
    created: Any = boto3.client(service, config=config)  # type: ignore[call-overload]
    if service == "dynamodb":
        events = created.meta.events
        events.register("before-parse.dynamodb.BatchGetItem", _read_items)
        events.register("before-parse.dynamodb.BatchExecuteStatement", _read_outcomes)
        for operation in ("BatchGetItem", "BatchExecuteStatement"):
            events.register(f"before-parameter-build.dynamodb.{operation}", _keep_request)
            events.register(f"before-call.dynamodb.{operation}", _write_request)
    return created


def _read_items(response_dict: dict[str, Any], customized_response_dict: dict[str, Any], **_: Any) -> None:
    """Reads the answer of a BatchGetItem before botocore's parser, which looks up the model for each attribute of each item: 20 microseconds a
    person of `deliver`. The JSON that DynamoDB answers has the form that boto3 gives, but for bytes, which it has in base64 (and which we have in no
    list or map: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html). What is put into
    `customized_response_dict` is botocore's answer (botocore.endpoint); an answer that tells of an error is left to its parser."""
    body = response_dict["body"]
    if response_dict["status_code"] != 200:
        return
    answer = orjson.loads(body)
    if b'"B":' in body:
        for value in (value for items in answer["Responses"].values() for item in items for value in item.values() if "B" in value):
            value["B"] = b64decode(value["B"])
    customized_response_dict.update(answer)
    response_dict["body"] = b"{}"


def _read_outcomes(response_dict: dict[str, Any], customized_response_dict: dict[str, Any], **_: Any) -> None:
    """The same for what became of statements, as far as they ask for no item back."""
    if response_dict["status_code"] == 200:
        customized_response_dict.update(orjson.loads(response_dict["body"]))
        response_dict["body"] = b"{}"


def _keep_request(params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
    """Keeps the keys or statements of a batch from botocore's serializer, which looks up the model for each value of each, and writes JSON as it was
    given then: 10 microseconds a key, 20 a statement. Bytes would have to be base64, and there are none among them."""
    context["request"] = dict(params)
    for name in _BATCHES.intersection(params):
        params[name] = type(params[name])()


def _write_request(params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
    params["body"] = orjson.dumps(context["request"])


def _config(service: str, *, hurried: bool, once: bool) -> ClientConfig:
    config = ONCE if once else HURRIED if hurried else _CLIENT_CONFIG
    return config.merge(_BRIEF) if service == "dynamodb" else config


def is_throttled(error: BaseException | None) -> bool:
    """Whether the service is there, and asked for more than it takes at the moment."""
    return isinstance(error, ClientError) and error.response["Error"]["Code"] in _THROTTLED
