"""A file's bytes as lines, in memory that does not grow with the file."""

import zlib
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final

from regulars.domain.collection.body import GZIP_MAGIC
from regulars.domain.imports.text import BrokenFileError, headed, plain

MAX_LINE: Final = 1 << 20
"""Bytes. An event is 32 KiB at most; of a longer line this much is kept, so that it is refused alone."""

_SLICE: Final = 1 << 16
"""Compressed bytes that are inflated at a time: at zlib's best, a thousandth of what comes out."""

_GZIP: Final = 16 + zlib.MAX_WBITS


def lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Every line without its end, the empty ones too. gzip (also of several members) is known by its first bytes. Raises BrokenFileError."""
    rest = b""
    for chunk in plain(_inflated(chunks)):
        pieces = chunk.split(b"\n")
        if len(pieces) == 1:
            rest = (rest + chunk)[: MAX_LINE + 1] if len(rest) <= MAX_LINE else rest
            continue
        pieces[0] = rest + pieces[0]
        rest = pieces.pop()
        yield from pieces
    if rest:
        yield rest


def checked(chunks: Iterable[bytes]) -> bytes:
    """The head of the text. Raises BrokenFileError where not every byte can be read."""
    head, whole = headed(plain(_inflated(chunks)))
    for _ in whole:
        pass
    return head


def _inflated(chunks: Iterable[bytes]) -> Iterator[bytes]:
    waiting = iter(chunks)
    first = next(waiting, b"")
    together = chain([first], waiting)
    return _gunzipped(together) if first.startswith(GZIP_MAGIC) else together


def _gunzipped(chunks: Iterable[bytes]) -> Iterator[bytes]:
    inflater, offset = zlib.decompressobj(_GZIP), 0
    for chunk in chunks:
        for start in range(0, len(chunk), _SLICE):
            piece = chunk[start : start + _SLICE]
            while piece:
                if inflater.eof:
                    piece = piece.lstrip(b"\0\r\n")  # padding, and what editors add to an end
                    if not piece:
                        break
                    inflater = zlib.decompressobj(_GZIP)
                before = inflater.copy()
                try:
                    yield inflater.decompress(piece)
                except zlib.error as error:
                    raise BrokenFileError(f"the gzip data is broken ({error})", offset + _first_bad(before, piece)) from error
                offset += len(piece) - len(inflater.unused_data)
                piece = inflater.unused_data
    if not inflater.eof:
        raise BrokenFileError("the gzip data is cut off", offset)


def _first_bad(inflater: "zlib._Decompress", piece: bytes) -> int:
    """At which byte of the piece inflating fails."""
    for place in range(len(piece)):
        try:
            inflater.decompress(piece[place : place + 1])
        except zlib.error:
            return place
    return len(piece)
