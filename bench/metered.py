"""A meter for AWS calls: what is billed of each, in the units of the price table.

Calls of handlers are seen by botocore's own event hooks; requests of Athena's engine to S3, which are billed to whoever owns the bucket, where
the local engine opens and writes objects. Units of DynamoDB are worked out from the items, because moto does not.
"""

import io
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final
from unittest import mock

from bench.amounts import Amounts
from regulars.domain import prices

LIST_PAGE: Final = 1_000
_S3_GETS: Final = frozenset({"GetObject", "HeadObject", "HeadBucket"})
_S3_FREE: Final = frozenset({"DeleteObject", "DeleteObjects"})
_READS: Final = frozenset({"GetItem", "BatchGetItem", "Query", "Scan"})


@dataclass
class Usage:
    """What was used: `amounts` by name of a price; `raw_gets` are the `s3_get` among them that read raw objects; `queries` ran on Athena."""

    amounts: Amounts = field(default_factory=Amounts)
    raw_gets: int = 0
    calls: int = 0
    threads: set[int] = field(default_factory=set)
    served: float = 0.0
    """CPU seconds in which this process was the cloud."""
    queries: list[str] = field(default_factory=list)
    reads: dict[Any, Amounts] = field(default_factory=dict)
    """Bytes that each query read, by the place of what it read: the query's own `Objects` is the key."""
    asked: dict[Any, Amounts] = field(default_factory=dict)
    """Requests that each query made for them."""
    written: Amounts = field(default_factory=Amounts)
    """Bytes put into S3, by place, and into DynamoDB (`dynamodb`)."""

    def add(self, other: "Usage") -> None:
        self.amounts.add(other.amounts)
        self.raw_gets += other.raw_gets
        self.calls += other.calls
        self.queries += other.queries
        self.reads.update(other.reads)
        self.asked.update(other.asked)
        self.written.add(other.written)


def place(key: str) -> str:
    """`raw` or `lake/events`: what a key belongs to."""
    parts = key.split("/")
    return "/".join(parts[:2]) if parts[0] == "lake" else parts[0]


class Meter:
    """Counts into one `Usage` at a time, from whatever thread."""

    def __init__(self) -> None:
        self._usage = Usage()
        self._began: dict[int, float] = {}

    @contextmanager
    def counting(self) -> Iterator[Usage]:
        """What is used in here, and only that."""
        before, self._usage = self._usage, Usage()
        try:
            yield self._usage
        finally:
            self._usage = before

    @contextmanager
    def installed(self) -> Iterator[None]:
        """Hears every client that is made from now on, and every object that the local Athena touches, until this ends."""
        global _listening
        _hook()
        with _engine(self):
            _listening = self
            try:
                yield
            finally:
                _listening = None

    def opened(self, query: Any, key: str) -> None:
        """A query asked for a stretch of an object."""
        self._usage.amounts["s3_get"] += 1
        self._usage.raw_gets += key.startswith("raw/")
        self._usage.asked.setdefault(query, Amounts())[place(key)] += 1

    def read(self, query: Any, key: str, size: int) -> None:
        self._usage.reads.setdefault(query, Amounts())[place(key)] += size

    def absorb(self, usage: Usage) -> None:
        """What was counted apart, as part of what is counted now."""
        self._usage.add(usage)

    def entered(self) -> None:
        """A state machine went on to a state."""
        self._usage.amounts["step_functions"] += 1

    def stored(self, key: str, size: int) -> None:
        self._usage.amounts["s3_put"] += 1
        self._usage.written[place(key)] += size

    def listed(self, pages: int) -> None:
        self._usage.amounts["s3_put"] += pages

    def sent(self) -> None:
        self._began[threading.get_ident()] = time.thread_time()

    def answered(self) -> None:
        self._usage.served += time.thread_time() - self._began.pop(threading.get_ident(), time.thread_time())

    def called(self, model: Any, parsed: Mapping[str, Any], parameters: Mapping[str, Any]) -> None:
        usage = self._usage
        if model.service_model.service_name != "athena":  # whoever asks for a query waits for the query
            usage.calls += 1
            usage.threads.add(threading.get_ident())
        usage.amounts.add(units(model.service_model.service_name, model.name, parameters, parsed))
        if model.service_model.service_name == "dynamodb" and model.name not in _READS:
            usage.written["dynamodb"] += sum(_written_bytes(model.name, parameters))
        match model.name:
            case "StartQueryExecution":
                usage.queries.append(parsed.get("QueryExecutionId", ""))
            case "PutObject":
                usage.written[place(parameters["Key"])] += _body_bytes(parameters.get("Body", b""))


def units(service: str, operation: str, parameters: Mapping[str, Any], answer: Mapping[str, Any]) -> Amounts:
    """What one call is billed as, by name of a price. Calls that cost nothing (Athena's, Step Functions', most errors) give nothing."""
    match service:
        case "sqs":
            return Amounts(sqs_request=prices.sqs_units(len(parameters.get("MessageBody", ""))))
        case "s3" if operation not in _S3_FREE:
            return Amounts({"s3_get" if operation in _S3_GETS else "s3_put": 1})
        case "dynamodb" if operation in _READS:
            return Amounts(dynamodb_read=_read_units(operation, parameters, answer))
        case "dynamodb":
            return Amounts(dynamodb_write=sum(map(prices.dynamodb_write_units, _written_bytes(operation, parameters))))
        case "secretsmanager":
            return Amounts(secret_request=1)
    return Amounts()


def item_bytes(item: Mapping[str, Any]) -> int:
    """Names and values of an item as DynamoDB's client sends it.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
    """
    return sum(len(name.encode()) + _value_bytes(value) for name, value in item.items())


def _value_bytes(value: Mapping[str, Any]) -> int:
    ((kind, content),) = value.items()
    match kind:
        case "S":
            return len(content.encode())
        case "N":
            return len(content) // 2 + 1
        case "B":
            return len(content)
        case "M":
            return 3 + len(content) + item_bytes(content)
        case "L":
            return 3 + sum(1 + _value_bytes(each) for each in content)
        case "SS" | "NS" | "BS":
            return sum(len(each) for each in content)
    return 1


def _written_bytes(operation: str, parameters: Mapping[str, Any]) -> list[int]:
    """Of each item that a call writes; what an update leaves as it is, is not known here and left out."""
    match operation:
        case "BatchExecuteStatement":
            return [sum(map(_value_bytes, each.get("Parameters", []))) for each in parameters["Statements"]]
        case "BatchWriteItem":
            ((_, asked),) = parameters["RequestItems"].items()
            return [item_bytes(each.get("PutRequest", {}).get("Item", {})) for each in asked]
    return [item_bytes(parameters.get("Item") or parameters.get("ExpressionAttributeValues", {}))]


def _read_units(operation: str, parameters: Mapping[str, Any], answer: Mapping[str, Any]) -> float:
    match operation:
        case "BatchGetItem":
            ((table, asked),) = parameters["RequestItems"].items()
            found = [item_bytes(item) for item in answer.get("Responses", {}).get(table, [])]
            missing = len(asked["Keys"]) - len(found)
            return sum(prices.dynamodb_read_units(size, strong=asked.get("ConsistentRead", False)) for size in [*found, *[0] * missing])
        case "GetItem":
            return prices.dynamodb_read_units(item_bytes(answer.get("Item", {})), strong=parameters.get("ConsistentRead", False))
    together = sum(item_bytes(item) for item in answer.get("Items", []))
    return prices.dynamodb_read_units(together, strong=parameters.get("ConsistentRead", False))


def _body_bytes(body: Any) -> int:
    """botocore has made a file of what were bytes."""
    return len(body) if isinstance(body, bytes) else body.seek(0, io.SEEK_END)


_listening: Meter | None = None
"""moto keeps clients of its own from one deployment to the next, so hooks stay on them and tell whoever listens now."""


@cache
def _hook() -> None:
    """Puts hooks on every client that is made from now on, before moto's own, which answers."""
    import moto.core  # noqa: F401 - registers moto's
    from botocore.handlers import BUILTIN_HANDLERS

    def asked(params: Mapping[str, Any], context: dict[str, Any], **_: Any) -> None:
        context["cost_parameters"] = dict(params)

    def sent(**_: Any) -> None:
        if _listening:
            _listening.sent()

    def answered(**_: Any) -> None:
        if _listening:
            _listening.answered()

    def called(model: Any, parsed: Mapping[str, Any], context: Mapping[str, Any], **_: Any) -> None:
        if _listening:
            _listening.called(model, parsed, context.get("cost_parameters", {}))

    hooks: Any = BUILTIN_HANDLERS
    hooks[:0] = [("before-parameter-build", asked), ("before-send", sent), ("before-parse", answered), ("after-call", called)]


@contextmanager
def _engine(meter: Meter) -> Iterator[None]:
    """Tells `meter` of what the local Athena reads and writes, and of the states that moto's Step Functions enters.

    A GET is a stretch of an object that is read without a jump; a LIST is a look under a prefix.
    """
    from moto.stepfunctions.parser.asl.eval.event.event_manager import EventManager

    from local.athena import objects

    with ExitStack() as patches:
        start, read = objects.CountedReader.__init__, objects.CountedReader.read
        put, under, find, content = (getattr(objects.Objects, name) for name in ("put", "under", "find", "content"))
        add_event = EventManager.add_event
        keys: dict[int, str] = {}

        def starting(self: Any, query: Any, body: bytes) -> None:
            start(self, query, body)
            self.cost_key, self.cost_end = keys.get(threading.get_ident(), ""), -1

        def reading(self: Any, size: int | None = -1) -> bytes:
            if self.tell() != self.cost_end:
                meter.opened(self._objects, self.cost_key)
            before = self._objects.bytes_read
            found: bytes = read(self, size)
            self.cost_end = self.tell()
            meter.read(self._objects, self.cost_key, self._objects.bytes_read - before)
            return found

        def finding(original: Any) -> Any:
            def found(self: Any, url: str) -> Any:
                keys[threading.get_ident()] = objects.split(url)[1]
                return original(self, url)

            return found

        def putting(self: Any, url: str, body: bytes) -> None:
            meter.stored(objects.split(url)[1], len(body))
            put(self, url, body)

        def listing(self: Any, url: str) -> Iterator[str]:
            found = list(under(self, url))
            meter.listed(max(1, -(-len(found) // LIST_PAGE)))
            return iter(found)

        def adding(self: Any, context: Any, event_type: Any, *arguments: Any, **named: Any) -> int:
            if str(event_type).endswith("StateEntered"):
                meter.entered()
            return int(add_event(self, context, event_type, *arguments, **named))

        for owner, name, patch in (
            (objects.CountedReader, "__init__", starting),
            (objects.CountedReader, "read", reading),
            (objects.Objects, "put", putting),
            (objects.Objects, "under", listing),
            (objects.Objects, "find", finding(find)),
            (objects.Objects, "content", finding(content)),
            (EventManager, "add_event", adding),
        ):
            patches.enter_context(mock.patch.object(owner, name, patch))
        yield
