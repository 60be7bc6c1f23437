"""One client's connection of HTTP/2, the server's side, with the faults that it is asked for. https://www.rfc-editor.org/rfc/rfc9113"""

import struct
from dataclasses import dataclass, field
from typing import Protocol

from local.fcm.answers import Answer
from local.fcm.requests import Request
from regulars.adapters.http2 import frames, hpack
from regulars.adapters.http2.connection import DEFAULT_WINDOW, PREFACE
from regulars.adapters.http2.frames import ErrorCode, Frame, ProtocolError, Setting, frame, word

STREAMS = 100
"""As FCM's front end allows: https://github.com/firebase/firebase-admin-node/issues/2943"""
STREAM_WINDOW, WINDOW = 1 << 20, 1 << 30


class Host(Protocol):
    """What a connection asks of whoever holds it."""

    def take(self, stream: int, request: Request) -> None:
        """A request is complete."""

    def goes_away_after(self) -> int | None:
        """With how many requests a connection says GOAWAY."""


@dataclass(slots=True)
class _Stream:
    window: int
    fields: list[hpack.Field] = field(default_factory=list)
    body: bytearray = field(default_factory=bytearray)
    unsent: bytes = b""


class Http2:
    """`receive` what came; write `outgoing`; `over` once there is nothing more to say."""

    def __init__(self, host: Host) -> None:
        ours = {Setting.MAX_CONCURRENT_STREAMS: STREAMS, Setting.INITIAL_WINDOW_SIZE: STREAM_WINDOW}
        self.outgoing = bytearray(frames.settings(ours) + _window(WINDOW - DEFAULT_WINDOW))
        self.over = False
        self._host = host
        self._preface = b""
        self._reader, self._decoder = frames.FrameReader(), hpack.Decoder()
        self._streams: dict[int, _Stream] = {}
        self._block: tuple[Frame, bytearray] | None = None
        self._window = self._stream_window = DEFAULT_WINDOW
        self._unacknowledged = 0
        self._requests = self._last_stream = 0
        self._going = False

    def receive(self, data: bytes) -> None:
        if len(self._preface) < len(PREFACE):
            missing = len(PREFACE) - len(self._preface)
            self._preface, data = self._preface + data[:missing], data[missing:]
            self.over = not PREFACE.startswith(self._preface)
        try:
            for one in self._reader.read(data):
                if self.over:
                    return
                self._take(one)
        except (ProtocolError, hpack.HpackError, struct.error):
            self.outgoing += frame(frames.GOAWAY, 0, 0, word(self._last_stream) + word(ErrorCode.PROTOCOL_ERROR))
            self.over = True

    def answer(self, stream: int, answer: Answer) -> None:
        """Nobody is waiting any more for a stream that the client reset."""
        entry = self._streams.get(stream)
        if entry is None:
            return
        self.outgoing += frame(frames.HEADERS, frames.END_HEADERS, stream, _answer_fields(answer))
        entry.unsent = answer.body
        self._send(stream, entry)

    def reset(self, stream: int, code: ErrorCode) -> None:
        if self._streams.pop(stream, None) is not None:
            self.outgoing += frame(frames.RST_STREAM, 0, stream, word(code))
            self._end_if_done()

    def go_away(self) -> None:
        """No stream after the last one that was taken is looked at any more; the connection ends with the last answer."""
        if not self._going:
            self._going = True
            self.outgoing += frame(frames.GOAWAY, 0, 0, word(self._last_stream) + word(ErrorCode.NO_ERROR))
            self._end_if_done()

    def _take(self, one: Frame) -> None:
        if self._block is not None and one.kind != frames.CONTINUATION:
            raise ProtocolError("header fields are interrupted")
        match one.kind:
            case frames.HEADERS:
                self._begin_block(one)
            case frames.DATA:
                self._data(one)
            case frames.CONTINUATION:
                self._continue(one)
            case frames.WINDOW_UPDATE:
                self._widen(one.stream, int.from_bytes(one.payload, "big"))
            case frames.SETTINGS if not one.flags & frames.ACK:
                self._settle(one.payload)
            case frames.PING if not one.flags & frames.ACK:
                self.outgoing += frame(frames.PING, frames.ACK, 0, one.payload)
            case frames.RST_STREAM:
                self._streams.pop(one.stream, None)
                self._end_if_done()

    def _begin_block(self, one: Frame) -> None:
        block = frames.unpadded(one)
        if one.flags & frames.END_HEADERS:
            self._headers(one, block)
        else:
            self._block = one, bytearray(block)

    def _continue(self, one: Frame) -> None:
        if self._block is None or self._block[0].stream != one.stream:
            raise ProtocolError("header fields go on that never began")
        first, block = self._block
        block += one.payload
        if one.flags & frames.END_HEADERS:
            self._block = None
            self._headers(first, bytes(block))

    def _headers(self, one: Frame, block: bytes) -> None:
        fields = self._decoder.decode(block)  # also of a stream that is not looked at: the table must follow
        if one.stream in self._streams:  # trailers
            if one.flags & frames.END_STREAM:
                self._complete(one.stream)
            return
        if self._going:
            return
        if len(self._streams) >= STREAMS:
            self.outgoing += frame(frames.RST_STREAM, 0, one.stream, word(ErrorCode.REFUSED_STREAM))
            return
        after = self._host.goes_away_after()
        if after is not None and self._requests >= after:
            self.go_away()
            return
        self._requests, self._last_stream = self._requests + 1, one.stream
        self._streams[one.stream] = _Stream(self._stream_window, fields)
        if one.flags & frames.END_STREAM:
            self._complete(one.stream)

    def _data(self, one: Frame) -> None:
        self._unacknowledged += len(one.payload)
        if self._unacknowledged >= WINDOW // 2:
            self.outgoing += _window(self._unacknowledged)
            self._unacknowledged = 0
        entry = self._streams.get(one.stream)
        if entry is None:
            return
        entry.body += frames.unpadded(one)
        if one.flags & frames.END_STREAM:
            self._complete(one.stream)

    def _complete(self, stream: int) -> None:
        entry = self._streams[stream]
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in entry.fields}
        path, _, query = headers.get(":path", "").partition("?")
        self._host.take(stream, Request(headers.get(":method", ""), path, query, headers, bytes(entry.body)))

    def _send(self, stream: int, entry: _Stream) -> None:
        while True:
            size = min(len(entry.unsent), self._window, entry.window, frames.MAX_FRAME_BYTES)
            if size <= 0 and entry.unsent:
                return
            part, entry.unsent = entry.unsent[:size], entry.unsent[size:]
            self._window -= size
            entry.window -= size
            self.outgoing += frame(frames.DATA, 0 if entry.unsent else frames.END_STREAM, stream, part)
            if not entry.unsent:
                del self._streams[stream]
                self._end_if_done()
                return

    def _widen(self, stream: int, increment: int) -> None:
        if stream == 0:
            self._window += increment
        elif stream in self._streams:
            self._streams[stream].window += increment
        for number, entry in [(number, entry) for number, entry in self._streams.items() if entry.unsent]:
            self._send(number, entry)

    def _settle(self, payload: bytes) -> None:
        for name, value in struct.iter_unpack(">HI", payload):
            if name == Setting.INITIAL_WINDOW_SIZE:
                for entry in self._streams.values():
                    entry.window += value - self._stream_window
                self._stream_window = value
        self.outgoing += frame(frames.SETTINGS, frames.ACK, 0)

    def _end_if_done(self) -> None:
        self.over = self.over or (self._going and not self._streams)


def _window(increment: int) -> bytes:
    return frame(frames.WINDOW_UPDATE, 0, 0, word(increment))


_SAME = hpack.encoded(b"content-type", b"application/json; charset=UTF-8")


def _answer_fields(answer: Answer) -> bytes:
    status = hpack.encoded(b":status", b"%d" % answer.status)
    more = b"" if answer.retry_after is None else hpack.encoded(b"retry-after", b"%d" % answer.retry_after)
    return status + _SAME + hpack.encoded(b"content-length", b"%d" % len(answer.body)) + more
