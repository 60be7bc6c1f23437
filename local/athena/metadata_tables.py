"""Metadata tables of Iceberg tables, as in `SELECT ... FROM "events$snapshots"`.

https://docs.aws.amazon.com/athena/latest/ug/querying-iceberg-table-metadata.html; types:
https://trino.io/docs/422/connector/iceberg.html#snapshots-table
"""

from datetime import UTC, datetime

from pyiceberg.table.snapshots import Snapshot
from sqlglot import exp

from local.athena import iceberg
from local.athena.catalog import GlueTable, is_iceberg, quoted, text
from local.athena.errors import UnsupportedError, table_not_found
from local.athena.session import Session

SNAPSHOTS = {
    "committed_at": "TIMESTAMPTZ", "snapshot_id": "BIGINT", "parent_id": "BIGINT", "operation": "VARCHAR", "manifest_list": "VARCHAR",
    "summary": "MAP(VARCHAR, VARCHAR)",
}  # fmt: skip
"""Column to DuckDB type, in Athena's order."""


def split(name: str) -> tuple[str, str]:
    """`events$snapshots` is (`events`, `snapshots`); a table of data has no second part."""
    table, _, about = name.partition("$")
    return table, about


def relation(session: Session, found: GlueTable, node: exp.Table) -> str:
    """What `node` says of the table `found`, as `(SELECT ...)`. Only `$snapshots` is known. Raises StatementFailedError."""
    about = split(node.name.lower())[1]
    if about != "snapshots":
        raise UnsupportedError(f"the metadata table ${about}")
    if not is_iceberg(found):
        raise table_not_found(found["DatabaseName"], node.name.lower())
    if node.args.get("version"):
        raise UnsupportedError("time travel in a metadata table")
    rows = [_row(snapshot) for snapshot in iceberg.current(session, found).metadata.snapshots]
    values = ", ".join(f"({', '.join(row)})" for row in rows or [["NULL"] * len(SNAPSHOTS)])
    columns = ", ".join(f"CAST({quoted(name)} AS {kind}) AS {quoted(name)}" for name, kind in SNAPSHOTS.items())
    return f"(SELECT {columns} FROM (VALUES {values}) AS v({', '.join(map(quoted, SNAPSHOTS))}) WHERE {'true' if rows else 'false'})"


def _row(snapshot: Snapshot) -> list[str]:
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
