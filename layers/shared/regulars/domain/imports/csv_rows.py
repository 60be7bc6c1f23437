"""A CSV file's rows (https://www.rfc-editor.org/rfc/rfc4180), each with the line that it begins on."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from regulars.domain.collection.rejection import EventRejectedError
from regulars.domain.errors import InvalidRequestError
from regulars.domain.imports.mapping import CsvMapping, RowMapping
from regulars.domain.imports.record import Record

_UNDECODED: Final = range(0xDC80, 0xDD00)
"""Where `surrogateescape` puts bytes that the encoding does not have."""


def header(lines: Iterable[bytes], mapping: CsvMapping) -> tuple[str, ...]:
    """The names of the columns: the first row. Raises InvalidRequestError where there is none, or it cannot be read."""
    try:
        names = next(_reader(lines, mapping), [])
    except csv.Error as error:
        raise InvalidRequestError(f"the first line is no row of CSV: {error}") from error
    if not any(names):
        raise InvalidRequestError("the file is empty: its first line must have the names of the columns")
    if any(_undecoded(name) for name in names):
        raise InvalidRequestError(f"the first line is not {mapping.encoding}: say `encoding` in the mapping")
    return tuple(name.strip() for name in names)


def rows(lines: Iterable[bytes], mapping: CsvMapping, *, columns: Sequence[str] | None, first: int) -> Iterator[Record]:
    """Every row but an empty one; without `columns` the first one has their names. A row that is broken or has no meaning is a refusal."""
    source = iter(lines)
    counted = _Counted(source)
    if columns is None:
        columns = header(counted, mapping)
    meaning = mapping.bound(columns)
    before = counted.count
    reader = _reader(counted, mapping)
    while True:
        line = first + before
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            refusal = EventRejectedError("unreadable_line", f"no row of CSV: {error}")
            yield Record(line, first + counted.count - 1, refusal=refusal, content="")
        else:
            if any(row):
                yield _record(row, meaning, line, first + counted.count - 1)
        before = counted.count


class _Counted:
    """Lines, and how many of them were taken."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self._lines = lines
        self.count = 0

    def __iter__(self) -> "_Counted":
        return self

    def __next__(self) -> bytes:
        line = next(self._lines)
        self.count += 1
        return line


def _reader(lines: Iterable[bytes], mapping: CsvMapping) -> Iterator[list[str]]:
    encoding = mapping.encoding
    return csv.reader((line.decode(encoding, "surrogateescape") + "\n" for line in lines), delimiter=mapping.delimiter)


def _record(row: Sequence[str], meaning: RowMapping, line: int, through: int) -> Record:
    try:
        if bad := next((field for field in row if not field.isascii() and _undecoded(field)), None):
            raise EventRejectedError("unreadable_line", f"{_shown(bad)} is not {meaning.encoding}")
        if len(row) != len(meaning.columns):
            raise EventRejectedError("unreadable_line", f"{len(row)} fields where the first line has {len(meaning.columns)}")
        return Record(line, through, meaning.events(row))
    except EventRejectedError as error:
        content = dict(zip(meaning.columns, (_shown(field) for field in row), strict=False))
        return Record(line, through, refusal=error, content=content)


def _undecoded(text: str) -> bool:
    return any(ord(letter) in _UNDECODED for letter in text)


def _shown(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()
