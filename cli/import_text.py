"""A file as text of one kind: inflated where it is gzip, in UTF-8 where it is UTF-16, lines ended by line feeds.

The platform reads what lies in S3 by the same rules (regulars.domain.imports.text), which a command line that is installed alone does not have.
"""

import codecs
import zlib
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Final

from .errors import CommandError

HEAD_BYTES: Final = 64 * 1024
_READ: Final = 256 * 1024
_GZIP: Final = 16 + zlib.MAX_WBITS
_UTF_16: Final = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


def text_of(file: str) -> Iterator[bytes]:
    """Raises CommandError for a file that cannot be read, or is broken, with the byte."""
    beginning, whole = _headed(_content(file))
    if encoding := _UTF_16.get(beginning[:2]):
        beginning, whole = _headed(_utf_8(file, whole, encoding))
    of_carriage_returns = b"\r" in beginning and b"\n" not in beginning
    return (piece.replace(b"\r", b"\n") for piece in whole) if of_carriage_returns else whole


def head_of(file: str) -> bytes:
    """The first HEAD_BYTES of the text."""
    return _headed(text_of(file))[0]


def _headed(pieces: Iterable[bytes]) -> tuple[bytes, Iterator[bytes]]:
    waiting, taken, size = iter(pieces), list[bytes](), 0
    for piece in waiting:
        taken.append(piece)
        size += len(piece)
        if size >= HEAD_BYTES:
            break
    return b"".join(taken)[:HEAD_BYTES], chain(taken, waiting)


def _utf_8(file: str, pieces: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    decoder, size = codecs.getincrementaldecoder(encoding)("surrogatepass"), 0
    for piece in pieces:
        size += len(piece)
        yield decoder.decode(piece).encode("utf-8", "surrogatepass")
    if decoder.getstate()[0]:
        raise CommandError(f"{file}: the UTF-16 text is cut off at byte {size:,}", code="broken_file")


def _content(file: str) -> Iterator[bytes]:
    """The file's bytes, inflated where it is gzip."""
    try:
        with Path(file).open("rb") as opened:
            head = opened.read(2)
            opened.seek(0)
            pieces = iter(lambda: opened.read(_READ), b"")
            yield from _inflated(file, pieces) if head == b"\x1f\x8b" else pieces
    except OSError as error:
        raise CommandError(f"cannot read {file}: {error.strerror}", code="bad_file") from None


def _inflated(file: str, pieces: Iterator[bytes]) -> Iterator[bytes]:
    inflater, offset = zlib.decompressobj(_GZIP), 0
    for piece in pieces:
        while piece:
            if inflater.eof:
                piece = piece.lstrip(b"\0\r\n")
                if not piece:
                    break
                inflater = zlib.decompressobj(_GZIP)
            before = inflater.copy()
            try:
                yield inflater.decompress(piece)
            except zlib.error as error:
                at = offset + _first_bad(before, piece)
                raise CommandError(f"{file}: the gzip data is broken at byte {at:,} ({error})", code="broken_file") from None
            offset += len(piece) - len(inflater.unused_data)
            piece = inflater.unused_data
    if not inflater.eof:
        raise CommandError(f"{file}: the gzip data is cut off at byte {offset:,}", code="broken_file")


def _first_bad(inflater: "zlib._Decompress", piece: bytes) -> int:
    for place in range(len(piece)):
        try:
            inflater.decompress(piece[place : place + 1])
        except zlib.error:
            return place
    return len(piece)
