"""A request's body: what encoding it is in, and how large it may be. Content-Type is not looked at: clients send four different ones."""

import zlib
from dataclasses import dataclass
from typing import Final

from isal import isal_zlib

from regulars.domain.errors import InvalidRequestError, PayloadTooLargeError

MAX_BODY_BYTES: Final = 1_048_576
"""Of the inflated body. Segment's and Rudder's libraries send up to 512,000 bytes, and none splits a batch that was refused: it would be lost."""

GZIP_MAGIC: Final = b"\x1f\x8b"
_ZLIB_OR_GZIP: Final = 32 + zlib.MAX_WBITS
_PADDING: Final = b"\x00\t\n\r "
"""What may stand behind a member: a newline that a tool put there, or zeros that fill a block (which gzip itself passes over, too)."""
_PIECE: Final = 64
"""Compressed bytes that break together."""
_MAX_MEMBERS: Final = 16
"""A gzip file may be several, one after another. Clients send one; thousands of empty ones would only burn time."""


@dataclass(frozen=True, slots=True)
class Body:
    """`text` is the inflated body; `compressed` holds the same as gzip or zlib where the client sent it so."""

    text: bytes
    compressed: bytes | None


def opened(content: bytes, content_encoding: str) -> Body:
    """Inflates gzip, known by its first bytes whatever the headers say. Raises InvalidRequestError and PayloadTooLargeError."""
    if content.startswith(GZIP_MAGIC):
        return Body(inflated(content, limit=MAX_BODY_BYTES), content)
    if not content.strip():
        raise InvalidRequestError("the body is empty")
    if len(content) > MAX_BODY_BYTES:
        raise _too_large(MAX_BODY_BYTES)
    encoding = content_encoding.strip().lower()
    if encoding not in ("", "identity") and content.lstrip()[:1] not in (b"{", b"["):
        wrong = "is not gzip" if encoding == "gzip" else "is not supported: send gzip, or no Content-Encoding"
        raise InvalidRequestError(f"the body's Content-Encoding {encoding[:40]} {wrong}")
    return Body(content, None)


def inflated(content: bytes, *, limit: int) -> bytes:
    """Inflates gzip (of one or more members) or zlib, and stops at `limit` bytes however much more there would be.

    Raises InvalidRequestError where the data is broken or cut off, PayloadTooLargeError over the limit.
    """
    text = b""
    for _ in range(_MAX_MEMBERS):
        inflater = isal_zlib.decompressobj(_ZLIB_OR_GZIP)
        try:
            text += inflater.decompress(content, limit - len(text) + 1)
        except isal_zlib.IsalError as error:  # type: ignore[misc]  # its stub takes the class for one of its errors
            raise InvalidRequestError(f"the gzip body is broken: {error}") from error
        if len(text) > limit:
            raise _too_large(limit)
        if not inflater.eof:
            raise InvalidRequestError("the gzip body is cut off before its end")
        content = inflater.unused_data.lstrip(_PADDING)
        if not content:
            return text
    raise InvalidRequestError(f"the gzip body has more than {_MAX_MEMBERS} members")


def salvaged(content: bytes, *, limit: int) -> bytes:
    """What comes out of gzip or zlib that is broken, before it breaks or soon after `limit` bytes."""
    inflater, text = isal_zlib.decompressobj(_ZLIB_OR_GZIP), b""
    for start in range(0, len(content), _PIECE):
        try:
            text += inflater.decompress(content[start : start + _PIECE])
        except isal_zlib.IsalError:  # type: ignore[misc]  # as above
            break
        if inflater.eof or len(text) > limit:
            break
    return text


def deflated(text: bytes) -> bytes:
    """zlib at a fast level: the queue keeps it for seconds."""
    return isal_zlib.compress(text, 1)


def _too_large(limit: int) -> PayloadTooLargeError:
    return PayloadTooLargeError(f"the body is over {limit:,} bytes when inflated: send smaller batches")
