"""A file's bytes as text of one kind: UTF-8, or another encoding of one byte a letter, whose lines end with a line feed."""

import codecs
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final

HEAD: Final = 65_536
"""Bytes by which a file is recognised."""

_UTF_16: Final = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


class BrokenFileError(Exception):
    """From byte `byte` on (counted from 0, of the file as it is) nothing can be read. Never leaves the use case."""

    def __init__(self, what: str, byte: int) -> None:
        super().__init__(f"{what} at byte {byte:,}")
        self.byte = byte


def plain(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """UTF-16 with a byte order mark (Excel's "Unicode text") as UTF-8 with one; where the head has carriage returns and no line feed, as on the first
    Macintoshes, those end the lines. Anything else as it is. Raises BrokenFileError."""
    beginning, whole = headed(chunks)
    if encoding := _UTF_16.get(beginning[:2]):
        beginning, whole = headed(_utf_8(whole, encoding))
    of_carriage_returns = b"\r" in beginning and b"\n" not in beginning
    return (chunk.replace(b"\r", b"\n") for chunk in whole) if of_carriage_returns else whole


def headed(chunks: Iterable[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """The first HEAD bytes, and all."""
    waiting, taken, size = iter(chunks), list[bytes](), 0
    for chunk in waiting:
        taken.append(chunk)
        size += len(chunk)
        if size >= HEAD:
            break
    return b"".join(taken)[:HEAD], chain(taken, waiting)


def _utf_8(chunks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """Half a surrogate pair goes on as what is no UTF-8, and costs its own line."""
    decoder, size = codecs.getincrementaldecoder(encoding)("surrogatepass"), 0
    for chunk in chunks:
        size += len(chunk)
        yield decoder.decode(chunk).encode("utf-8", "surrogatepass")
    if decoder.getstate()[0]:
        raise BrokenFileError("the UTF-16 text is cut off", size)
