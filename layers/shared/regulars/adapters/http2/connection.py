"""One client's connection of HTTP/2: which requests it carries, and what became of each. https://www.rfc-editor.org/rfc/rfc9113"""

import struct
from dataclasses import dataclass, field
from enum import Enum
from typing import Generic, NamedTuple, TypeVar

from regulars.adapters.http2 import frames, hpack
from regulars.adapters.http2.frames import ErrorCode, Frame, ProtocolError, Setting, frame, word

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
OUR_WINDOW = 1 << 24
"""Bytes of answers that the server may send ahead, of one stream and of all: more than any that is waited for."""
DEFAULT_WINDOW = 65_535
MAX_STREAMS = 100
"""At once, also where the server allows more: https://github.com/firebase/firebase-admin-node/issues/2943"""
LAST_STREAM = (1 << 31) - 1

Tag = TypeVar("Tag")


@dataclass(slots=True, eq=False)
class Exchange(Generic[Tag]):
    """A request and its answer. Moments are seconds of the steady clock; `fields` are the encoded header fields."""

    tag: Tag
    fields: bytes
    body: bytes
    give_up_at: float
    """The moment when an answer is of no use any more."""
    wait_until: float
    """The moment when it is of no use to start it any more."""
    refusals: int = 0
    """How often its stream was refused."""
    opened_at: float = 0.0
    stream: int = 0
    ends_at: int = 0
    """How many bytes its connection has written once all of the request is out."""
    status: int = 0
    """0 until the answer's has come."""
    retry_after: bytes = b""
    answer: bytearray = field(default_factory=bytearray)

    def renew(self, wait_until: float) -> None:
        """It was surely not processed, and may go out again until its time is over."""
        self.wait_until = min(wait_until, self.give_up_at)
        self.stream = self.status = 0
        self.retry_after = b""
        self.answer.clear()


class Outcome(Enum):
    ANSWERED = "answered"
    UNPROCESSED = "unprocessed"
    """The server says that it has not processed the request and will not (RFC 9113, 8.7), or not all of it has left."""
    UNSURE = "unsure"
    """All of the request has left, and nobody says whether it was processed."""


class Ended(NamedTuple, Generic[Tag]):
    exchange: Exchange[Tag]
    outcome: Outcome
    error: str = ""


class Connection(Generic[Tag]):
    """Bytes in by `receive`, bytes out by `outgoing` and `wrote`. It begins with `allowed` streams at once, and each answer allows one more,
    so that their number doubles with each round."""

    def __init__(self, allowed: int) -> None:
        ours = {Setting.ENABLE_PUSH: 0, Setting.INITIAL_WINDOW_SIZE: OUR_WINDOW}
        self.outgoing = bytearray(PREFACE + frames.settings(ours) + _window(OUR_WINDOW - DEFAULT_WINDOW))
        self.allowed = allowed
        self.answered = 0
        self.settled = False
        """Whether the server's settings are known: nothing goes out before."""
        self.draining = False
        """Whether the server takes no new requests here."""
        self.broken = ""
        """How the server broke the protocol, if it did: nothing that comes is read any more."""
        self._streams: dict[int, Exchange[Tag]] = {}
        self._next_stream = 1
        self._written = self._offered = 0
        self._server_streams = MAX_STREAMS
        self._window = self._stream_window = DEFAULT_WINDOW
        self._unacknowledged = 0
        self._preamble = hpack.EMPTY_TABLE
        self._reader, self._decoder = frames.FrameReader(), hpack.Decoder()
        self._open_block: tuple[int, int, bytearray] | None = None
        self._ended: list[Ended[Tag]] = []

    @property
    def in_flight(self) -> int:
        return len(self._streams)

    @property
    def room(self) -> int:
        """How many more requests may be started now."""
        if self.draining or self.broken or not self.settled or self._next_stream > LAST_STREAM:
            return 0
        return min(self.allowed, self._server_streams) - len(self._streams)

    def has_window(self, body: bytes) -> bool:
        return len(body) <= self._window and len(body) <= self._stream_window

    def start(self, exchange: Exchange[Tag]) -> None:
        """Only where there is `room`, and the window for its body."""
        exchange.stream, self._next_stream = self._next_stream, self._next_stream + 2
        self._streams[exchange.stream] = exchange
        body = exchange.body
        self._window -= len(body)
        self.outgoing += frame(frames.HEADERS, frames.END_HEADERS, exchange.stream, self._preamble + exchange.fields)
        self._preamble = b""
        last = max(len(body) - 1, 0) // frames.MAX_FRAME_BYTES
        for number in range(last + 1):
            part = body[number * frames.MAX_FRAME_BYTES : (number + 1) * frames.MAX_FRAME_BYTES]
            self.outgoing += frame(frames.DATA, frames.END_STREAM if number == last else 0, exchange.stream, part)
        exchange.ends_at = self._written + len(self.outgoing)

    def carries(self, exchange: Exchange[Tag]) -> bool:
        return self._streams.get(exchange.stream) is exchange

    def cancel(self, exchange: Exchange[Tag]) -> None:
        del self._streams[exchange.stream]
        self.outgoing += frame(frames.RST_STREAM, 0, exchange.stream, word(ErrorCode.CANCEL))

    def offer(self, count: int) -> None:
        """The first `count` bytes of `outgoing` are about to be written: from now on they may have left."""
        self._offered = max(self._offered, self._written + count)

    def wrote(self, count: int) -> None:
        del self.outgoing[:count]
        self._written += count

    def receive(self, data: bytes) -> list[Ended[Tag]]:
        """The requests that ended by what came, those before a breach of the protocol too."""
        try:
            for one in self._reader.read(data):
                self._take(one)
        except (ProtocolError, hpack.HpackError, struct.error) as error:
            self.broken = f"the server broke HTTP/2: {error}"
        ended, self._ended = self._ended, []
        return ended

    def lose(self, error: str) -> list[Ended[Tag]]:
        """The connection is gone: what that means for each request that was under way."""
        lost = [Ended(one, Outcome.UNPROCESSED if one.ends_at > self._offered else Outcome.UNSURE, error) for one in self._streams.values()]
        self._streams.clear()
        return lost

    def _take(self, one: Frame) -> None:
        if self._open_block is not None and one.kind != frames.CONTINUATION:
            raise ProtocolError("header fields are interrupted")
        match one.kind:
            case frames.HEADERS:
                self._headers(one.stream, one.flags, frames.unpadded(one))
            case frames.DATA:
                self._data(one)
            case frames.CONTINUATION:
                self._continue(one)
            case frames.WINDOW_UPDATE if one.stream == 0:
                self._window += int.from_bytes(one.payload, "big")
            case frames.SETTINGS if not one.flags & frames.ACK:
                self._settle(one.payload)
            case frames.PING if not one.flags & frames.ACK:
                self.outgoing += frame(frames.PING, frames.ACK, 0, one.payload)
            case frames.RST_STREAM:
                self._reset(one)
            case frames.GOAWAY:
                self._go_away(one.payload)
            case frames.PUSH_PROMISE:
                raise ProtocolError("a push, which was not allowed")

    def _headers(self, stream: int, flags: int, block: bytes) -> None:
        if not flags & frames.END_HEADERS:
            self._open_block = stream, flags, bytearray(block)
            return
        fields = self._decoder.decode(block)  # whoever they are for: the table must follow
        exchange = self._streams.get(stream)
        if exchange is None:
            return
        if exchange.status < 200:  # the first are of no account, and after the last come trailers: RFC 9113, 8.1
            exchange.status = _status(fields)
            exchange.retry_after = next((value for name, value in fields if name == b"retry-after"), b"")
        if flags & frames.END_STREAM:
            self._end(exchange)

    def _continue(self, one: Frame) -> None:
        if self._open_block is None or self._open_block[0] != one.stream:
            raise ProtocolError("header fields go on that never began")
        stream, flags, block = self._open_block
        block += one.payload
        if len(block) > frames.ABSURD_BYTES:
            raise ProtocolError(f"header fields of {len(block)} bytes")
        if one.flags & frames.END_HEADERS:
            self._open_block = None
            self._headers(stream, flags | frames.END_HEADERS, bytes(block))

    def _data(self, one: Frame) -> None:
        self._unacknowledged += len(one.payload)
        if self._unacknowledged >= OUR_WINDOW // 2:
            self.outgoing += _window(self._unacknowledged)
            self._unacknowledged = 0
        exchange = self._streams.get(one.stream)
        if exchange is None:
            return
        exchange.answer += frames.unpadded(one)
        if one.flags & frames.END_STREAM:
            self._end(exchange)

    def _end(self, exchange: Exchange[Tag]) -> None:
        if exchange.status < 200:
            raise ProtocolError("an answer without a status")
        del self._streams[exchange.stream]
        self.answered += 1
        self.allowed = min(self.allowed + 1, MAX_STREAMS)
        self._ended.append(Ended(exchange, Outcome.ANSWERED))

    def _settle(self, payload: bytes) -> None:
        for name, value in struct.iter_unpack(">HI", payload):
            if name == Setting.MAX_CONCURRENT_STREAMS:
                self._server_streams = value
            elif name == Setting.INITIAL_WINDOW_SIZE:
                self._stream_window = value
        self.outgoing += frame(frames.SETTINGS, frames.ACK, 0)
        self.settled = True

    def _reset(self, one: Frame) -> None:
        exchange = self._streams.pop(one.stream, None)
        if exchange is None:
            return
        code = int.from_bytes(one.payload, "big")
        refused = code == ErrorCode.REFUSED_STREAM
        if refused:
            exchange.refusals += 1
            self.allowed = max(1, len(self._streams))
        outcome = Outcome.UNPROCESSED if refused else Outcome.UNSURE
        self._ended.append(Ended(exchange, outcome, f"the server reset the stream (HTTP/2 error {code})"))

    def _go_away(self, payload: bytes) -> None:
        last, code = struct.unpack_from(">II", payload)
        self.draining = True
        for stream in [stream for stream in self._streams if stream > last & LAST_STREAM]:
            error = f"the server ended the connection (HTTP/2 error {code}) {payload[8:].decode('utf-8', 'replace')}".rstrip()
            self._ended.append(Ended(self._streams.pop(stream), Outcome.UNPROCESSED, error))


def _window(increment: int) -> bytes:
    return frame(frames.WINDOW_UPDATE, 0, 0, word(increment))


def _status(fields: list[hpack.Field]) -> int:
    text = next((value for name, value in fields if name == b":status"), b"")
    if not text.isdigit():
        raise ProtocolError(f"the status {text!r}")
    return int(text)
