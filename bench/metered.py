"""A meter for AWS calls: what is billed of each, in the units of the price table.

Calls of handlers are seen by botocore's own event hooks; requests of Athena's engine to S3, which are billed to whoever owns the bucket, where
the local engine opens and writes objects (`metered_engine`).
"""

import io
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from bench.amounts import Amounts
from bench.billed_units import units, written_bytes


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
        from bench.metered_engine import told

        global _listening
        _hook()
        with told(self):
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
        if model.service_model.service_name == "dynamodb":
            usage.written["dynamodb"] += sum(written_bytes(model.name, parameters))
        match model.name:
            case "StartQueryExecution":
                usage.queries.append(parsed.get("QueryExecutionId", ""))
            case "PutObject":
                usage.written[place(parameters["Key"])] += _body_bytes(parameters.get("Body", b""))


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
            # The client of `adapters.aws` takes what is long out of a batch's parameters, and keeps the whole as `request`.
            _listening.called(model, parsed, context.get("request") or context.get("cost_parameters", {}))

    hooks: Any = BUILTIN_HANDLERS
    hooks[:0] = [("before-parameter-build", asked), ("before-send", sent), ("before-parse", answered), ("after-call", called)]
