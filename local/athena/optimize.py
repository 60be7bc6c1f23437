"""OPTIMIZE .. REWRITE DATA USING BIN_PACK: the small files of a partition become one, in a snapshot that changes no row.

https://docs.aws.amazon.com/athena/latest/ug/optimize-statement.html. A file is chosen if it is smaller than three quarters of the target or larger
than 1.8 times it, and a partition if it has enough of them. Files are read and written without a lock; the commit finds out whether somebody took
one of them away meanwhile. Rows that were added meanwhile are in other files, and stay.
"""

import uuid
from datetime import date, datetime
from typing import Any

from pyiceberg.exceptions import CommitFailedException, ValidationException
from pyiceberg.manifest import DataFile
from pyiceberg.partitioning import PartitionField
from pyiceberg.table import FileScanTask, Table
from pyiceberg.table.snapshots import Operation, Summary
from pyiceberg.table.update.snapshot import _OverwriteFiles
from pyiceberg.transforms import DayTransform, IdentityTransform, MonthTransform
from pyiceberg.typedef import EMPTY_DICT
from sqlglot import exp

from local.athena import catalog, iceberg, predicates, properties
from local.athena.errors import StatementFailedError
from local.athena.iceberg_write import COMMIT, MAX_PARTITIONS, written
from local.athena.predicates import Comparison, Value
from local.athena.session import Session

TARGET_BYTES = 536_870_912
"""`write_target_data_file_size_bytes`, and the factors of the two bounds:
https://docs.aws.amazon.com/athena/latest/ug/create-table-as.html"""
_LEAST, _MOST = 0.75, 1.8


class _Replacement(_OverwriteFiles):
    """Iceberg's `replace`: files are others afterwards, rows the same. pyiceberg 0.12 writes `overwrite`, which means that rows changed."""

    def _summary(self, snapshot_properties: dict[str, str] = EMPTY_DICT) -> Summary:
        return super()._summary(snapshot_properties).model_copy(update={"operation": Operation.REPLACE})


def optimize(session: Session, tree: exp.Expr) -> None:
    """`tree` is `SELECT .. FROM table WHERE predicate`. Raises StatementFailedError, also when there is more to do than one statement does."""
    place = catalog.located(session, tree.args["from_"].this)
    if not catalog.is_iceberg(catalog.table(session, *place)):
        raise StatementFailedError("NOT_SUPPORTED: line 1:1: OPTIMIZE is supported only for Apache Iceberg tables")
    table = iceberg.load(session, *place)
    chosen = iceberg.pushed(table.schema(), _comparisons(table, tree.args.get("where")))
    groups = _worthwhile(table, iceberg.planned(table, chosen))
    if groups:
        _rewrite(session, place, groups[:MAX_PARTITIONS])
    if len(groups) > MAX_PARTITIONS:
        done = f"Processed {MAX_PARTITIONS} partitions in this round of optimization, but there are more partitions remaining."
        raise StatementFailedError(
            f"ICEBERG_OPTIMIZE_MORE_RUNS_NEEDED: {done} Please run another OPTIMIZE command to process the remaining partitions."
        )


def _worthwhile(table: Table, tasks: list[FileScanTask]) -> list[list[DataFile]]:
    """The files to rewrite, a list for each partition that has enough of them."""
    partitions: dict[tuple[int, Any], list[DataFile]] = {}
    for task in tasks:
        if not _LEAST * TARGET_BYTES <= task.file.file_size_in_bytes <= _MOST * TARGET_BYTES:
            partitions.setdefault((task.file.spec_id, task.file.partition), []).append(task.file)
    threshold = properties.of(table).data_file_threshold
    return [files for files in partitions.values() if len(files) >= threshold]


def _rewrite(session: Session, place: tuple[str, str], groups: list[list[DataFile]]) -> None:
    """One snapshot. Raises StatementFailedError (ICEBERG_COMMIT_ERROR), and leaves nothing behind, where one of the files is not there any more."""
    table, identity = iceberg.load(session, *place), uuid.uuid4()
    fresh = [data_file for files in groups for data_file in written(table, _rows(session, table, files), identity)]
    with COMMIT:
        session.check()
        table = iceberg.load(session, *place)
        try:
            with table.transaction() as transaction, _Replacement(Operation.OVERWRITE, transaction, table.io, identity) as snapshot:
                for data_file in (data_file for files in groups for data_file in files):
                    snapshot.delete_data_file(data_file)
                for data_file in fresh:
                    snapshot.append_data_file(data_file)
        except (CommitFailedException, ValidationException) as error:
            for data_file in fresh:
                table.io.delete(data_file.file_path)
            raise StatementFailedError(f"ICEBERG_COMMIT_ERROR: Failed to commit Iceberg update to table: {place[1]}", error_type=233) from error


def _rows(session: Session, table: Table, files: list[DataFile]) -> Any:
    rows, _ = session.arrow(f"SELECT * FROM {iceberg.reader(table.schema(), [data_file.file_path for data_file in files])}")
    return rows


def _comparisons(table: Table, where: exp.Expr | None) -> list[Comparison]:
    """The predicate, which may say nothing but which partitions: a whole month, a name. Raises StatementFailedError.

    Trino wants every condition to be met by the choice of partitions alone, and fails where a filter is left over:
    https://github.com/trinodb/trino/issues/17430 (and 27136 for what works).
    """
    found: list[Comparison] = []
    for part in predicates.joined_by_and(where.this) if where else ():
        compared = list(predicates.comparisons([part]))
        if not compared or not all(_chooses_partitions(table, comparison) for comparison in compared):
            reason = "Unexpected FilterNode found in plan; probably connector was not able to handle provided WHERE expression"
            raise StatementFailedError(f"GENERIC_INTERNAL_ERROR: {reason}: {part.sql('trino')}", error_type=233)
        found += compared
    return found


def _chooses_partitions(table: Table, comparison: Comparison) -> bool:
    fields = [field for field in table.spec().fields if table.schema().find_column_name(field.source_id) == comparison.column]
    return any(_is_a_bound(field, comparison) for field in fields)


def _is_a_bound(field: PartitionField, comparison: Comparison) -> bool:
    match field.transform:
        case IdentityTransform():
            return True
        case MonthTransform() | DayTransform() if comparison.operator in (">=", "<"):
            return _begins(comparison.values[0], month=isinstance(field.transform, MonthTransform))
        case _:
            return False


def _begins(value: Value, *, month: bool) -> bool:
    """Whether the moment is the first of a month, or of a day."""
    if not isinstance(value, date) or (month and value.day != 1):
        return False
    return not isinstance(value, datetime) or value == datetime(value.year, value.month, value.day, tzinfo=value.tzinfo)
