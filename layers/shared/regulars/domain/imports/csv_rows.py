"""A CSV file's rows, each with the line that it begins on."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Final

from regulars.domain.collection.rejection import EventRejectedError
from regulars.domain.errors import InvalidRequestError
from regulars.domain.imports.csv_text import LONGEST, RowText, as_letters, fields, row_texts
from regulars.domain.imports.mapping import ENCODINGS, CsvMapping, RowMapping
from regulars.domain.imports.record import Record

_BOM: Final = "\ufeff".encode()

_UNDECODED: Final = range(0xDC80, 0xDD00)
"""Where `surrogateescape` puts bytes that the encoding does not have."""


def header(lines: Iterable[bytes], mapping: CsvMapping) -> tuple[str, ...]:
    """The names of the columns: the first row. Raises InvalidRequestError where there is none, or it cannot be read."""
    return _header(iter(lines), mapping)[0]


def rows(lines: Iterable[bytes], mapping: CsvMapping, *, columns: Sequence[str] | None, first: int) -> Iterator[Record]:
    """Every row but an empty one; without `columns` the first one has their names, where there is any. A row that is broken or has no meaning is a
    refusal."""
    source, line = iter(lines), first
    if columns is None:
        beginning = next(source, None)
        if beginning is None:
            return
        source = chain([beginning], source)
        columns, taken = _header(source, mapping)
        line += taken
    meaning = mapping.bound(columns)
    for found in row_texts(_texts(source, mapping), mapping.delimiter, columns=len(columns)):
        if record := _record(found, mapping, meaning, line):
            yield record
        line += found.lines


def _header(lines: Iterator[bytes], mapping: CsvMapping) -> tuple[tuple[str, ...], int]:
    """The names, and how many lines they take."""
    beginning = next(lines, b"")
    if beginning.startswith(_BOM) and mapping.encoding != "utf-8":
        raise InvalidRequestError("the file says itself that it is Unicode: leave `encoding` out of the mapping")
    first = next(row_texts(_texts(chain([beginning.removeprefix(_BOM)], lines), mapping), mapping.delimiter, columns=None))
    names, broken = _split(first, mapping.delimiter)
    if broken:
        raise InvalidRequestError(f"the first line is no row of CSV: {broken}")
    if not any(names):
        raise InvalidRequestError("the file is empty: its first line must have the names of the columns")
    if any(_undecoded(name) for name in names):
        raise InvalidRequestError(f"the first line {_other_encoding(mapping)}")
    return tuple(name.strip() for name in names), first.lines


def _texts(lines: Iterable[bytes], mapping: CsvMapping) -> Iterator[str]:
    encoding = mapping.encoding
    return (line.decode(encoding, "surrogateescape").removesuffix("\r") for line in lines)


def _split(found: RowText, delimiter: str) -> tuple[list[str], str]:
    """The fields, or in their place what would be fields without quotes, and why."""
    broken = found.broken or (f"it has more than {LONGEST:,} characters" if len(found.text) > LONGEST else "")
    if not broken:
        try:
            return fields(found.text, delimiter), ""
        except csv.Error as error:
            broken = str(error)
    return as_letters(found.text, delimiter), broken


def _record(found: RowText, mapping: CsvMapping, meaning: RowMapping, line: int) -> Record | None:
    row, broken = _split(found, mapping.delimiter)
    if not any(row):
        return None
    through = line + found.lines - 1
    try:
        if broken:
            raise EventRejectedError("unreadable_line", f"no row of CSV: {broken}")
        if not found.text.isascii() and (bad := next((field for field in row if _undecoded(field)), None)):
            raise EventRejectedError("unreadable_line", f"{_shown(bad)} {_other_encoding(mapping)}")
        if len(row) != len(meaning.columns):
            raise EventRejectedError("unreadable_line", f"{len(row)} fields where the first line has {len(meaning.columns)}")
        return Record(line, through, meaning.events(row))
    except EventRejectedError as error:
        return Record(line, through, refusal=error, content=_content(row, meaning.columns))


def _content(row: Sequence[str], columns: Sequence[str]) -> dict[str, str]:
    """The fields by their columns' names, those beyond the last column by their place: a repair has something to take hold of."""
    names = [*columns, *(f"column {place + 1}" for place in range(len(columns), len(row)))]
    return dict(zip(names, (_shown(field) for field in row), strict=False))


def _undecoded(text: str) -> bool:
    return any(ord(letter) in _UNDECODED for letter in text)


def _other_encoding(mapping: CsvMapping) -> str:
    others = " or ".join(f"`{each}`" for each in ENCODINGS if each != mapping.encoding)
    return f"is not {mapping.encoding}: say `encoding` in the mapping, as {others}"


def _shown(text: str) -> str:
    """With the bytes that are no letters as `\\xf6`."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
