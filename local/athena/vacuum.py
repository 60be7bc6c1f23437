"""VACUUM: snapshots that are old enough expire, and then every object goes that the table does not need any more.

https://docs.aws.amazon.com/athena/latest/ug/vacuum-statement.html. Snapshots older than the table's age go, except the newest few; so do old
metadata files in excess of a number, and files in the table's folder that no snapshot needs and that are older than that age (a younger one
may belong to a query that has not committed yet). What only an expired snapshot needed is always older than that.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from pyiceberg.table import Table
from pyiceberg.table.snapshots import Snapshot
from sqlglot import exp

from local.athena import catalog, iceberg, properties
from local.athena.errors import StatementFailedError
from local.athena.iceberg_write import COMMIT
from local.athena.objects import split
from local.athena.session import Session

MAX_FILES = 20_000
"""What one VACUUM removes before it wants to be run again: https://github.com/dbt-labs/dbt-athena/pull/703"""


def vacuum(session: Session, tree: exp.Expr) -> None:
    """`tree` is `SELECT .. FROM table`. Raises StatementFailedError, also when there is more to remove than one statement removes."""
    place = catalog.located(session, tree.args["from_"].this)
    if not catalog.is_iceberg(catalog.table(session, *place)):
        raise StatementFailedError("NOT_SUPPORTED: line 1:1: VACUUM is supported only for Apache Iceberg tables")
    location = iceberg.load(session, *place).location()
    if not split(location)[1].strip("/"):
        raise StatementFailedError(f"GENERIC_INTERNAL_ERROR: Path missing in file system location: {location}")
    now = moment()
    _expire(session, place, now)
    there = list(session.objects.under(location.rstrip("/") + "/"))  # before the table is read: what is younger than it is not in the list
    needless = _needless(session, iceberg.load(session, *place), there, now)
    for url in needless[:MAX_FILES]:
        session.objects.delete(url)
    if len(needless) > MAX_FILES:
        removed = f"Removed {MAX_FILES} files in this round of vacuum, but there are more files remaining."
        raise StatementFailedError(f"ICEBERG_VACUUM_MORE_RUNS_NEEDED: {removed} Please run another VACUUM command to process the remaining files")


def moment() -> datetime:
    return datetime.now(UTC)


def _expire(session: Session, place: tuple[str, str], now: datetime) -> None:
    with COMMIT:
        session.check()
        table = iceberg.load(session, *place)
        if old := _expired(table, now):
            table.maintenance.expire_snapshots().by_ids([snapshot.snapshot_id for snapshot in old]).commit()


def _expired(table: Table, now: datetime) -> list[Snapshot]:
    """Older than the table's age, and neither the current one nor among the newest that are kept in any case."""
    newest_first = sorted(table.snapshots(), key=lambda snapshot: snapshot.timestamp_ms, reverse=True)
    oldest = _oldest(table, now).timestamp() * 1000
    spared = newest_first[properties.of(table).min_snapshots :]
    return [snapshot for snapshot in spared if snapshot.timestamp_ms < oldest and snapshot != table.current_snapshot()]


def _oldest(table: Table, now: datetime) -> datetime:
    return now - timedelta(seconds=properties.of(table).max_age_seconds)


def _needless(session: Session, table: Table, there: list[str], now: datetime) -> list[str]:
    """Those of the objects that can go: unneeded ones that are old enough, and old metadata files of any age."""
    needed, oldest = set(_needed(table)), _oldest(table, now)
    metadata = [url for url in there if url.endswith(".metadata.json")]
    files = [url for url in there if url not in needed and url not in metadata and _written_at(session, url) < oldest]
    return [*files, *(url for url in metadata if url not in _kept_metadata(table))]


def _needed(table: Table) -> Iterator[str]:
    """Manifest lists, manifests and data files of every snapshot."""
    seen: set[str] = set()
    for snapshot in table.snapshots():
        yield snapshot.manifest_list
        for manifest in snapshot.manifests(table.io):
            if manifest.manifest_path not in seen:
                seen.add(manifest.manifest_path)
                yield manifest.manifest_path
                yield from (entry.data_file.file_path for entry in manifest.fetch_manifest_entry(table.io, discard_deleted=True))


def _kept_metadata(table: Table) -> set[str]:
    """The current metadata file and the newest before it."""
    before = [entry.metadata_file for entry in table.metadata.metadata_log]
    return {table.metadata_location, *before[-properties.of(table).metadata_files :]}


def _written_at(session: Session, url: str) -> datetime:
    found = session.objects.find(url)
    return found.last_modified.replace(tzinfo=UTC) if found else datetime.max.replace(tzinfo=UTC)
