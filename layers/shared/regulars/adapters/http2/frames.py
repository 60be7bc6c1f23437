"""HTTP/2 frames: https://www.rfc-editor.org/rfc/rfc9113#section-4.1"""

import struct
from collections.abc import Iterator
from enum import IntEnum
from typing import NamedTuple

_HEADER = struct.Struct(">HBBBI")  # the length is 24 bits
HEADER_BYTES = _HEADER.size
MAX_FRAME_BYTES = 16_384
"""What every peer takes: https://www.rfc-editor.org/rfc/rfc9113#section-4.2"""
ABSURD_BYTES = 1 << 20
"""Of one frame or one block of header fields: nobody who means well sends so much."""

DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PUSH_PROMISE, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = range(10)

END_STREAM, ACK, END_HEADERS, PADDED, PRIORITISED = 0x1, 0x1, 0x4, 0x8, 0x20
"""Flags. ACK is END_STREAM's bit, of SETTINGS and PING."""


class Setting(IntEnum):
    """https://www.rfc-editor.org/rfc/rfc9113#section-6.5.2"""

    ENABLE_PUSH = 2
    MAX_CONCURRENT_STREAMS = 3
    INITIAL_WINDOW_SIZE = 4


class ErrorCode(IntEnum):
    """https://www.rfc-editor.org/rfc/rfc9113#section-7, those that are told apart here."""

    NO_ERROR = 0
    PROTOCOL_ERROR = 1
    INTERNAL_ERROR = 2
    REFUSED_STREAM = 7
    CANCEL = 8


class ProtocolError(Exception):
    """The peer broke the rules of HTTP/2; nothing that comes on this connection can be trusted any more."""


class Frame(NamedTuple):
    kind: int
    flags: int
    stream: int
    payload: bytes


def frame(kind: int, flags: int, stream: int, payload: bytes = b"") -> bytes:
    size = len(payload)
    return _HEADER.pack(size >> 8, size & 0xFF, kind, flags, stream) + payload


def settings(values: dict[Setting, int]) -> bytes:
    return frame(SETTINGS, 0, 0, b"".join(struct.pack(">HI", name, value) for name, value in values.items()))


def word(value: int) -> bytes:
    """The 32 bits of an error code, a stream or a window's increment."""
    return value.to_bytes(4, "big")


class FrameReader:
    """Cuts what comes into frames, wherever it was cut before."""

    def __init__(self) -> None:
        self._rest = b""

    def read(self, data: bytes) -> Iterator[Frame]:
        """The frames that `data` completes. Raises ProtocolError for one that nobody may send, after those before it."""
        data = self._rest + data if self._rest else data
        at, end = 0, len(data)
        while end - at >= HEADER_BYTES:
            high, low, kind, flags, stream = _HEADER.unpack_from(data, at)
            size = high << 8 | low
            if size > ABSURD_BYTES:
                raise ProtocolError(f"a frame of {size} bytes")
            begin = at + HEADER_BYTES
            if end - begin < size:
                break
            at = begin + size
            yield Frame(kind, flags, stream & 0x7FFFFFFF, data[begin:at])
        self._rest = data[at:]


def unpadded(one: Frame) -> bytes:
    """What DATA or HEADERS carry, without padding and priority: https://www.rfc-editor.org/rfc/rfc9113#section-6.2"""
    if not one.flags & (PADDED | PRIORITISED):
        return one.payload
    begin, end = 0, len(one.payload)
    if one.flags & PADDED:
        begin, end = 1, end - (one.payload[0] if one.payload else 0)
    if one.kind == HEADERS and one.flags & PRIORITISED:
        begin += 5
    if begin > end:
        raise ProtocolError("more padding than frame")
    return one.payload[begin:end]
