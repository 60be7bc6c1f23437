"""What keeps the Iceberg tables small, as statements: OPTIMIZE for the partitions that deserve it, and VACUUM.

A partition deserves it when it has at least MIN_FILES files that are smaller than SMALL_FILE_BYTES on average, or MANY_FILES of any size. So what
is rewritten is bounded by how many files came since the last time; a month that is over is compact, and stays as it is.
The arithmetic: docs/decisions/0018-upkeep.md.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import reduce
from typing import Final, assert_never

from sqlglot import exp

from regulars.domain.lake.sql import printed, statement, text, timestamp
from regulars.domain.lake.tables import PartitionField, Table

MIN_FILES: Final = 5
"""OPTIMIZE leaves a partition alone that has fewer files to rewrite (`optimize_rewrite_data_file_threshold`, its default:
https://docs.aws.amazon.com/athena/latest/ug/querying-iceberg-creating-tables.html#querying-iceberg-table-properties)."""

SMALL_FILE_BYTES: Final = 1_048_576
"""A request for a file costs as much as scanning 80 KB (0.4 against 5 dollars a million of requests or MB): a twelfth of this."""

MANY_FILES: Final = 200
"""Two nights' files of curate. Where they are not small they are joined so often only, and still each once."""

MAX_PARTITIONS: Final = 90
"""Athena does at most 100 a statement, and then fails with ICEBERG_OPTIMIZE_MORE_RUNS_NEEDED: https://github.com/dbt-labs/dbt-athena/issues/531"""

MAX_FILES: Final = 2_000
"""About how many files a statement takes, so that it ends within Athena's 30 minutes (one partition is never cut)."""

MAX_PLAN_BYTES: Final = 150_000
"""What is planned for a night must fit in a state of Step Functions, 256 KiB, beside its results:
https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html"""

_FRAGMENTED: Final = """
SELECT file_count AS files FROM :partitions WHERE file_count >= :least AND (file_count >= :many OR file_count * :small > total_size)
"""
_PERIOD: Final = ":column >= :start AND :column < :end"


@dataclass(frozen=True)
class Fragmented:
    """A partition that deserves it: its fields' values as Athena prints them, by column, and how many files it has."""

    values: Mapping[str, str]
    files: int


def fragmented_sql(table: Table) -> str:
    """The partitions of a partitioned table that deserve it: a column for each partition field, named by its column, and `files`.

    https://docs.aws.amazon.com/athena/latest/ug/querying-iceberg-table-metadata.html; what is in it:
    https://trino.io/docs/422/connector/iceberg.html#partitions-table
    """
    partitions = exp.Table(this=exp.to_identifier(f"{table.name}$partitions", quoted=True))
    numbers = {"least": MIN_FILES, "many": MANY_FILES, "small": SMALL_FILE_BYTES}
    tree = statement(_FRAGMENTED, {"partitions": partitions, **{name: exp.Literal.number(number) for name, number in numbers.items()}})
    fields = [exp.column(part.name, table="partition").as_(part.column) for part in table.partitioned_by]
    tree.set("expressions", [*fields, *tree.expressions])
    return printed(tree)


def optimize_sql(table: Table, found: Sequence[Fragmented]) -> list[str]:
    """Newest months first, at most MAX_PARTITIONS and about MAX_FILES a statement. An unpartitioned table is one statement, always.

    Each statement is about one month (or day): Athena takes a predicate that the choice of partitions can meet alone, which
    "these names in this month or those names in that one" is not (https://github.com/trinodb/trino/issues/17430).
    """
    if not table.partitioned_by:
        return [_optimize(table)]
    periods: dict[str, list[Fragmented]] = {}
    for partition in found:
        periods.setdefault(_period(table, partition), []).append(partition)
    return [
        _optimize(table, chunk)
        for period in sorted(periods, reverse=True)
        for chunk in _chunks(sorted(periods[period], key=lambda partition: sorted(partition.values.items())))
    ]


def vacuum_sql(table: Table) -> str:
    """https://docs.aws.amazon.com/athena/latest/ug/vacuum-statement.html"""
    return f"VACUUM {printed(exp.to_table(table.name))}"


def fitting(statements: Sequence[str]) -> list[str]:
    """The first of them, as many as a night's plan may hold; the rest is found again the next night."""
    kept: list[str] = []
    room = MAX_PLAN_BYTES
    for sql in statements:
        room -= len(sql.encode())
        if room < 0:
            break
        kept.append(sql)
    return kept


def _period(table: Table, partition: Fragmented) -> str:
    """The start of its month or day, as text that sorts; the same for all partitions of a table without one."""
    starts = [_span(part, partition.values[part.column])[0] for part in table.partitioned_by if part.transform != "identity"]
    return " ".join(start.isoformat() for start in starts)


def _chunks(partitions: Sequence[Fragmented]) -> Iterator[list[Fragmented]]:
    chunk: list[Fragmented] = []
    for partition in partitions:
        if chunk and (len(chunk) == MAX_PARTITIONS or sum(other.files for other in chunk) + partition.files > MAX_FILES):
            yield chunk
            chunk = []
        chunk.append(partition)
    if chunk:
        yield chunk


def _optimize(table: Table, chunk: Sequence[Fragmented] = ()) -> str:
    """sqlglot has no tree for OPTIMIZE, so its frame is text; what varies in it is still printed from nodes.

    https://docs.aws.amazon.com/athena/latest/ug/optimize-statement.html
    """
    frame = f"OPTIMIZE {printed(exp.to_table(table.name))} REWRITE DATA USING BIN_PACK"
    conditions = [_among(part, [partition.values[part.column] for partition in chunk]) for part in table.partitioned_by]
    return f"{frame} WHERE {printed(reduce(lambda left, right: exp.And(this=left, expression=right), conditions))}" if conditions else frame


def _among(part: PartitionField, values: Sequence[str]) -> exp.Expression:
    column = exp.column(part.column)
    if part.transform == "identity":
        return exp.In(this=column, expressions=[text(value) for value in values])
    start, end = _span(part, values[0])
    return statement(_PERIOD, {"column": column, "start": timestamp(start), "end": timestamp(end)})


def _span(part: PartitionField, value: str) -> tuple[datetime, datetime]:
    """From, and up to but not including. A month is printed as how many there were since 1970, a day as a date."""
    match part.transform:
        case "month":
            first = int(value)
            return _month(first), _month(first + 1)
        case "day":
            day = date.fromisoformat(value)
            start = datetime(day.year, day.month, day.day, tzinfo=UTC)
            return start, start + timedelta(days=1)
        case "identity":
            raise ValueError(f"{part.column} is no period")
        case _:
            assert_never(part.transform)


def _month(since_1970: int) -> datetime:
    return datetime(1970 + since_1970 // 12, since_1970 % 12 + 1, 1, tzinfo=UTC)
