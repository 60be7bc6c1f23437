"""What one query works with: its own DuckDB, its own view of the objects, and the signal to stop."""

import re
import tempfile
import threading
from pathlib import Path
from typing import Any

import duckdb
from moto.glue.models import GlueBackend, glue_backends

from local.athena import macros
from local.athena.errors import StatementCancelledError, StatementFailedError
from local.athena.objects import LakeFileSystem, Objects, ScanLimitError
from local.athena.repacked import RepackedFileSystem

MEMORY_LIMIT = "600MB"
THREADS = 2
_SPILL = Path(tempfile.gettempdir()) / "regulars-duckdb"


class Session:
    """Closed after its query, so that DuckDB's memory goes back."""

    def __init__(self, objects: Objects, *, region: str, database: str) -> None:
        self.objects = objects
        self.region = region
        self.database = database
        self.bound_views: dict[tuple[str, str], str] = {}
        """The DuckDB views of the lake's own, by database and name."""
        self._cancelled = threading.Event()
        self._views = 0
        self._macros: set[str] = set()
        self._opening = threading.Lock()
        self._open: duckdb.DuckDBPyConnection | None = None

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """Made when it is first needed: definitions of tables need none."""
        with self._opening:
            if self._open is None:
                settings: dict[str, str | bool | int | float | list[str]] = {
                    "threads": THREADS,
                    "memory_limit": MEMORY_LIMIT,
                    "temp_directory": str(_SPILL),
                }
                self._open = duckdb.connect(config=settings)
                self._open.execute(macros.SETTINGS)
                self._open.register_filesystem(LakeFileSystem(self.objects))
                self._open.register_filesystem(RepackedFileSystem(self.objects))
            return self._open

    @property
    def glue(self) -> GlueBackend:
        backend: GlueBackend = self.objects.access.to_catalog(glue_backends[self.objects.account_id][self.region])
        return backend

    def cancel(self) -> None:
        """Ends what DuckDB does now, and what comes after it at the next `check`."""
        self._cancelled.set()
        with self._opening:
            if self._open is not None:
                self._open.interrupt()

    def check(self) -> None:
        """Raises StatementCancelledError once `cancel` was called: before a commit, and between two steps."""
        if self._cancelled.is_set():
            raise StatementCancelledError

    def execute(self, sql: str, parameters: list[Any] | None = None) -> duckdb.DuckDBPyConnection:
        """Runs DuckDB's SQL with the macros that it names. Raises StatementFailedError in Athena's words, or StatementCancelledError."""
        self._prepare(sql)
        try:
            return self.connection.execute(sql, parameters)
        except duckdb.Error as error:
            raise self._explained(error) from error

    def _prepare(self, sql: str) -> None:
        self.check()
        if needed := macros.missing(sql, self._macros):
            self.connection.execute("".join(needed.values()))
            self._macros |= needed.keys()

    def rows(self, sql: str, parameters: list[Any] | None = None) -> list[tuple[Any, ...]]:
        """All rows: DuckDB 2.0 refuses the next statement while a result is unread."""
        found = self.execute(sql, parameters)
        try:
            return found.fetchall()
        except duckdb.Error as error:
            raise self._explained(error) from error

    def fetched(self, result: duckdb.DuckDBPyConnection, count: int) -> list[tuple[Any, ...]]:
        """The next rows of a result, at most `count`."""
        try:
            return result.fetchmany(count)
        except duckdb.Error as error:
            raise self._explained(error) from error

    def arrow(self, select: str) -> tuple[Any, list[tuple[str, str]]]:
        """All rows as a pyarrow Table, and the names and DuckDB types of its columns."""
        self._prepare(select)
        try:
            relation = self.connection.sql(select)
            described = [(name, str(kind)) for name, kind in zip(relation.columns, relation.types, strict=True)]
            return relation.to_arrow_table(), described
        except duckdb.Error as error:
            raise self._explained(error) from error

    def described(self, select: str) -> list[tuple[str, str]]:
        """The names and DuckDB types of a SELECT's columns; nothing is run, and nothing counts as read.

        Raises StatementFailedError where DuckDB can't make sense of it.
        """
        self._prepare(select)
        before = self.objects.bytes_read
        try:
            relation = self.connection.sql(select)
            return [(name, str(kind)) for name, kind in zip(relation.columns, relation.types, strict=True)]
        except duckdb.Error as error:
            raise self._explained(error) from error
        finally:
            self.objects.bytes_read = before

    def view(self, relation: str) -> str:
        """The name of a new view of a relation."""
        self._views += 1
        name = f"athena_table_{self._views}"
        self.execute(f'CREATE TEMP VIEW "{name}" AS SELECT * FROM {relation}')
        return name

    def close(self) -> None:
        with self._opening:
            if self._open is not None:
                self._open.close()

    def _explained(self, error: duckdb.Error) -> Exception:
        if self.objects.exceeded:
            return ScanLimitError()
        if self._cancelled.is_set():
            return StatementCancelledError()
        return StatementFailedError(reason(error))


def reason(error: duckdb.Error) -> str:
    """DuckDB's complaint under Trino's name for it. Line and column are not those of the text."""
    text = str(error)
    first = text.splitlines()[0]
    ours = re.search(r"\b[A-Z]{4,}(?:_[A-Z]+)+: .*", text)
    if ours:
        return ours[0].removesuffix("' to INT64")
    column = re.search(r'Referenced column "([^"]+)" not found|does not have a column named "([^"]+)"', text)
    if column:
        return f"COLUMN_NOT_FOUND: line 1:1: Column '{column[1] or column[2]}' cannot be resolved"
    if "ivision by zero" in text:
        return "DIVISION_BY_ZERO: Division by zero"
    if "affect the same target row more than once" in text:
        return "MERGE_TARGET_ROW_MULTIPLE_MATCHES: One MERGE target table row matched more than one source row"
    if re.search(r"explicit cast is required|No function matches|Could not choose a best candidate|Cannot mix values", text):
        return f"TYPE_MISMATCH: line 1:1: {first}"
    if isinstance(error, duckdb.CatalogException):
        return f"FUNCTION_NOT_FOUND: line 1:1: {first}"
    if isinstance(error, duckdb.OutOfMemoryException):
        return f"EXCEEDED_MEMORY_LIMIT: Query exceeded the local engine's limit of {MEMORY_LIMIT}: {first}"
    if "JSON" in text and "read_json" in text.lower():
        return f"HIVE_BAD_DATA: {first}"
    if isinstance(error, duckdb.OutOfRangeException):
        return f"NUMERIC_VALUE_OUT_OF_RANGE: {first}"
    return f"GENERIC_USER_ERROR: {first}"
