"""Choosing the state of the lake that a question is asked of, and finding it again."""

from collections.abc import Iterable
from datetime import datetime

from sqlglot import exp

from regulars.domain.errors import NotFoundError
from regulars.domain.lake.snapshots import Snapshots, newest
from regulars.domain.lake.sql import printed
from regulars.domain.lake.time_travel import iceberg_tables, read_at
from regulars.ports import TableCatalog


def pin_snapshots(tables: Iterable[str], *, at: datetime, catalog: TableCatalog) -> Snapshots:
    """The snapshot that each of these Iceberg tables had at one moment. Raises StoreUnavailableError."""
    return {table: newest(catalog.snapshots(table), at) for table in tables}


def pinned(asked: exp.Select, *, at: datetime, catalog: TableCatalog) -> str:
    """The text of a query that reads each table at its snapshot of one moment; changes the query. Raises StoreUnavailableError."""
    read_at(asked, pin_snapshots(iceberg_tables(asked), at=at, catalog=catalog))
    return printed(asked)


def require_snapshots(snapshots: Snapshots, *, catalog: TableCatalog) -> None:
    """Raises NotFoundError for one that can no longer be read, StoreUnavailableError."""
    for table, wanted in snapshots.items():
        if wanted is not None and wanted not in {each.id for each in catalog.snapshots(table)}:
            raise NotFoundError(f"the snapshot {wanted} of `{table}` has expired: snapshots can be read for three days")
