"""OPTIMIZE, VACUUM and the properties that they go by, on real Iceberg tables."""

import threading
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from regulars.domain.lake.tables import EVENTS, PartitionField, Table
from regulars.domain.lake.upkeep import Fragmented, fragmented_sql, optimize_sql

if TYPE_CHECKING:
    from tests.local.athena.conftest import Athena

DDL = """CREATE TABLE events (user_id string, event_name string, event_ts timestamp) PARTITIONED BY (month(event_ts), event_name)
LOCATION 's3://lake/{}/events/' TBLPROPERTIES ('table_type' = 'ICEBERG', 'format' = 'parquet', 'write_compression' = 'zstd')"""
OPTIMIZE = "OPTIMIZE events REWRITE DATA USING BIN_PACK"
JULY = "event_ts >= TIMESTAMP '2026-07-01 00:00:00' AND event_ts < TIMESTAMP '2026-08-01 00:00:00'"
ALL = "SELECT user_id, event_name, event_ts FROM events ORDER BY 1, 2, 3"


@pytest.fixture
def lake(athena: "Athena") -> "Athena":
    athena.run(DDL.format(athena.database))
    return athena


def add(lake: "Athena", *users: str, names: Sequence[str] = ("Viewed",), months: Sequence[int] = (7,)) -> None:
    """An INSERT for each user: a file in the partition of each name and month."""
    for user in users:
        rows = [f"('{user}', '{name}', TIMESTAMP '2026-{month:02d}-05 10:00:00')" for name in names for month in months]
        lake.run(f"INSERT INTO events VALUES {', '.join(rows)}")


FIVE = tuple(f"u{n}" for n in range(5))


def objects(lake: "Athena", part: str) -> list[str]:
    return [key for key in lake.keys(f"{lake.database}/events/") if part in key]


def files(lake: "Athena") -> dict[str, int]:
    """Live data files by month and name."""
    sql = 'SELECT partition.event_ts_month, partition.event_name, file_count FROM "events$partitions" ORDER BY 1, 2'
    return {f"{month} {name}": int(count or 0) for month, name, count in lake.rows(sql)}


def snapshots(lake: "Athena") -> list[str]:
    return [str(row[0]) for row in lake.rows('SELECT snapshot_id FROM "events$snapshots" ORDER BY committed_at')]


def later(monkeypatch: pytest.MonkeyPatch, **passed: float) -> None:
    """VACUUM believes that so much time has passed."""
    from local.athena import vacuum

    now = vacuum.moment()
    monkeypatch.setattr(vacuum, "moment", lambda: now + timedelta(**passed))


def between(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], Any]) -> None:
    """Something happens after OPTIMIZE has read and written its files, before it commits."""
    from local.athena import optimize

    written, once = optimize.written, threading.Event()

    def interrupted(*arguments: Any) -> Any:
        found = written(*arguments)
        if not once.is_set():
            once.set()
            happens()
        return found

    monkeypatch.setattr(optimize, "written", interrupted)


def test_the_small_files_of_a_partition_become_one_and_the_rows_stay(lake: "Athena") -> None:
    add(lake, *FIVE, months=(7, 8))
    before = lake.rows(ALL)
    assert sorted(lake.rows(fragmented_sql(EVENTS))) == [["678", "Viewed", "5"], ["679", "Viewed", "5"]]
    lake.run(OPTIMIZE)
    assert lake.rows(ALL) == before
    assert files(lake) == {"678 Viewed": 1, "679 Viewed": 1}
    assert lake.rows(fragmented_sql(EVENTS)) == []
    assert lake.value('SELECT operation FROM "events$snapshots" ORDER BY committed_at DESC LIMIT 1') == "replace"


def test_only_the_partitions_that_the_predicate_names_and_only_those_with_enough_files(lake: "Athena") -> None:
    add(lake, *FIVE[:4], names=("Viewed", "Bought", "Rare"), months=(7, 8))
    add(lake, FIVE[4], names=("Viewed", "Bought"), months=(7, 8))
    lake.run(f"{OPTIMIZE} WHERE {JULY} AND event_name IN ('Viewed', 'Rare')")
    assert files(lake) == {"678 Bought": 5, "678 Rare": 4, "678 Viewed": 1, "679 Bought": 5, "679 Rare": 4, "679 Viewed": 5}


def test_nothing_to_do_makes_no_snapshot_and_reads_no_data(lake: "Athena") -> None:
    lake.run(OPTIMIZE)
    add(lake, "ada")
    before = snapshots(lake)
    lake.run(OPTIMIZE)
    assert snapshots(lake) == before


def test_a_table_by_days_is_kept_by_the_same_statements(athena: "Athena") -> None:
    table = Table("known", {"id": "string", "seen_ts": "timestamp"}, iceberg=True, partitioned_by=(PartitionField("seen_ts", "day"),))
    place = f"LOCATION 's3://lake/{athena.database}/known/' TBLPROPERTIES ('table_type' = 'ICEBERG')"
    athena.run(f"CREATE TABLE known (id string, seen_ts timestamp) PARTITIONED BY (day(seen_ts)) {place}")
    for user in FIVE:
        athena.run(f"INSERT INTO known VALUES ('{user}', TIMESTAMP '2026-07-31 23:59:59.999'), ('{user}', TIMESTAMP '2026-08-01 00:00:00')")
    found = [Fragmented({"seen_ts": str(day)}, int(files or 0)) for day, files in athena.rows(fragmented_sql(table))]
    assert sorted(part.values["seen_ts"] for part in found) == ["2026-07-31", "2026-08-01"]
    for sql in optimize_sql(table, found):
        athena.run(sql)
    assert athena.rows(fragmented_sql(table)) == []
    assert athena.rows('SELECT record_count, file_count FROM "known$partitions"') == [["5", "1"], ["5", "1"]]


def test_a_table_without_partitions_is_one_partition(athena: "Athena") -> None:
    athena.run(f"CREATE TABLE people (id string) LOCATION 's3://lake/{athena.database}/people/' TBLPROPERTIES ('table_type' = 'ICEBERG')")
    assert athena.rows('SELECT record_count, file_count FROM "people$partitions"') == []
    for user in FIVE:
        athena.run(f"INSERT INTO people VALUES ('{user}')")
    athena.run("OPTIMIZE people REWRITE DATA USING BIN_PACK")
    assert athena.rows('SELECT record_count, file_count FROM "people$partitions"') == [["5", "1"]]


def test_columns_that_were_added_later_stay_null_in_rows_of_before(lake: "Athena") -> None:
    add(lake, *FIVE[:4])
    lake.run("ALTER TABLE events ADD COLUMNS (channel string)")
    lake.run("INSERT INTO events VALUES ('u4', 'Viewed', TIMESTAMP '2026-07-05 10:00:00', 'push')")
    lake.run(OPTIMIZE)
    assert lake.rows("SELECT user_id, channel FROM events ORDER BY 1") == [*([f"u{n}", None] for n in range(4)), ["u4", "push"]]


@pytest.mark.parametrize(
    "predicate",
    [
        "user_id = 'ada'",
        "event_ts > TIMESTAMP '2026-07-01 00:00:00'",
        "event_ts >= TIMESTAMP '2026-07-02 00:00:00'",
        "event_ts >= TIMESTAMP '2026-07-01 00:00:01'",
        "month(event_ts) = 7",
        f"({JULY}) OR event_name = 'Viewed'",
        "event_name LIKE 'V%'",
        "event_name IN (SELECT event_name FROM events)",
    ],
)
def test_a_predicate_that_says_more_than_which_partitions_fails(predicate: str, lake: "Athena") -> None:
    assert "Unexpected FilterNode" in lake.fails(f"{OPTIMIZE} WHERE {predicate}")


def test_a_statement_does_a_hundred_partitions_and_says_that_there_are_more(lake: "Athena", monkeypatch: pytest.MonkeyPatch) -> None:
    from local.athena import optimize

    monkeypatch.setattr(optimize, "MAX_PARTITIONS", 2)
    add(lake, *FIVE, names="abc")
    assert "ICEBERG_OPTIMIZE_MORE_RUNS_NEEDED" in lake.fails(OPTIMIZE)
    assert sorted(files(lake).values()) == [1, 1, 5]
    lake.run(OPTIMIZE)
    assert set(files(lake).values()) == {1}


def test_rows_that_are_inserted_while_it_works_are_there_afterwards(lake: "Athena", monkeypatch: pytest.MonkeyPatch) -> None:
    add(lake, *FIVE)
    between(monkeypatch, lambda: add(lake, "late"))
    lake.run(OPTIMIZE)
    assert [row[0] for row in lake.rows(ALL)] == ["late", *FIVE]
    assert files(lake) == {"678 Viewed": 2}


def test_a_change_of_its_files_while_it_works_stands_and_optimize_fails_and_leaves_nothing(lake: "Athena", monkeypatch: pytest.MonkeyPatch) -> None:
    add(lake, *FIVE)
    between(monkeypatch, lambda: lake.run("DELETE FROM events WHERE user_id = 'u3'"))
    data = len(objects(lake, "/data/"))
    assert lake.fails(OPTIMIZE).startswith("ICEBERG_COMMIT_ERROR")
    assert [row[0] for row in lake.rows(ALL)] == ["u0", "u1", "u2", "u4"]
    assert len(objects(lake, "/data/")) == data
    lake.run("INSERT INTO events SELECT 'u5', event_name, event_ts FROM events WHERE user_id = 'u0'")
    lake.run(OPTIMIZE)
    assert [row[0] for row in lake.rows(ALL)] == ["u0", "u1", "u2", "u4", "u5"]


def test_what_is_deleted_and_expired_is_in_no_object_any_more(lake: "Athena", monkeypatch: pytest.MonkeyPatch) -> None:
    add(lake, *(f"person-{n}" for n in range(5)))
    lake.run("DELETE FROM events WHERE user_id = 'person-3'")
    lake.run(OPTIMIZE)
    later(monkeypatch, days=6)
    lake.run("VACUUM events")
    everything = b"".join(lake.s3.get_object(Bucket="lake", Key=key)["Body"].read() for key in objects(lake, ""))
    assert b"person-2" in everything and b"person-3" not in everything
    assert [row[0] for row in lake.rows(ALL)] == [f"person-{n}" for n in (0, 1, 2, 4)]


def test_an_expired_snapshot_cannot_be_read_and_the_newest_can(lake: "Athena", monkeypatch: pytest.MonkeyPatch) -> None:
    add(lake, "ada", "bob")
    old, new = snapshots(lake)
    later(monkeypatch, days=4)
    lake.run("VACUUM events")
    assert lake.value(f"SELECT count(*) FROM events FOR VERSION AS OF {old}") == "1"
    later(monkeypatch, days=2)
    lake.run("VACUUM events")
    assert lake.fails(f"SELECT count(*) FROM events FOR VERSION AS OF {old}") == f"INVALID_ARGUMENTS: Iceberg snapshot ID does not exists: {old}"
    assert lake.value(f"SELECT count(*) FROM events FOR VERSION AS OF {new}") == "2"
    assert len(objects(lake, "snap-")) == 1


def test_the_properties_say_how_old_and_how_many(lake: "Athena", monkeypatch: pytest.MonkeyPatch) -> None:
    add(lake, *FIVE)
    age, least, metadata = (
        "'vacuum_max_snapshot_age_seconds' = '3600'",
        "'vacuum_min_snapshots_to_keep' = '3'",
        "'vacuum_max_metadata_files_to_keep' = '2'",
    )
    lake.run(f"ALTER TABLE events SET TBLPROPERTIES ({age}, {least}, {metadata})")
    later(monkeypatch, hours=2)
    lake.run("VACUUM events")
    assert len(snapshots(lake)) == 3
    assert len(objects(lake, ".metadata.json")) == 3
    assert len(lake.rows(ALL)) == 5


def test_metadata_does_not_grow_with_every_commit(lake: "Athena", monkeypatch: pytest.MonkeyPatch) -> None:
    lake.run("ALTER TABLE events SET TBLPROPERTIES ('vacuum_max_metadata_files_to_keep' = '1')")
    objects_after = []
    for _ in range(3):
        add(lake, *FIVE)
        lake.run(OPTIMIZE)
        later(monkeypatch, days=6)
        lake.run("VACUUM events")
        assert len(snapshots(lake)) == 1
        objects_after.append(len(objects(lake, "")))
    assert len(set(objects_after)) == 1


def test_a_young_file_that_belongs_to_nothing_may_be_somebodys_and_an_old_one_goes(lake: "Athena", monkeypatch: pytest.MonkeyPatch) -> None:
    add(lake, "ada")
    lake.put(f"{lake.database}/events/data/orphan.parquet", b"half written")
    lake.run("VACUUM events")
    assert objects(lake, "orphan")
    later(monkeypatch, days=6)
    lake.run("VACUUM events")
    assert not objects(lake, "orphan") and len(lake.rows(ALL)) == 1


def test_a_vacuum_removes_so_many_files_and_says_that_there_are_more(lake: "Athena", monkeypatch: pytest.MonkeyPatch) -> None:
    from local.athena import vacuum

    add(lake, *FIVE)
    lake.run(OPTIMIZE)
    later(monkeypatch, days=6)
    monkeypatch.setattr(vacuum, "MAX_FILES", 6)
    assert "ICEBERG_VACUUM_MORE_RUNS_NEEDED: Removed 6 files" in lake.fails("VACUUM events")
    while lake.end(lake.start("VACUUM events"))["Status"]["State"] != "SUCCEEDED":
        pass
    assert len(objects(lake, "/data/")) == 1 and len(lake.rows(ALL)) == 5


def test_two_at_once_do_no_harm(lake: "Athena", monkeypatch: pytest.MonkeyPatch) -> None:
    add(lake, *FIVE)
    later(monkeypatch, days=6)
    queries = [lake.start(sql) for sql in ("VACUUM events", OPTIMIZE, "VACUUM events", OPTIMIZE)]
    reasons = [lake.end(query)["Status"].get("StateChangeReason", "") for query in queries]
    assert all(not reason or reason.startswith("ICEBERG_COMMIT_ERROR") for reason in reasons)
    assert len(lake.rows(ALL)) == 5


@pytest.mark.parametrize("sql", ["OPTIMIZE raw REWRITE DATA USING BIN_PACK", "VACUUM raw"])
def test_only_iceberg_tables_are_kept(sql: str, lake: "Athena") -> None:
    lake.run(f"CREATE EXTERNAL TABLE raw (a string) ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' LOCATION 's3://lake/{lake.database}/raw/'")
    assert "only for Apache Iceberg tables" in lake.fails(sql)
    assert lake.fails(sql.replace("raw", "nowhere")).startswith("TABLE_NOT_FOUND")


def test_a_table_at_the_root_of_a_bucket_cannot_be_vacuumed(lake: "Athena") -> None:
    lake.s3.create_bucket(Bucket="root")
    lake.run("CREATE TABLE top (a string) LOCATION 's3://root/' TBLPROPERTIES ('table_type' = 'ICEBERG')")
    assert lake.fails("VACUUM top").startswith("GENERIC_INTERNAL_ERROR: Path missing in file system location: s3://root")


@pytest.mark.parametrize("sql", ["OPTIMIZE events", "OPTIMIZE events REWRITE DATA", "VACUUM", "VACUUM events FULL"])
def test_other_words_are_no_statement(sql: str, lake: "Athena") -> None:
    with pytest.raises(lake.client.exceptions.InvalidRequestException):
        lake.start(sql)


@pytest.mark.parametrize(
    ("property_", "reason"),
    [
        ("'write.metadata.delete-after-commit.enabled' = 'true'", "Unsupported table property key"),
        ("'optimize_rewrite_min_data_file_size_bytes' = '1'", "Unsupported table property key"),
        ("'vacuum_max_snapshot_age_seconds' = 'a day'", "a whole number"),
        ("'optimize_rewrite_data_file_threshold' = '50'", "from 1 to 49"),
    ],
)
def test_a_property_that_athena_does_not_take_is_refused_wherever_it_stands(property_: str, reason: str, lake: "Athena") -> None:
    assert reason in lake.fails(f"ALTER TABLE events SET TBLPROPERTIES ({property_})")
    made = f"CREATE TABLE other (a string) LOCATION 's3://lake/{lake.database}/other/' TBLPROPERTIES ('table_type' = 'ICEBERG', {property_})"
    assert reason in lake.fails(made)
