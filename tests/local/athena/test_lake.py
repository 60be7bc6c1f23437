"""The lake's own tables: the files of infra/migrations, and the statements that the flow sends."""

import gzip
import json
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from regulars.adapters.glue_tables import GlueTables
from regulars.domain.campaigns.audience import audience_tables, statements
from regulars.domain.campaigns.run import Run
from regulars.domain.definitions import Definition
from regulars.domain.errors import NotFoundError
from regulars.domain.lake.migration_files import migrations
from regulars.domain.lake.tables import TABLES
from regulars.usecases.pin_snapshots import pin_snapshots
from tests.local.athena.kept import KeptLake, keep

if TYPE_CHECKING:
    from tests.local.athena.conftest import Athena

SCHEMA = Path(__file__).parents[3] / "infra" / "migrations"
STATEMENTS = [
    statement for migration in migrations({path.name: path.read_text() for path in SCHEMA.glob("*.sql")}) for statement in migration.statements
]
DEFINITIONS = [statement.text for statement in STATEMENTS if statement.adds is None and statement.text.startswith("CREATE ")]
VIEWS = [text for text in DEFINITIONS if text.startswith("CREATE OR REPLACE VIEW ")]
COLUMNS = "message_id, user_id, type, event_name, event_ts, received_ts, properties"
CURATE = f"""
INSERT INTO events ({COLUMNS}, curated_ts)
SELECT {COLUMNS}, CAST('2026-11-21 12:00:00.000000' AS TIMESTAMP(6))
FROM (SELECT {COLUMNS}, row_number() OVER (PARTITION BY message_id ORDER BY received_ts) AS copy FROM raw_events WHERE dt >= '2026-11-20') r
WHERE r.copy = 1 AND NOT EXISTS (SELECT 1 FROM events e WHERE e.message_id = r.message_id)
"""
PEOPLE = """
MERGE INTO people p
USING (SELECT user_id, min(event_ts) AS first_ts, max(event_ts) AS last_ts FROM events WHERE user_id IS NOT NULL GROUP BY user_id) s
ON p.user_id = s.user_id
WHEN MATCHED AND p.last_seen_ts <> s.last_ts THEN UPDATE SET last_seen_ts = s.last_ts
WHEN NOT MATCHED THEN INSERT (user_id, first_seen_ts, last_seen_ts) VALUES (s.user_id, s.first_ts, s.last_ts)
"""


_made: list[KeptLake] = []
"""The tables as the first test made them: all others get a copy."""


@pytest.fixture
def lake(athena: "Athena") -> "Athena":
    """The tables of infra/migrations in a prefix of the bucket; to make its views takes longer than all of them."""
    folder = f"{athena.database}/"
    if _made:
        _made[0].put("lake", athena.database, folder)
        return athena
    for statement in STATEMENTS:
        if statement.text not in VIEWS:
            athena.run(statement.text.replace("${LakeBucket}", f"lake/{athena.database}"))
    _made.append(keep("lake", athena.database, folder))
    return athena


@pytest.fixture
def raw(lake: "Athena") -> Callable[..., None]:
    """Writes raw events: dictionaries over what every event has."""

    def write(*events: dict[str, Any], dt: str = "2026-11-21", hh: str = "09") -> None:
        rows = [
            {"type": "track", "event_name": "Viewed", "event_ts": "2026-11-21 09:00:00.123456", "received_ts": "2026-11-21 09:00:01.000000"} | event
            for event in events
        ]
        body = gzip.compress("".join(json.dumps(row) + "\n" for row in rows).encode())
        lake.put(f"{lake.database}/raw/events/dt={dt}/hh={hh}/{len(lake.keys(lake.database))}.json.gz", body)

    return write


def test_the_definitions_apply_twice_and_say_what_they_are(lake: "Athena") -> None:
    for text in [*DEFINITIONS, *VIEWS]:
        lake.run(text.replace("${LakeBucket}", f"lake/{lake.database}"))
    shown = lake.client.get_query_results(QueryExecutionId=lake.run("SHOW TABLES")["QueryExecutionId"])
    tables = [row["Data"][0]["VarCharValue"] for row in shown["ResultSet"]["Rows"]]
    views = [text.split()[4] for text in VIEWS]
    assert tables == sorted([*(table.name for table in TABLES), *views])
    raw_events = lake.glue.get_table(DatabaseName=lake.database, Name="raw_events")["Table"]
    assert [key["Name"] for key in raw_events["PartitionKeys"]] == ["dt", "hh"]
    assert raw_events["Parameters"]["projection.hh.digits"] == "2"
    assert lake.glue.get_table(DatabaseName=lake.database, Name="events")["Table"]["Parameters"]["table_type"] == "ICEBERG"


def test_curate_inserts_each_message_once_however_often_it_runs(lake: "Athena", raw: Callable[..., None]) -> None:
    raw(
        {"message_id": "m1", "user_id": "u1", "properties": '{"revenue": 9.5}'},
        {"message_id": "m2", "user_id": "u2"},
        {"message_id": "m1", "user_id": "u1"},
    )
    lake.run(CURATE)
    files = lake.keys(f"{lake.database}/lake/events/data/")
    lake.run(CURATE)
    assert lake.rows("SELECT message_id, user_id, properties FROM events ORDER BY 1") == [["m1", "u1", '{"revenue": 9.5}'], ["m2", "u2", None]]
    assert lake.keys(f"{lake.database}/lake/events/data/") == files


def test_a_hive_timestamp_has_milliseconds_and_a_column_that_no_row_has_is_null(lake: "Athena", raw: Callable[..., None]) -> None:
    raw({"message_id": "m1", "event_ts": "2026-11-21 09:00:00.123956"})
    assert lake.rows("SELECT event_ts, traits, dt, hh FROM raw_events") == [["2026-11-21 09:00:00.124000", None, "2026-11-21", "09"]]


def test_a_name_with_a_space_keeps_its_value_in_spite_of_the_partition_path(lake: "Athena", raw: Callable[..., None]) -> None:
    raw({"message_id": "m1", "event_name": "Order Completed"})
    lake.run(CURATE)
    assert any("event_name=Order+Completed" in key for key in lake.keys(f"{lake.database}/lake/events/data/"))
    assert lake.value("SELECT count(*) FROM events WHERE event_name = 'Order Completed'") == "1"


def test_merge_updates_and_inserts_people_and_writes_nothing_when_nothing_changed(lake: "Athena", raw: Callable[..., None]) -> None:
    raw({"message_id": "m1", "user_id": "u1"}, {"message_id": "m2", "user_id": "u2"})
    lake.run(CURATE)
    lake.run(PEOPLE)
    before = lake.keys(f"{lake.database}/lake/people/")
    lake.run(PEOPLE)
    assert lake.keys(f"{lake.database}/lake/people/") == before
    raw({"message_id": "m3", "user_id": "u2", "event_ts": "2026-11-21 10:00:00.000000"}, {"message_id": "m4", "user_id": "u3"})
    lake.run(CURATE)
    lake.run(PEOPLE)
    seen = lake.rows("SELECT user_id, first_seen_ts, last_seen_ts FROM people ORDER BY 1")
    assert seen == [
        ["u1", "2026-11-21 09:00:00.123000", "2026-11-21 09:00:00.123000"],
        ["u2", "2026-11-21 09:00:00.123000", "2026-11-21 10:00:00.000000"],
        ["u3", "2026-11-21 09:00:00.123000", "2026-11-21 09:00:00.123000"],
    ]


def test_merge_refuses_two_source_rows_for_one_target_row(lake: "Athena") -> None:
    lake.run("INSERT INTO people (user_id) VALUES ('u1')")
    twice = "(SELECT * FROM (VALUES ('u1', '1'), ('u1', '2')) AS v(u, t))"
    merge = f"MERGE INTO people p USING {twice} s ON p.user_id = s.u WHEN MATCHED THEN UPDATE SET traits = s.t"
    assert lake.fails(merge).startswith("MERGE_TARGET_ROW_MULTIPLE_MATCHES")


def test_merge_can_delete_and_insert_without_naming_columns(lake: "Athena") -> None:
    lake.run("INSERT INTO devices (device_id, user_id) VALUES ('d1', 'u1'), ('d2', 'u2')")
    lake.run("""MERGE INTO devices d USING (SELECT * FROM (VALUES ('d1'), ('d3')) AS v(id)) s ON d.device_id = s.id
        WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT
        VALUES (s.id, 'new', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)""")
    assert lake.rows("SELECT device_id, user_id FROM devices ORDER BY 1") == [["d2", "u2"], ["d3", "new"]]


def test_delete_rewrites_only_the_files_that_hold_a_victim(lake: "Athena", raw: Callable[..., None]) -> None:
    raw(*({"message_id": f"m{i}", "user_id": f"u{i}", "event_name": "A" if i < 5 else "B"} for i in range(10)))
    lake.run(CURATE)
    before = set(lake.keys(f"{lake.database}/lake/events/data/"))
    lake.run("DELETE FROM events WHERE user_id IN (SELECT 'u1')")
    added = set(lake.keys(f"{lake.database}/lake/events/data/")) - before
    assert len(added) == 1
    assert "event_name=A" in added.pop()
    assert lake.value("SELECT count(*) FROM events") == "9"
    assert lake.value("SELECT count(*) FROM events WHERE user_id = 'u1'") == "0"


def test_update_changes_the_rows_that_meet_the_condition(lake: "Athena") -> None:
    lake.run("INSERT INTO people (user_id, traits) VALUES ('u1', '{}'), ('u2', NULL)")
    lake.run("UPDATE people SET traits = concat(user_id, '!') WHERE traits IS NULL")
    assert lake.rows("SELECT user_id, traits FROM people ORDER BY 1") == [["u1", "{}"], ["u2", "u2!"]]


def test_rows_of_a_hive_table_cannot_be_changed(lake: "Athena") -> None:
    assert lake.fails("DELETE FROM raw_events WHERE dt = '2026-11-21'").startswith("NOT_SUPPORTED")


def test_insert_maps_columns_by_name_and_refuses_what_does_not_fit(lake: "Athena") -> None:
    lake.run("INSERT INTO assignments (bucket, user_id, run_id) SELECT 7, 'u1', 'r1'")
    assert lake.rows("SELECT run_id, user_id, bucket, arm FROM assignments") == [["r1", "u1", "7", None]]
    assert lake.fails("INSERT INTO assignments (bucket) SELECT 'seven'").startswith("TYPE_MISMATCH")
    assert lake.fails("INSERT INTO assignments (bucket, user_id) SELECT 1").startswith("TYPE_MISMATCH")
    assert lake.fails("INSERT INTO assignments (nope) SELECT 1").startswith("COLUMN_NOT_FOUND")


def test_a_statement_that_opens_more_than_a_hundred_partitions_commits_nothing(lake: "Athena", raw: Callable[..., None]) -> None:
    raw(*({"message_id": f"m{i}", "event_name": f"name {i}"} for i in range(101)))
    assert lake.fails(CURATE).startswith("ICEBERG_TOO_MANY_OPEN_PARTITIONS")
    assert lake.value("SELECT count(*) FROM events") == "0"
    assert lake.keys(f"{lake.database}/lake/events/data/") == []
    lake.run(CURATE.replace("WHERE r.copy", "WHERE r.message_id <> 'm0' AND r.copy"))
    assert lake.value("SELECT count(*) FROM events") == "100"


def test_a_partition_whose_path_s3_would_refuse_fails_the_statement_for_all_of_its_rows(lake: "Athena", raw: Callable[..., None]) -> None:
    raw({"message_id": "m1", "event_name": "あ" * 120}, {"message_id": "m2"})
    assert "KeyTooLongError" in lake.fails(CURATE)
    assert lake.value("SELECT count(*) FROM events") == "0"


def test_partitions_are_pruned_by_any_condition_on_their_columns_and_ranges_hide_the_rest(lake: "Athena", raw: Callable[..., None]) -> None:
    raw({"message_id": "m" * 5000}, dt="2026-11-20", hh="08")
    raw({"message_id": "m2"}, dt="2026-11-21", hh="09")
    raw({"message_id": "m3"}, dt="2025-12-31", hh="09")
    raw({"message_id": "m4"}, dt="2026-11-21", hh="9")
    everything = lake.run("SELECT message_id FROM raw_events")
    assert len(lake.rows("SELECT message_id FROM raw_events")) == 2
    for condition in ("dt = '2026-11-21'", "dt >= '2026-11-21' AND hh < '10'", "concat(dt, 'T', hh) > '2026-11-20T08'", "dt IN ('2026-11-21')"):
        query = lake.run(f"SELECT message_id FROM raw_events WHERE {condition}")
        assert query["Statistics"]["DataScannedInBytes"] < everything["Statistics"]["DataScannedInBytes"]
        assert lake.rows(f"SELECT message_id FROM raw_events WHERE {condition}") == [["m2"]]


def test_a_projected_interval_hides_what_lies_between_its_steps(lake: "Athena", raw: Callable[..., None]) -> None:
    raw({"message_id": "m1"}, hh="09/mm=05")
    raw({"message_id": "m2" * 5000}, hh="09/mm=10")
    raw({"message_id": "m3"}, hh="09/mm=07")
    raw({"message_id": "m4"}, hh="09")
    assert lake.rows("SELECT message_id FROM raw_events_by_minute WHERE mm IN ('05', '07')") == [["m1"]]
    read = [lake.run(f"SELECT message_id FROM raw_events_by_minute WHERE mm IN ({mm})") for mm in ("'05'", "'05', '10'")]
    assert read[0]["Statistics"]["DataScannedInBytes"] < read[1]["Statistics"]["DataScannedInBytes"]
    assert len(lake.rows("SELECT message_id FROM raw_events WHERE hh = '09'")) == 4, "a folder is read with all that is under it"


def test_an_injected_partition_needs_an_equality(lake: "Athena") -> None:
    for run in ("r1", "r2"):
        body = gzip.compress(json.dumps({"user_id": run, "outcome": "sent", "delivered_ts": "2026-11-21 09:00:00.000000"}).encode())
        lake.put(f"{lake.database}/raw/deliveries/run_id={run}/0.json.gz", body)
    assert lake.rows("SELECT run_id, user_id FROM raw_deliveries WHERE run_id = 'r1'") == [["r1", "r1"]]
    assert lake.value("SELECT count(*) FROM raw_deliveries d WHERE d.run_id IN ('r1', 'r2')") == "2"
    assert lake.fails("SELECT * FROM raw_deliveries").startswith("CONSTRAINT_VIOLATION")
    assert lake.fails("SELECT * FROM raw_deliveries WHERE run_id >= 'r1'").startswith("CONSTRAINT_VIOLATION")


def test_a_gzipped_object_counts_its_own_bytes_and_a_new_one_in_its_place_is_read_anew(lake: "Athena") -> None:
    key = f"{lake.database}/raw/events/dt=2026-11-21/hh=09/0.json.gz"
    sql = "SELECT message_id FROM raw_events WHERE dt = '2026-11-21' ORDER BY 1"
    for identity in ("first", "second"):
        lines = [json.dumps({"message_id": f"{identity}{number:06}"}).encode() for number in range(5000)]
        body = gzip.compress(b"\n".join(lines[:2500]) + b"\n") + gzip.compress(b"\n".join(lines[2500:]))  # two members are one stream
        lake.put(key, body)
        for _ in range(2):
            query = lake.run(sql)
            assert query["Statistics"]["DataScannedInBytes"] == len(body)
        rows = lake.rows(sql)
        assert (len(rows), rows[0], rows[-1]) == (5000, [f"{identity}000000"], [f"{identity}004999"])


def test_an_object_that_is_not_gzipped_although_it_says_so_fails_the_query(lake: "Athena") -> None:
    whole = gzip.compress(json.dumps({"message_id": "m1", "properties": "x" * 1000}).encode())
    for broken in (b'{"message_id": "m1"}\n', whole[:-12]):
        lake.put(f"{lake.database}/raw/events/dt=2026-11-21/hh=09/bad.json.gz", broken)
        assert lake.fails("SELECT message_id FROM raw_events WHERE dt = '2026-11-21'").startswith("HIVE_BAD_DATA")


def test_a_malformed_line_fails_the_query(lake: "Athena") -> None:
    lake.put(f"{lake.database}/raw/events/dt=2026-11-21/hh=09/bad.json.gz", gzip.compress(b'{"message_id": "m1"}\n{"message_id"\n'))
    assert lake.fails("SELECT message_id FROM raw_events WHERE dt = '2026-11-21'").startswith(("HIVE_BAD_DATA", "GENERIC_USER_ERROR"))


def test_a_condition_on_a_partition_reads_fewer_bytes_of_an_iceberg_table(lake: "Athena", raw: Callable[..., None]) -> None:
    raw(*({"message_id": f"m{i}", "user_id": f"u{i}", "event_name": "A", "properties": f"{i}" * 50} for i in range(500)))
    raw(*({"message_id": f"n{i}", "user_id": f"u{i}", "event_name": "B", "event_ts": "2026-10-01 00:00:00.000000"} for i in range(500)))
    lake.run(CURATE)

    def scanned(sql: str) -> int:
        return int(lake.run(sql)["Statistics"]["DataScannedInBytes"])

    whole = scanned("SELECT count(user_id) FROM events")
    assert scanned("SELECT count(user_id) FROM events WHERE event_name = 'B'") < whole
    assert (
        scanned("SELECT count(e.user_id) FROM events e JOIN people p ON p.user_id = e.user_id WHERE e.event_ts < TIMESTAMP '2026-11-01 00:00:00'")
        < whole
    )
    assert scanned("SELECT count(user_id), max(properties) FROM events") > whole
    assert lake.value("SELECT count(*) FROM events WHERE event_ts >= TIMESTAMP '2026-11-01 00:00:00' AND event_name IN ('A', 'B')") == "500"


def test_time_travel_by_snapshot_and_by_moment(lake: "Athena") -> None:
    lake.run("INSERT INTO people (user_id) VALUES ('u1')")
    metadata_key = lake.glue.get_table(DatabaseName=lake.database, Name="people")["Table"]["Parameters"]["metadata_location"].removeprefix(
        "s3://lake/"
    )
    metadata = json.loads(lake.s3.get_object(Bucket="lake", Key=metadata_key)["Body"].read())
    lake.run("INSERT INTO people (user_id) VALUES ('u2')")
    assert lake.value(f"SELECT count(*) FROM people FOR VERSION AS OF {metadata['current-snapshot-id']}") == "1"
    assert lake.value("SELECT count(*) FROM people FOR TIMESTAMP AS OF TIMESTAMP '2100-01-01 00:00:00 UTC'") == "2"
    assert lake.fails("SELECT count(*) FROM people FOR TIMESTAMP AS OF TIMESTAMP '2000-01-01 00:00:00 UTC'").startswith("INVALID_ARGUMENTS")


def test_snapshots_are_a_table_of_their_own(lake: "Athena") -> None:
    assert lake.rows('SELECT snapshot_id FROM "people$snapshots"') == []
    lake.run("INSERT INTO people (user_id) VALUES ('u1')")
    lake.run("UPDATE people SET traits = '{}' WHERE user_id = 'u1'")
    done = lake.client.get_query_results(QueryExecutionId=lake.run('SELECT * FROM "people$snapshots" ORDER BY committed_at')["QueryExecutionId"])
    described = [(column["Name"], column["Type"]) for column in done["ResultSet"]["ResultSetMetadata"]["ColumnInfo"]]
    assert described == [
        ("committed_at", "timestamp with time zone"),
        ("snapshot_id", "bigint"),
        ("parent_id", "bigint"),
        ("operation", "varchar"),
        ("manifest_list", "varchar"),
        ("summary", "map"),
    ]
    first, second = lake.rows(f'SELECT * FROM {lake.database}."people$snapshots" AS s ORDER BY s.committed_at')
    assert (first[2], second[2]) == (None, first[1])
    assert (first[3], second[3]) == ("append", "overwrite")
    assert first[0].endswith(" UTC") and first[0] < second[0]
    assert first[4].startswith("s3://lake/") and first[4].endswith(".avro")
    assert "total-records=1" in first[5]
    assert lake.value("SELECT element_at(summary, 'added-records') FROM \"people$snapshots\" WHERE parent_id IS NULL") == "1"


ORDER = (
    "INSERT INTO events (message_id, user_id, type, event_name, event_ts) VALUES ('{0}', '{0}', 'track', 'Order', TIMESTAMP '2026-01-01 00:00:00')"
)
SEEN = "INSERT INTO people (user_id, first_seen_ts) VALUES ('{0}', TIMESTAMP '2026-01-01 00:00:00')"
BECAME = """INSERT INTO identities (kind, id, user_id, since_ts) VALUES ('user', '{0}', '{1}', TIMESTAMP '2026-01-01 00:00:00')"""


@pytest.mark.parametrize("rule", [{"event": "Order"}, {"everyone": True}, {"not": {"event": "Order", "within": "1d"}}])
def test_a_run_shows_the_same_audience_after_events_came_late_and_people_became_others(lake: "Athena", rule: dict[str, Any]) -> None:
    moment = datetime(2026, 2, 1, tzinfo=UTC)
    document = {"id": "spring", "audience": {"include": ["all"]}, "message": {"push": {"body": "x"}}}
    campaign = Definition("campaign", "spring", 1, document, moment, "tests")
    segments = {"all": Definition("segment", "all", 1, {"id": "all", "name": "All", "rule": rule}, moment, "tests")}
    run = Run("pinned", campaign, segments, moment, moment, moment, "tests")
    for statement in (ORDER, SEEN):
        lake.run(statement.format("early"))
    snapshots = pin_snapshots(audience_tables(run), at=datetime.now(UTC), catalog=GlueTables(lake.database))
    for statement in (ORDER, SEEN):
        lake.run(statement.format("late"))
    lake.run(BECAME.format("early", "late"))
    for run_id, read in {"pinned": snapshots, "newest": {}}.items():
        lake.run(statements(replace(run, run_id=run_id), "lake", snapshots=read).assign)
    assert lake.rows("SELECT user_id FROM assignments WHERE run_id = 'pinned'") == [["early"]]
    assert lake.rows("SELECT user_id FROM assignments WHERE run_id = 'newest' ORDER BY 1") == [["late"]]


def test_the_catalog_knows_the_snapshots_of_a_table_by_their_moment(lake: "Athena") -> None:
    catalog = GlueTables(lake.database)
    assert catalog.snapshots("people") == []
    for person in ("u1", "u2"):
        lake.run(f"INSERT INTO people (user_id) VALUES ('{person}')")
    found = lake.rows('SELECT snapshot_id FROM "people$snapshots" ORDER BY committed_at')
    first, second = catalog.snapshots("people")
    assert [[first.id], [second.id]] == found
    assert first.committed_at < second.committed_at <= datetime.now(UTC)
    for nothing in ("nowhere", "raw_events"):
        with pytest.raises(NotFoundError, match=f"no Iceberg table {nothing}"):
            catalog.snapshots(nothing)


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ('"people$files"', "EMULATOR_UNSUPPORTED: the metadata table $files"),
        ('"raw_events$snapshots"', "TABLE_NOT_FOUND"),
        ('"nowhere$snapshots"', "TABLE_NOT_FOUND"),
        ('"people$snapshots" FOR VERSION AS OF 1', "EMULATOR_UNSUPPORTED: time travel"),
    ],
)
def test_other_metadata_is_refused(lake: "Athena", table: str, told: str) -> None:
    assert told in lake.fails(f"SELECT count(*) FROM {table}")


def test_an_added_column_is_null_in_old_rows(lake: "Athena") -> None:
    lake.run("INSERT INTO people (user_id) VALUES ('u1')")
    lake.run("ALTER TABLE people ADD COLUMNS (score double)")
    lake.run("INSERT INTO people (user_id, score) VALUES ('u2', 1.5e0)")
    assert lake.rows("SELECT user_id, score FROM people ORDER BY 1") == [["u1", None], ["u2", "1.5"]]


def test_create_table_as_makes_an_iceberg_table_and_drop_forgets_it(lake: "Athena") -> None:
    lake.run(f"""CREATE TABLE copy WITH (table_type = 'ICEBERG', is_external = false, location = 's3://lake/{lake.database}/copy/',
        partitioning = ARRAY['month(seen)']) AS SELECT 'u1' AS user_id, TIMESTAMP '2026-11-21 00:00:00' AS seen, count(*) AS n FROM people""")
    assert lake.rows("SELECT user_id, seen, n FROM copy") == [["u1", "2026-11-21 00:00:00.000000", "0"]]
    lake.run("DROP TABLE copy")
    assert lake.fails("SELECT * FROM copy").startswith("TABLE_NOT_FOUND")
    assert lake.fails("DROP TABLE copy").startswith("TABLE_NOT_FOUND")
    lake.run("DROP TABLE IF EXISTS copy")


def test_unload_writes_json_lines_in_shards_without_nulls_and_lists_them(lake: "Athena") -> None:
    digits = "WITH d AS (SELECT * FROM (VALUES 0, 1, 2, 3, 4, 5, 6, 7, 8, 9) AS v(n))"
    number = "w.n * 1000 + x.n * 100 + y.n * 10 + z.n"
    numbers = f"{digits} SELECT {number} AS n, CAST(NULL AS varchar) AS nothing, 'é' AS t FROM d w, d x, d y, d z"
    location = f"s3://lake/{lake.database}/runs/r1/"
    query = lake.run(f"UNLOAD ({numbers}) TO '{location}' WITH (format = 'JSON', compression = 'GZIP')")
    manifest = query["Statistics"]["DataManifestLocation"]
    urls = lake.s3.get_object(Bucket="lake", Key=manifest.removeprefix("s3://lake/"))["Body"].read().decode().splitlines()
    shards = [gzip.decompress(lake.s3.get_object(Bucket="lake", Key=url.removeprefix("s3://lake/"))["Body"].read()).splitlines() for url in urls]
    assert manifest == f"s3://lake/results/{query['QueryExecutionId']}-manifest.csv"
    assert sorted(json.loads(line)["n"] for shard in shards for line in shard) == list(range(10_000))
    assert json.loads(shards[0][0]).keys() == {"n", "t"}
    assert all(url.startswith(location) and url.endswith(".gz") for url in urls)
    assert lake.fails(f"UNLOAD (SELECT 1 AS a) TO '{location}' WITH (format = 'JSON')").startswith("HIVE_PATH_ALREADY_EXISTS")


def unloaded(lake: "Athena", select: str, options: str) -> dict[str, list[dict[str, Any]]]:
    """The rows of each file by its name below the folder of the query."""
    folder = f"{lake.database}/unloaded/{uuid.uuid4()}/"
    query = lake.run(f"UNLOAD ({select}) TO 's3://lake/{folder}' WITH (format = 'JSON'{options})")
    manifest = query["Statistics"]["DataManifestLocation"].removeprefix("s3://lake/")
    keys = [url.removeprefix("s3://lake/") for url in lake.s3.get_object(Bucket="lake", Key=manifest)["Body"].read().decode().splitlines()]
    files = {key.removeprefix(folder): lake.s3.get_object(Bucket="lake", Key=key)["Body"].read() for key in keys}
    return {name: [json.loads(line) for line in gzip.decompress(body).splitlines()] for name, body in files.items()}


def test_unload_leaves_it_to_chance_how_many_files_there_are_and_loses_no_row(lake: "Athena") -> None:
    select, counts = "SELECT n FROM (VALUES 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12) AS v(n)", set()
    for _ in range(30):
        files = unloaded(lake, select, "")
        counts.add(len(files))
        assert sorted(row["n"] for rows in files.values() for row in rows) == list(range(1, 13))
        assert all(files.values())
    assert len(counts) > 1 and 1 in counts


def test_unload_puts_partitions_into_folders_and_out_of_the_rows(lake: "Athena") -> None:
    select = "SELECT n, n % 3 AS shard FROM (VALUES 1, 2, 3, 4, 5, 6, 7) AS v(n)"
    found: dict[str, list[int]] = {}
    for name, rows in unloaded(lake, select, ", partitioned_by = ARRAY['shard']").items():
        assert all(row.keys() == {"n"} for row in rows)
        found.setdefault(name.split("/")[0], []).extend(row["n"] for row in rows)
    assert {folder: sorted(numbers) for folder, numbers in found.items()} == {"shard=0": [3, 6], "shard=1": [1, 4, 7], "shard=2": [2, 5]}


def test_unload_refuses_what_athena_refuses_of_partitions(lake: "Athena") -> None:
    digits = "(VALUES 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)"
    numbers = f"SELECT 'x' AS t, a.n * 11 + b.n AS shard FROM {digits} AS a(n) CROSS JOIN {digits} AS b(n)"
    into = f"TO 's3://lake/{lake.database}/%s/' WITH (format = 'JSON', partitioned_by = ARRAY['shard'])"
    assert lake.fails(f"UNLOAD ({numbers}) {into % 'many'}").startswith("HIVE_TOO_MANY_OPEN_PARTITIONS")
    assert "must be the last columns" in lake.fails(f"UNLOAD (SELECT 1 AS shard, 2 AS n) {into % 'order'}")


def test_unload_of_nothing_leaves_an_empty_manifest(lake: "Athena") -> None:
    query = lake.run(f"UNLOAD (SELECT user_id FROM people) TO 's3://lake/{lake.database}/runs/r2/' WITH (format = 'JSON')")
    key = query["Statistics"]["DataManifestLocation"].removeprefix("s3://lake/")
    assert lake.s3.get_object(Bucket="lake", Key=key)["Body"].read() == b""
