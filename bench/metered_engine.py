"""What the local Athena reads and writes, and which states moto's Step Functions enters, told to a meter.

A GET is a stretch of an object that is read without a jump; a LIST is a look under a prefix, and one more for each thousand keys.
"""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, Final
from unittest import mock

from moto.stepfunctions.parser.asl.eval.event.event_manager import EventManager

from local.athena.objects import CountedReader, Objects, split

if TYPE_CHECKING:
    from bench.metered import Meter

LIST_PAGE: Final = 1_000

Patch = tuple[type, str, Any]


@contextmanager
def told(meter: "Meter") -> Iterator[None]:
    """Until this ends."""
    with ExitStack() as patches:
        for owner, name, patch in (*_reading(meter), *_writing(meter), _entering(meter)):
            patches.enter_context(mock.patch.object(owner, name, patch))
        yield


def _reading(meter: "Meter") -> list[Patch]:
    """A reader is made of bytes: whose they are, the thread that found them knows."""
    start, read = CountedReader.__init__, CountedReader.read
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
            keys[threading.get_ident()] = split(url)[1]
            return original(self, url)

        return found

    found = [(Objects, name, finding(getattr(Objects, name))) for name in ("find", "content")]
    return [(CountedReader, "__init__", starting), (CountedReader, "read", reading), *found]


def _writing(meter: "Meter") -> list[Patch]:
    put, under = Objects.put, Objects.under

    def putting(self: Any, url: str, body: bytes) -> None:
        meter.stored(split(url)[1], len(body))
        put(self, url, body)

    def listing(self: Any, url: str) -> Iterator[str]:
        found = list(under(self, url))
        meter.listed(max(1, -(-len(found) // LIST_PAGE)))
        return iter(found)

    return [(Objects, "put", putting), (Objects, "under", listing)]


def _entering(meter: "Meter") -> Patch:
    add_event = EventManager.add_event

    def adding(self: Any, context: Any, event_type: Any, *arguments: Any, **named: Any) -> int:
        if str(event_type).endswith("StateEntered"):
            meter.entered()
        return int(add_event(self, context, event_type, *arguments, **named))

    return EventManager, "add_event", adding
