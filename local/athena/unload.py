"""UNLOAD as gzipped JSON lines: a folder a partition, in each as many files as chance will have, and the manifest that lists them all.

https://docs.aws.amazon.com/athena/latest/ug/unload.html. How many files there are is Athena's affair (one huge one, many small ones, none where there
is no row), and so it is left to chance here: whoever relies on a number is found out. Partitions are the last columns of the SELECT, and in the names
of folders instead of in the rows. A NULL is left out of its row: Trino's JSON writer skips the field. That was not compared with AWS, so a reader
must take an absent name and a null alike.
"""

import random
import uuid
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson

from local.athena.errors import StatementFailedError, UnsupportedError
from local.athena.results import printed
from local.athena.session import Session
from local.athena.statements import Statement

ROWS_AT_ONCE = 5000
MAX_PARTITIONS = 100
_OPTIONS = frozenset({"format", "compression", "partitioned_by"})
_COMPRESSIONS = ("gzip", "none")
_NULL_PARTITION = "__HIVE_DEFAULT_PARTITION__"
_SIZES = (1, 10, 1_000, 10_000_000)


def unload(session: Session, statement: Statement, select: str, manifest: str) -> int:
    """Writes what the DuckDB SELECT gives, then the manifest, and returns the rows. Raises StatementFailedError (HIVE_PATH_ALREADY_EXISTS,
    HIVE_TOO_MANY_OPEN_PARTITIONS)."""
    form, compression = statement.options.get("format", "").upper(), statement.options.get("compression", "gzip").lower()
    if form != "JSON" or compression not in _COMPRESSIONS or set(statement.options) - _OPTIONS:
        raise UnsupportedError(f"UNLOAD WITH {statement.options}: only format JSON, compression GZIP or NONE, and partitioned_by")
    folder = statement.location.rstrip("/") + "/"
    if next(session.objects.under(folder), None):
        raise StatementFailedError(f"HIVE_PATH_ALREADY_EXISTS: Target directory for table '{folder}' already exists", error_type=1100)
    partitions = [name.strip(" '") for name in statement.options.get("partitioned_by", "").split(",") if name.strip()]
    files = _Files(session, folder, compressed=compression == "gzip")
    rows = _write(session, select, partitions, files)
    session.objects.put(manifest, "".join(f"{url}\n" for url in files.written).encode())
    return rows


def _write(session: Session, select: str, partitions: list[str], files: "_Files") -> int:
    result, count = session.execute(select), 0
    names = [column[0] for column in result.description or []]
    own = len(names) - len(partitions)
    if names[own:] != partitions:
        raise StatementFailedError(f"NOT_SUPPORTED: partitioned_by {partitions} must be the last columns, in their order: {names}")
    while rows := session.fetched(result, ROWS_AT_ONCE):
        session.check()
        for row in rows:
            line = orjson.dumps(_present(names[:own], row[:own]), default=printed, option=orjson.OPT_APPEND_NEWLINE)
            files.add(_folder(partitions, row[own:]), line)
        count += len(rows)
    files.close()
    return count


def _folder(partitions: list[str], values: tuple[Any, ...]) -> str:
    return "".join(f"{name}={_NULL_PARTITION if value is None else printed(value)}/" for name, value in zip(partitions, values, strict=True))


@dataclass
class _File:
    """One that is being written, until it has `room` for no more rows."""

    room: int
    compressor: Any
    body: bytearray = field(default_factory=bytearray)


class _Files:
    """One open file a partition, closed after a number of rows that chance chooses for it."""

    def __init__(self, session: Session, folder: str, *, compressed: bool) -> None:
        self._session, self._folder, self._compressed = session, folder, compressed
        self._stamp, self._query = datetime.now(UTC).strftime("%Y%m%d_%H%M%S"), uuid.uuid4().hex[:5]
        self._open: dict[str, _File] = {}
        self._partitions: set[str] = set()
        self.written: list[str] = []

    def add(self, partition: str, line: bytes) -> None:
        if partition not in self._open:
            self._partitions.add(partition)
            if len(self._partitions) > MAX_PARTITIONS:
                raise StatementFailedError(f"HIVE_TOO_MANY_OPEN_PARTITIONS: Exceeded limit of {MAX_PARTITIONS} open writers for partitions")
            self._open[partition] = _File(random.choice(_SIZES), zlib.compressobj(1, zlib.DEFLATED, zlib.MAX_WBITS | 16))
        file = self._open[partition]
        file.body += file.compressor.compress(line) if self._compressed else line
        file.room -= 1
        if not file.room:
            self._put(partition)

    def close(self) -> None:
        for partition in list(self._open):
            self._put(partition)

    def _put(self, partition: str) -> None:
        file = self._open.pop(partition)
        end, suffix = (file.compressor.flush(), ".gz") if self._compressed else (b"", "")
        url = f"{self._folder}{partition}{self._stamp}_{len(self.written):05d}_{self._query}_{uuid.uuid4()}{suffix}"
        self._session.objects.put(url, bytes(file.body + end))
        self.written.append(url)


def _present(names: list[str], row: tuple[Any, ...]) -> dict[str, Any]:
    return {name: _plain(value) for name, value in zip(names, row, strict=True) if value is not None}


def _plain(value: Any) -> Any:
    """What JSON has stays what it is; moments and other scalars are their text."""
    return value if isinstance(value, str | int | float | dict | list) else printed(value)
