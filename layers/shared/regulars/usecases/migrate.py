"""Brings the lake's tables to this version: each statement of infra/migrations that it does not have yet, in order, and each recorded once done.

What is certain after a crash, or beside another migrate that runs at the same time:

    recorded                              the lake has it: never again
    not recorded, never asked for         nothing happened: it is done now
    not recorded, Athena is at it         it is asked for again. What may be done again is: one of two makes the table, both say so.
                                          Columns are added once: the other ADD COLUMNS fails, and the catalogue says why
    not recorded, but it was done         the same
    it failed, columns are not there      Athena's reason is the answer; the next migrate starts at this very statement

So nothing needs to be claimed, and no query needs to be remembered: whether a statement was applied is asked of the lake itself
(docs/decisions/0010). `domain.lake.migration_files` admits no statement of which that would not be true.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from regulars.domain.errors import QueryFailedError
from regulars.domain.lake.migration_files import AddedColumns, Statement, migrations
from regulars.domain.lake.migrations import ahead, pending
from regulars.ports import Clock, MigrationLog, QueryEngine, TableCatalog


@dataclass(frozen=True)
class Migrated:
    """`applied` says which statements were; `ahead` names migrations of a newer version, which the lake keeps."""

    applied: tuple[str, ...]
    ahead: tuple[str, ...]


def migrate(
    *, files: Mapping[str, str], bucket: str, queries: QueryEngine, catalog: TableCatalog, migration_log: MigrationLog, clock: Clock
) -> Migrated:
    """Raises InvalidMigrationError before anything is done, ConflictError, and QueryFailedError with the statement and Athena's reason.

    Of `${..}` only `${LakeBucket}` is replaced: `${dt}` and the like belong to Athena's partition projection.
    """
    known, recorded = migrations(files), migration_log.applied()
    steps = pending(known, recorded)
    for step in steps:
        try:
            _apply(step.statement, bucket, queries, catalog)
        except QueryFailedError as error:
            raise QueryFailedError(f"{step}: {error}") from error
        migration_log.record(step.applied(clock.now()))
    return Migrated(tuple(map(str, steps)), ahead(known, recorded))


def _apply(statement: Statement, bucket: str, queries: QueryEngine, catalog: TableCatalog) -> None:
    try:
        queries.run(statement.text.replace("${LakeBucket}", bucket))
    except QueryFailedError:
        if statement.adds is None or not _has(catalog, statement.adds):
            raise


def _has(catalog: TableCatalog, adds: AddedColumns) -> bool:
    there = catalog.columns(adds.table)
    return all(there.get(name) == kind for name, kind in adds.columns.items())
