"""Metadata tables of Iceberg tables, as in `SELECT ... FROM "events$snapshots"`.

https://docs.aws.amazon.com/athena/latest/ug/querying-iceberg-table-metadata.html; types:
https://trino.io/docs/422/connector/iceberg.html#snapshots-table and #partitions-table
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from pyiceberg.manifest import DataFile
from pyiceberg.table import Table
from pyiceberg.table.snapshots import Snapshot
from pyiceberg.types import DateType
from sqlglot import exp

from local.athena import iceberg
from local.athena.catalog import GlueTable, is_iceberg, quoted, text
from local.athena.errors import UnsupportedError, table_not_found
from local.athena.session import Session

Columns = dict[str, str]
"""Column to DuckDB type, in Athena's order."""

_SNAPSHOTS: Columns = {
    "committed_at": "TIMESTAMPTZ", "snapshot_id": "BIGINT", "parent_id": "BIGINT", "operation": "VARCHAR", "manifest_list": "VARCHAR",
    "summary": "MAP(VARCHAR, VARCHAR)",
}  # fmt: skip
_COUNTS: Columns = {"record_count": "BIGINT", "file_count": "BIGINT", "total_size": "BIGINT"}

NAMES = {"snapshots": frozenset(_SNAPSHOTS), "partitions": frozenset({"partition", *_COUNTS})}
"""The columns of each metadata table that is known here. Athena's `$partitions` has one more, `data`."""


def split(name: str) -> tuple[str, str]:
    """`events$snapshots` is (`events`, `snapshots`); a table of data has no second part."""
    table, _, about = name.partition("$")
    return table, about


def relation(session: Session, found: GlueTable, node: exp.Table) -> str:
    """What `node` says of the table `found`, as `(SELECT ...)`. Raises StatementFailedError."""
    about = split(node.name.lower())[1]
    if about not in NAMES:
        raise UnsupportedError(f"the metadata table ${about}")
    if not is_iceberg(found):
        raise table_not_found(found["DatabaseName"], node.name.lower())
    if node.args.get("version"):
        raise UnsupportedError("time travel in a metadata table")
    columns, rows = _READ[about](iceberg.current(session, found))
    values = ", ".join(f"({', '.join(row)})" for row in rows or [["NULL"] * len(columns)])
    typed = ", ".join(f"CAST({quoted(name)} AS {kind}) AS {quoted(name)}" for name, kind in columns.items())
    return f"(SELECT {typed} FROM (VALUES {values}) AS v({', '.join(map(quoted, columns))}) WHERE {'true' if rows else 'false'})"


def _snapshots(table: Table) -> tuple[Columns, list[list[str]]]:
    return _SNAPSHOTS, [_snapshot(snapshot) for snapshot in table.metadata.snapshots]


def _snapshot(snapshot: Snapshot) -> list[str]:
    """The columns as DuckDB literals. `operation` is not repeated in `summary`, as in Iceberg's own library."""
    moment = datetime.fromtimestamp(snapshot.timestamp_ms / 1000, UTC)
    summary = snapshot.summary
    entries = ", ".join(f"{text(key)}: {text(value)}" for key, value in (summary.additional_properties if summary else {}).items())
    return [
        text(moment.isoformat(timespec="milliseconds")),
        str(snapshot.snapshot_id),
        "NULL" if snapshot.parent_snapshot_id is None else str(snapshot.parent_snapshot_id),
        text(summary.operation.value) if summary else "NULL",
        text(snapshot.manifest_list),
        f"MAP {{{entries}}}",
    ]


def _partitions(table: Table) -> tuple[Columns, list[list[str]]]:
    """Of the current snapshot. `partition` is a ROW of the partition fields; a table without them has no such column."""
    fields = table.spec().fields
    kinds = [field.transform.result_type(table.schema().find_type(field.source_id)) for field in fields]
    row = ", ".join(f"{quoted(field.name)} {iceberg.duckdb_type(kind)}" for field, kind in zip(fields, kinds, strict=True))
    columns = {"partition": f"STRUCT({row})", **_COUNTS} if fields else _COUNTS
    names = [field.name for field in fields]
    return columns, [[*([_struct(names, kinds, files[0])] if fields else []), *map(str, _counted(files))] for files in _by_partition(table)]


def _by_partition(table: Table) -> Iterator[list[DataFile]]:
    found: dict[Any, list[DataFile]] = {}
    for task in iceberg.planned(table):
        found.setdefault(task.file.partition, []).append(task.file)
    yield from found.values()


def _counted(files: list[DataFile]) -> tuple[int, int, int]:
    return sum(file.record_count for file in files), len(files), sum(file.file_size_in_bytes for file in files)


def _struct(names: list[str], kinds: list[Any], file: DataFile) -> str:
    values = [_literal(kind, file.partition[place]) for place, kind in enumerate(kinds)]
    return "{" + ", ".join(f"{text(name)}: {value}" for name, value in zip(names, values, strict=True)) + "}"


def _literal(kind: Any, value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(kind, DateType):
        return f"(DATE '1970-01-01' + {value})"
    return str(value) if isinstance(value, int) else text(str(value))


_READ: dict[str, Callable[[Table], tuple[Columns, list[list[str]]]]] = {"snapshots": _snapshots, "partitions": _partitions}
