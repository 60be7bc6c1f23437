"""What a query reads: which tables, how often, which files and columns of them."""

from collections.abc import Mapping
from datetime import datetime

import pytest

from regulars.domain.analysis.bound import SPLIT, TAIL, LakeFile, bound, bounded
from regulars.domain.analysis.scans import Scan, scans
from regulars.domain.analysis.statement import read_statement

NOW = datetime(2016, 12, 15, 8, 30)

FILES = [
    LakeFile(1000, partition={"event_ts_month": month, "event_name": name}, columns={"user_id": 100, "event_ts": 50, "context": 700})
    for month in (560, 561, 562)  # September to November 2016
    for name in ("page", "Order Completed")
]


def read(sql: str, views: Mapping[str, str] | None = None) -> list[Scan]:
    tree = read_statement(sql).tree
    assert tree is not None
    return list(scans(tree, lambda name: (views or {}).get(name, ""), NOW))


def files_read(where: str, source: str = "events e") -> int:
    (scan,) = (scan for scan in read(f"SELECT e.user_id FROM {source} WHERE {where}") if scan.table == "events")
    return bound(scan, FILES).read


@pytest.mark.parametrize(
    ("where", "files"),
    [
        ("event_name = 'page'", 3),
        ("'page' = e.event_name", 3),
        ("event_name IN ('page', 'other')", 3),
        ("event_ts >= TIMESTAMP '2016-10-15 00:00:00'", 4),
        ("event_ts < TIMESTAMP '2016-10-01 00:00:00'", 4),  # what lies on the border may keep too much
        ("event_ts < DATE '2016-09-30' AND (event_name = 'page')", 1),
        ("event_ts BETWEEN TIMESTAMP '2016-10-01 00:00:00' AND TIMESTAMP '2016-10-31 23:59:59'", 2),
        ("DATE '2016-11-01' <= event_ts", 2),
        ("event_name = 'page' OR user_id = 'ann'", 6),
        ("NOT event_name = 'page'", 6),
        ("lower(event_name) = 'page'", 6),
        ("date(event_ts) = DATE '2016-10-01'", 6),
        ("event_ts >= current_date - interval '30' day", 2),
        ("event_ts >= now() - interval '2' month", 4),
        ("event_ts >= date_add('month', -1, current_date)", 2),
        ("event_ts < localtimestamp - interval '10' week", 4),
        ("event_ts >= date_trunc('month', now())", 6),
        ("event_ts >= now() - n * interval '1' day", 6),
        ("event_ts >= TIMESTAMP '2016-11-01 00:00:00 Europe/Berlin'", 6),
        ("event_name = 7", 6),
        ("user_id = 'ann'", 6),
    ],
)
def test_only_conditions_that_surely_leave_partitions_out_do(where: str, files: int) -> None:
    assert files_read(where) == files


def test_a_condition_without_a_tables_name_counts_where_no_other_source_may_have_the_column() -> None:
    assert files_read("event_name = 'page'", "events e JOIN people p ON p.user_id = e.user_id") == 3
    assert files_read("event_name = 'page'", "events e CROSS JOIN UNNEST(ARRAY[1]) AS t (n)") == 3
    assert files_read("event_name = 'page'", "events e JOIN (SELECT 'page' AS event_name) x ON true") == 6
    assert files_read("x.event_name = 'page'", "events e JOIN (SELECT 'page' AS event_name) x ON true") == 6


@pytest.mark.parametrize(
    ("sql", "tables"),
    [
        ("SELECT 1", []),
        ("SELECT * FROM people a JOIN people b ON a.user_id = b.user_id", ["people", "people"]),
        ("WITH a AS (SELECT * FROM people) SELECT * FROM a UNION ALL SELECT * FROM a", ["people", "people"]),
        ("SELECT * FROM events WHERE user_id IN (SELECT user_id FROM people)", ["events", "people"]),
        ("WITH events AS (SELECT * FROM events) SELECT * FROM events", ["events"]),
        ("SELECT * FROM people p CROSS JOIN LATERAL (SELECT * FROM events e WHERE e.user_id = p.user_id) x", ["events", "people"]),
        ("SELECT * FROM people p, UNNEST((SELECT array_agg(user_id) FROM events)) AS t (u)", ["events", "people"]),
        (
            "SELECT CASE WHEN EXISTS (SELECT 1 FROM events) THEN 1 END FROM (people JOIN identities USING (user_id))",
            ["events", "identities", "people"],
        ),
        ("WITH a AS (WITH b AS (SELECT * FROM people) SELECT * FROM b) SELECT (SELECT count(*) FROM a) FROM a", ["people", "people"]),
        ("SELECT * FROM orders", ["events", "identities"]),
    ],
)
def test_each_reading_of_a_table_counts(sql: str, tables: list[str]) -> None:
    orders = "SELECT e.user_id FROM events e JOIN identities i ON i.id = e.user_id"
    assert sorted(scan.table for scan in read(sql, {"orders": orders})) == tables


def test_only_the_columns_that_a_text_names_are_expected_and_whole_files_are_the_bound() -> None:
    (named,), (every,) = read("SELECT user_id FROM events"), read("SELECT * FROM events")
    found = bound(named, [*FILES, LakeFile(300, about=True)])
    assert (found.expected, found.bytes) == (6 * (1000 - 750) + 300, 6 * 2000 + 300)
    assert (found.read, found.files) == (6, 6)
    assert bound(every, FILES).expected == 6000
    assert bound(read("SELECT count(*) FROM events")[0], FILES).expected == 6 * 150


def test_a_view_reads_what_its_own_text_names() -> None:
    (scan,) = read("SELECT * FROM orders", {"orders": "SELECT user_id FROM events WHERE event_name = 'page'"})
    assert bound(scan, FILES).expected == 3 * 250


def test_the_end_of_a_large_file_is_read_by_each_of_its_readers() -> None:
    assert bound(Scan("people", None), [LakeFile(2 * SPLIT + 1, columns={"user_id": 1})]).bytes == 2 * SPLIT + 1 + 3 * TAIL
    assert bound(Scan("results", None), [LakeFile(500)]).bytes == 500


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("SELECT * FROM people FOR TIMESTAMP AS OF TIMESTAMP '2026-11-21 00:00:00'", "people: it reads the table as it was before"),
        ('SELECT * FROM "events$partitions"', "events$partitions: it is no table of data"),
        ("WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 9) SELECT * FROM t", "the query: it is recursive"),
    ],
)
def test_what_nobody_can_say_is_said(sql: str, why: str) -> None:
    plan = bounded([(scan, None if scan.obstacle else bound(scan, FILES)) for scan in read(sql)], limit=10)
    assert (plan.bytes, plan.cost_usd, plan.expected_bytes) == (None, None, None)
    assert why in plan.unknown
