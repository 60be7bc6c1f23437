"""The network at its worst, between a client and the platform: answers get lost, connections are cut, requests arrive twice, 429 and 503 are said.

Only POSTs suffer: what carries events. Which of them is decided by the seed alone: of every fourteen requests each fault takes one (7 %). No event
is refused more than twice in all, because the least patient client (rudder-sdk-node) tries four times.
"""

import asyncio
import gzip
import random
import re
import socket
import struct
import threading
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import Final, Self

CARDS: Final = 14
MOST_REFUSALS: Final = 2

_RESET_ON_CLOSE: Final = struct.pack("ii", 1, 0)
_MESSAGE_ID: Final = re.compile(rb'"messageId"\s*:\s*"([^"]+)"')


class Fault(StrEnum):
    """What may happen to a request."""

    ANSWER_LOST = "the platform has it, and its client never hears so"
    CUT = "half of it arrives, then the connection is reset"
    TWICE = "it arrives twice"
    TOO_MANY = "429 with Retry-After"
    UNAVAILABLE = "503"


HARMLESS: Final = (Fault.ANSWER_LOST, Fault.TWICE)
"""What a client may suffer that never sends again: a beacon."""

_REFUSALS: Final = {
    Fault.TOO_MANY: ("429 Too Many Requests", "retry-after: 1\r\n", "too_many_requests"),
    Fault.UNAVAILABLE: ("503 Service Unavailable", "", "service_unavailable"),
}


@dataclass(frozen=True)
class Request:
    """As it came. `message_ids` are those of the events in its body."""

    head: bytes
    body: bytes

    @property
    def raw(self) -> bytes:
        return self.head + self.body

    @property
    def carries_events(self) -> bool:
        return self.head.startswith(b"POST ")

    @property
    def message_ids(self) -> list[str]:
        text = gzip.decompress(self.body) if self.body.startswith(b"\x1f\x8b") else self.body
        return [found.decode() for found in _MESSAGE_ID.findall(text)]


class Deck:
    """Deals each request its fault or none, the same for the same seed."""

    def __init__(self, seed: str, faults: Sequence[Fault]) -> None:
        self._random = random.Random(zlib.crc32(seed.encode()))
        self._faults = faults
        self._cards: list[Fault | None] = []
        self._refusals: Counter[str] = Counter()

    def deal(self, message_ids: Iterable[str]) -> Fault | None:
        if not self._cards:
            self._cards = [*self._faults, *[None] * (CARDS - len(self._faults))]
            self._random.shuffle(self._cards)
        card = self._cards.pop()
        if card is None or card is Fault.TWICE:
            return card
        if max((self._refusals[identity] for identity in message_ids), default=0) >= MOST_REFUSALS:
            self._cards.insert(0, card)
            return None
        self._refusals.update(message_ids)
        return card


class Proxy:
    """`port` is where it listens. `faults` counts what it did, and `arrivals` how often each event, by its message id, was accepted with 200."""

    def __init__(self, upstream_port: int, seed: str, faults: Sequence[Fault]) -> None:
        self.port = 0
        self.faults: Counter[Fault] = Counter()
        self.arrivals: Counter[str] = Counter()
        self._upstream_port = upstream_port
        self._deck = Deck(seed, faults)

    async def start(self) -> None:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=2**20)
        self.port = server.sockets[0].getsockname()[1]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while True:
                answer = await self._answer(await _request(reader))
                if answer is None:
                    break
                writer.write(answer)
                await writer.drain()
        _reset(writer)

    async def _answer(self, request: Request) -> bytes | None:
        """None where the client gets none."""
        fault = self._deck.deal(request.message_ids) if request.carries_events else None
        if fault is not None:
            self.faults[fault] += 1
        match fault:
            case Fault.TOO_MANY | Fault.UNAVAILABLE:
                return _refusal(*_REFUSALS[fault])
            case Fault.CUT:
                await self._forward_half(request)
                return None
            case Fault.ANSWER_LOST:
                await self._forward(request)
                return None
            case Fault.TWICE:
                await self._forward(request)
        return await self._forward(request)

    async def _forward(self, request: Request) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._upstream_port)
        writer.write(request.raw)
        answer = await _request(reader)
        writer.close()
        if answer.head.startswith(b"HTTP/1.1 200"):
            self.arrivals.update(request.message_ids)
        return answer.raw

    async def _forward_half(self, request: Request) -> None:
        _, writer = await asyncio.open_connection("127.0.0.1", self._upstream_port)
        writer.write(request.raw[: len(request.head) + len(request.body) // 2])
        await writer.drain()
        _reset(writer)


class Chaos:
    """Proxies before one platform, all in one thread, which ends with the `with`."""

    def __init__(self, upstream_port: int) -> None:
        self._upstream_port = upstream_port
        self._loop = asyncio.new_event_loop()
        self._stopped = asyncio.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join(5)

    def proxy(self, seed: str, faults: Sequence[Fault] = tuple(Fault)) -> Proxy:
        """One that listens."""
        proxy = Proxy(self._upstream_port, seed, faults)
        asyncio.run_coroutine_threadsafe(proxy.start(), self._loop).result(5)
        return proxy

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._wait())

    async def _wait(self) -> None:
        await self._stopped.wait()


async def _request(reader: asyncio.StreamReader) -> Request:
    """A message of HTTP, also an answer. Bodies have their length told: no client of ours sends chunks."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
    return Request(head, await reader.readexactly(int(length[1]) if length else 0))


def _refusal(status: str, headers: str, code: str) -> bytes:
    body = f'{{"code": "{code}", "message": "{status}"}}'
    common = "content-type: application/json\r\naccess-control-allow-origin: *\r\naccess-control-expose-headers: retry-after\r\n"
    return f"HTTP/1.1 {status}\r\n{common}{headers}content-length: {len(body)}\r\n\r\n{body}".encode()


def _reset(writer: asyncio.StreamWriter) -> None:
    connection: socket.socket | None = writer.get_extra_info("socket")
    if connection is not None and connection.fileno() != -1:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
    writer.transport.abort()
