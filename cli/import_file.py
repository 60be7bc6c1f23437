"""A file as parts that can be read each by itself: whole lines, gzipped. Memory does not grow with the file."""

import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from .errors import CommandError
from .import_text import text_of

PART_TEXT: Final = 4 * 1024 * 1024 - 512 * 1024
"""Bytes of text in a part; it ends with the last line that is whole. A Lambda request is 6 MB at most, in which base64 makes three bytes four
(https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html): that is enough even for what does not get smaller by compression."""

LONGEST_ROW: Final = 512 * 1024
"""Bytes that a row of CSV may have: 131,072 letters. Where none ends in so many more, a quote means nothing, and whoever reads it says so."""

LONGEST_LINE: Final = 4 * 1024 * 1024
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
    """What tells this content from any other, however it is packed: the SHA-256 of its text. Raises CommandError, also for a broken file: once it is
    whole it is another one."""
    digest = hashlib.sha256()
    for piece in text_of(file):
        digest.update(piece)
    return digest.hexdigest()


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
    for piece in text_of(file):
        waiting += piece
        if len(waiting) < PART_TEXT:
            continue
        end = _end_of_record(waiting, quoted)
        if not end and len(waiting) > PART_TEXT + LONGEST_ROW:
            end = _end_of_record(waiting, quoted=False)
        if not end and len(waiting) > PART_TEXT + LONGEST_LINE:
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
