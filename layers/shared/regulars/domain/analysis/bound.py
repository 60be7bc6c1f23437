"""What a query would read, before it is run, by the metadata of its tables: at most, and about.

At most: every file whose partition it cannot leave out, whole. About: of those the columns that it names. Iceberg's metadata has the sizes of both
(https://iceberg.apache.org/spec/#manifests, `data_file`), and Parquet is read by column; but a reader takes what lies between two columns with them
where that is little, so that columns are no bound. The metadata counts, for nobody says that Athena does not count it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from regulars.domain.analysis.readable import table_named
from regulars.domain.analysis.scans import Condition, Scan
from regulars.domain.lake.tables import PartitionField
from regulars.domain.prices import athena_usd

TAIL: Final = 48 * 1024
"""Bytes that Trino reads of the end of a Parquet file to find its footer, whatever else stands there (`EXPECTED_FOOTER_SIZE`, MetadataReader)."""

SPLIT: Final = 32 * 1024 * 1024
"""A file may be read by several at a time, a part of at least this size each (Trino's `max-initial-split-size`), and each reads the end anew."""


@dataclass(frozen=True, slots=True)
class LakeFile:
    """A file of a table. `partition` has the value of each partition field by its name, where the table has those; `columns` how many bytes each
    takes, where the file is read by column. `about`: it is read to find the others."""

    size: int
    about: bool = False
    partition: Mapping[str, object] = field(default_factory=dict)
    columns: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class TableBound:
    """What one reading of a table takes: at most so many `bytes` of `read` of its `files`, and of what says which those are; about as many as are
    `expected`."""

    table: str
    bytes: int
    expected: int
    read: int
    files: int


@dataclass(frozen=True)
class QueryPlan:
    """What a query would read at most, and about, and what that would cost. All four are None where nobody can say, for the reasons in `unknown`;
    `limit` is where Athena stops it. `reads`: it is no SHOW, DESCRIBE or EXPLAIN, which are free."""

    reads: bool
    bytes: int | None
    cost_usd: float | None
    expected_bytes: int | None
    expected_usd: float | None
    limit: int
    tables: Sequence[TableBound] = ()
    unknown: Sequence[str] = ()


def free(limit: int) -> QueryPlan:
    return QueryPlan(False, 0, 0.0, 0, 0.0, limit)


def bounded(readings: Sequence[tuple[Scan, TableBound | None]], limit: int) -> QueryPlan:
    tables = [bound for _, bound in readings if bound]
    unknown = [f"{scan.table or 'the query'}: {scan.obstacle}" for scan, bound in readings if bound is None]
    if unknown:
        return QueryPlan(True, None, None, None, None, limit, tables, unknown)
    most, about = sum(bound.bytes for bound in tables), sum(bound.expected for bound in tables)
    return QueryPlan(True, most, athena_usd(most), about, athena_usd(about), limit, tables)


def bound(scan: Scan, files: Iterable[LakeFile]) -> TableBound:
    table = table_named(scan.table)
    parted = table.partitioned_by if table else ()
    every = list(files)
    about = [file for file in every if file.about]
    read = [file for file in every if not file.about and all(_may_hold(file, parted, condition) for condition in scan.conditions)]
    found = sum(file.size for file in about)
    most, expected = sum(map(_whole, read)), sum(_named(file, scan.columns) for file in read)
    return TableBound(scan.table, found + most, found + expected, len(read), len(every) - len(about))


def _whole(file: LakeFile) -> int:
    """With the ends of its parts, where it is read in several."""
    return file.size + (min(TAIL, file.size) * -(-file.size // SPLIT) if file.columns else 0)


def _named(file: LakeFile, columns: frozenset[str] | None) -> int:
    return file.size if columns is None else file.size - sum(size for name, size in file.columns.items() if name not in columns)


def _may_hold(file: LakeFile, parted: Sequence[PartitionField], condition: Condition) -> bool:
    """Whether a file of this partition may have rows that meet the condition."""
    part = next((each for each in parted if each.column == condition.column), None)
    held = file.partition.get(part.name) if part else None
    wanted = [_transformed(value, part) for value in condition.values] if part else []
    if held is None or any(type(each) is not type(held) for each in wanted):
        return True
    if condition.operator == "in":
        return held in wanted
    first: object = wanted[0]
    if not isinstance(held, int) or not isinstance(first, int):
        return True
    return held >= first if condition.operator == ">=" else held <= first


def _transformed(value: object, part: PartitionField) -> object:
    """As Iceberg keeps it: months since 1970 (https://iceberg.apache.org/spec/#partition-transforms)."""
    if part.transform == "month":
        return (value.year - 1970) * 12 + value.month - 1 if isinstance(value, datetime) else None
    return value
