"""A file as parts that can be read each by itself: whole lines, gzipped. Memory does not grow with the file."""

import base64
import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from .errors import CommandError

PART_TEXT: Final = 4 * 1024 * 1024 - 512 * 1024
"""Bytes of text in a part; it ends with the last line that is whole. A Lambda request is 6 MB at most, in which base64 makes three bytes four
(https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html): that is enough even for what does not get smaller by compression."""

LONGEST_RECORD: Final = 4 * 1024 * 1024
HEAD_BYTES: Final = 64 * 1024
_READ: Final = 256 * 1024
_GZIP: Final = 16 + zlib.MAX_WBITS


@dataclass(frozen=True, slots=True)
class Upload:
    """One part; `number` and `first_line` count from 1."""

    number: int
    first_line: int
    lines: int
    content: bytes
    last: bool


def content_of(file: str) -> str:
    """What tells this content from any other: its SHA-256. Raises CommandError, also for a broken file: once it is whole it is another one."""
    for _ in _text(file):
        pass
    try:
        with Path(file).open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError as error:
        raise CommandError(f"cannot read {file}: {error.strerror}", code="bad_file") from None


def head_of(file: str) -> str:
    """The file's first lines, in base64."""
    return base64.b64encode(next(_text(file), b"")[:HEAD_BYTES]).decode()


def part_in(file: str, *, quoted: bool) -> Iterator[Upload]:
    """Parts in order. Where quotes count (CSV), a line's end between two of them is none. Raises CommandError for a broken file."""
    texts = _whole_records(file, quoted)
    number, line, text = 1, 1, next(texts, b"")
    while True:
        following = next(texts, None)
        lines = text.count(b"\n") + (not text.endswith(b"\n"))
        yield Upload(number, line, lines, _compressed(text), last=following is None)
        if following is None:
            return
        number, line, text = number + 1, line + lines, following


def _whole_records(file: str, quoted: bool) -> Iterator[bytes]:
    waiting, line = b"", 1
    for piece in _text(file):
        waiting += piece
        if len(waiting) < PART_TEXT:
            continue
        end = _end_of_record(waiting, quoted)
        if not end and len(waiting) > PART_TEXT + LONGEST_RECORD:
            end = _end_of_record(waiting, quoted=False)  # a quote that nobody closes, or that means inches: whoever reads the row says so
            if not end:
                raise CommandError(f"{file}: no line ends within {len(waiting):,} bytes after line {line:,}", code="broken_file")
        if end:
            yield waiting[:end]
            line += waiting.count(b"\n", 0, end)
            waiting = waiting[end:]
    if waiting:
        yield waiting


def _end_of_record(text: bytes, quoted: bool) -> int:
    """Behind the last line's end at which no quotes are open; 0 if there is none. Quotes in quotes are doubled, so that they are even too."""
    end = text.rfind(b"\n") + 1
    if not quoted:
        return end
    quotes = text.count(b'"', 0, end)
    while end and quotes % 2:
        before = text.rfind(b"\n", 0, end - 1) + 1
        quotes -= text.count(b'"', before, end)
        end = before
    return end


def _compressed(text: bytes) -> bytes:
    compressor = zlib.compressobj(1, zlib.DEFLATED, _GZIP)
    return compressor.compress(text) + compressor.flush()


def _text(file: str) -> Iterator[bytes]:
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
