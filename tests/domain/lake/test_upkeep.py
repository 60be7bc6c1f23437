"""Which partitions a night rewrites, and the statements that say so."""

from datetime import UTC, datetime

import duckdb
import pytest
import sqlglot
from sqlglot import exp

from regulars.domain.lake.tables import ASSIGNMENTS, EVENTS, PEOPLE, TABLES, PartitionField, Table
from regulars.domain.lake.upkeep import MAX_FILES, MAX_PARTITIONS, MAX_PLAN_BYTES, Fragmented, fitting, fragmented_sql, optimize_sql, vacuum_sql
from tests.domain.segments.judges import accepted

BY_DAY = Table("known", {"message_id": "string", "event_ts": "timestamp"}, iceberg=True, partitioned_by=(PartitionField("event_ts", "day"),))
JULY, DECEMBER = "678", "683"
"""Months since 1970, of 2026."""


def part(name: str, month: str = JULY, files: int = 9) -> Fragmented:
    return Fragmented({"event_ts": month, "event_name": name}, files)


def predicate(sql: str) -> exp.Expr:
    frame, _, where = sql.partition(" WHERE ")
    assert frame == "OPTIMIZE events REWRITE DATA USING BIN_PACK"
    return sqlglot.parse_one(where, read="athena")


def names(sql: str) -> list[str]:
    return [str(node.this) for node in predicate(sql).find(exp.In).expressions]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("files", "mebibytes", "deserves"),
    [(4, 0, False), (5, 4, True), (5, 5, False), (97, 60, True), (97, 300, False), (199, 1500, False), (200, 1500, True), (60, 30_000, False)],
)
def test_a_partition_deserves_it_for_small_files_or_many(files: int, mebibytes: int, deserves: bool) -> None:
    condition = sqlglot.parse_one(fragmented_sql(EVENTS), read="athena").args["where"].this.sql("duckdb")
    partition = f"(SELECT CAST({files} AS BIGINT) AS file_count, CAST({mebibytes * 1_048_576} AS BIGINT) AS total_size)"
    assert duckdb.sql(f"SELECT {condition} FROM {partition}").fetchall() == [(deserves,)]


@pytest.mark.parametrize("table", [table for table in TABLES if table.partitioned_by], ids=lambda table: table.name)
def test_what_is_asked_of_the_metadata_is_trinos(table: Table) -> None:
    accepted(fragmented_sql(table))


def test_a_statement_is_about_one_month_and_names_its_partitions() -> None:
    (sql,) = optimize_sql(EVENTS, [part("it's; VACUUM events --"), part("Bought")])
    moments = [datetime.fromisoformat(node.this.name).replace(tzinfo=UTC) for node in predicate(sql).find_all(exp.Cast)]
    assert sorted(moments) == [datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 8, 1, tzinfo=UTC)]
    assert names(sql) == ["Bought", "it's; VACUUM events --"]


def test_the_newest_month_comes_first_and_a_year_ends() -> None:
    august, december = "679", DECEMBER
    found = optimize_sql(EVENTS, [part("a"), part("a", december), part("a", august)])
    assert [sql.partition("'")[2][:7] for sql in found] == ["2026-12", "2026-08", "2026-07"]
    assert "'2027-01-01 00:00:00.000000'" in found[0]


def test_no_statement_has_more_partitions_than_athena_does_at_once() -> None:
    found = optimize_sql(EVENTS, [part(f"n{number:03d}") for number in range(2 * MAX_PARTITIONS + 1)])
    assert [len(names(sql)) for sql in found] == [MAX_PARTITIONS, MAX_PARTITIONS, 1]


def test_no_statement_has_many_more_files_than_it_can_do_in_its_time_and_a_partition_is_not_cut() -> None:
    found = optimize_sql(
        EVENTS, [part("a", files=MAX_FILES // 2), part("b", files=MAX_FILES // 2), part("c", files=1), part("d", files=3 * MAX_FILES)]
    )
    assert [names(sql) for sql in found] == [["a", "b"], ["c"], ["d"]]


def test_a_table_without_partitions_is_one_statement_and_one_by_runs_names_them() -> None:
    assert optimize_sql(PEOPLE, []) == ["OPTIMIZE people REWRITE DATA USING BIN_PACK"]
    assert optimize_sql(ASSIGNMENTS, []) == []
    assert optimize_sql(ASSIGNMENTS, [Fragmented({"run_id": "r1"}, 5)]) == ["OPTIMIZE assignments REWRITE DATA USING BIN_PACK WHERE run_id IN ('r1')"]


def test_a_table_by_days_has_a_statement_a_day() -> None:
    found = optimize_sql(BY_DAY, [Fragmented({"event_ts": day}, 9) for day in ("2026-07-30", "2026-07-31")])
    assert [sql.count("CAST('2026-0") for sql in found] == [2, 2] and "'2026-08-01 00:00:00.000000'" in found[0]


def test_a_plan_holds_what_a_state_holds_and_the_first_come_first() -> None:
    assert fitting(["a" * MAX_PLAN_BYTES, "b"]) == ["a" * MAX_PLAN_BYTES]
    assert fitting(["é" * (MAX_PLAN_BYTES // 2), "b"]) == ["é" * (MAX_PLAN_BYTES // 2)]
    assert fitting(["a", "b"]) == ["a", "b"]


def test_vacuum_names_the_table() -> None:
    assert vacuum_sql(EVENTS) == "VACUUM events"
