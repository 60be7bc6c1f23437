"""UNLOAD as gzipped JSON lines, several objects of at most 5,000 rows, and the manifest that lists them.

https://docs.aws.amazon.com/athena/latest/ug/unload.html. A NULL is left out of its row: Trino's JSON writer skips the field. That was
not compared with AWS, so a reader must take an absent name and a null alike.
"""

import gzip
import uuid
from datetime import UTC, datetime
from typing import Any

import duckdb
import orjson

from local.athena.errors import StatementFailedError, UnsupportedError
from local.athena.results import printed
from local.athena.session import Session
from local.athena.statements import Statement

ROWS_PER_OBJECT = 5000
_COMPRESSIONS = ("gzip", "none")


def unload(session: Session, statement: Statement, select: str, manifest: str) -> int:
    """Writes what the DuckDB SELECT gives, then the manifest, and returns the rows. Raises StatementFailedError (HIVE_PATH_ALREADY_EXISTS)."""
    form, compression = statement.options.get("format", "").upper(), statement.options.get("compression", "gzip").lower()
    if form != "JSON" or compression not in _COMPRESSIONS or set(statement.options) - {"format", "compression"}:
        raise UnsupportedError(f"UNLOAD WITH {statement.options}: only format JSON, compression GZIP or NONE")
    folder = statement.location.rstrip("/") + "/"
    if next(session.objects.under(folder), None):
        raise StatementFailedError(f"HIVE_PATH_ALREADY_EXISTS: Target directory for table '{folder}' already exists", error_type=1100)
    written, rows = _objects(session, session.execute(select), folder, compression)
    session.objects.put(manifest, "".join(f"{url}\n" for url in written).encode())
    return rows


def _objects(session: Session, result: duckdb.DuckDBPyConnection, folder: str, compression: str) -> tuple[list[str], int]:
    names = [column[0] for column in result.description or []]
    stamp, query = datetime.now(UTC).strftime("%Y%m%d_%H%M%S"), uuid.uuid4().hex[:5]
    written: list[str] = []
    count = 0
    while rows := session.fetched(result, ROWS_PER_OBJECT):
        session.check()
        body = b"".join(orjson.dumps(_present(names, row), default=printed) + b"\n" for row in rows)
        url = f"{folder}{stamp}_{len(written):05d}_{query}_{uuid.uuid4()}"
        session.objects.put(url + (".gz" if compression == "gzip" else ""), gzip.compress(body, 1) if compression == "gzip" else body)
        written.append(url + (".gz" if compression == "gzip" else ""))
        count += len(rows)
    return written, count


def _present(names: list[str], row: tuple[Any, ...]) -> dict[str, Any]:
    return {name: _plain(value) for name, value in zip(names, row, strict=True) if value is not None}


def _plain(value: Any) -> Any:
    """What JSON has stays what it is; moments and other scalars are their text."""
    return value if isinstance(value, str | int | float | dict | list) else printed(value)
