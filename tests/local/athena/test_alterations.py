"""ALTER TABLE .. ADD COLUMNS, of Iceberg and of external tables."""

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.local.athena.conftest import Athena

RAW = """CREATE EXTERNAL TABLE raw (user_id string) PARTITIONED BY (dt string) ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'
LOCATION 's3://lake/{0}/raw/' TBLPROPERTIES ('projection.enabled' = 'true', 'projection.dt.type' = 'date', 'projection.dt.format' = 'yyyy-MM-dd',
'projection.dt.range' = '2026-01-01,NOW+1DAYS', 'storage.location.template' = 's3://lake/{0}/raw/dt=${{dt}}/')"""
KEPT = "CREATE TABLE kept (user_id string) PARTITIONED BY (user_id) LOCATION 's3://lake/{}/kept/' TBLPROPERTIES ('table_type' = 'ICEBERG')"


@pytest.fixture
def lake(athena: "Athena") -> "Athena":
    athena.run(RAW.format(athena.database))
    athena.run(KEPT.format(athena.database))
    return athena


def columns(athena: "Athena", table: str) -> list[tuple[str, str]]:
    found = athena.glue.get_table(DatabaseName=athena.database, Name=table)["Table"]
    return [(column["Name"], column["Type"]) for column in found["StorageDescriptor"]["Columns"]]


def test_rows_of_before_have_null_in_an_iceberg_table_and_its_writers_go_on(lake: "Athena") -> None:
    lake.run("INSERT INTO kept VALUES ('ada')")
    lake.run("ALTER TABLE kept ADD COLUMNS (channel string, n int)")
    lake.run("INSERT INTO kept (user_id) VALUES ('bob')")
    lake.run("INSERT INTO kept VALUES ('cy', 'push', 7)")
    assert lake.rows("SELECT * FROM kept ORDER BY 1") == [["ada", None, None], ["bob", None, None], ["cy", "push", "7"]]
    assert lake.rows("SELECT user_id FROM kept WHERE channel IS NULL AND user_id <> 'bob'") == [["ada"]]
    lake.run("UPDATE kept SET channel = 'mail' WHERE user_id = 'ada'")
    assert lake.rows("SELECT channel, n FROM kept WHERE user_id = 'ada'") == [["mail", None]]
    assert columns(lake, "kept") == [("user_id", "string"), ("channel", "string"), ("n", "int")]


def test_an_old_snapshot_has_the_columns_of_then(lake: "Athena") -> None:
    lake.run("INSERT INTO kept VALUES ('ada')")
    snapshot = lake.value('SELECT max(snapshot_id) FROM "kept$snapshots"')
    lake.run("ALTER TABLE kept ADD COLUMNS (channel string)")
    assert lake.rows(f"SELECT * FROM kept FOR VERSION AS OF {snapshot}") == [["ada"]]


def test_objects_of_before_have_null_in_an_external_table_and_partition_keys_stay_last(lake: "Athena") -> None:
    lake.put(f"{lake.database}/raw/dt=2026-11-20/0.json", json.dumps({"user_id": "ada"}).encode())
    lake.run("ALTER TABLE raw ADD COLUMNS (channel string)")
    lake.put(f"{lake.database}/raw/dt=2026-11-21/0.json", json.dumps({"user_id": "bob", "channel": "push"}).encode())
    assert lake.rows("SELECT * FROM raw ORDER BY 1") == [["ada", None, "2026-11-20"], ["bob", "push", "2026-11-21"]]
    found = lake.glue.get_table(DatabaseName=lake.database, Name="raw")["Table"]
    assert found["StorageDescriptor"]["Location"].endswith("/raw/") and found["PartitionKeys"][0]["Name"] == "dt"


@pytest.mark.parametrize("table", ["raw", "kept"])
def test_a_column_is_added_once(lake: "Athena", table: str) -> None:
    lake.run(f"ALTER TABLE {table} ADD COLUMNS (channel string)")
    before = columns(lake, table)
    for sql in (f"ALTER TABLE {table} ADD COLUMNS (n int, Channel string)", f"ALTER TABLE {table} ADD COLUMNS (n int, N string)"):
        assert "Duplicate column name" in lake.fails(sql)
    assert columns(lake, table) == before


@pytest.mark.parametrize("table", ["raw", "kept"])
@pytest.mark.parametrize("column", ["c struct<a:int>", "c string COMMENT 'why'"])
def test_what_could_not_be_read_or_kept_is_refused(lake: "Athena", table: str, column: str) -> None:
    assert lake.fails(f"ALTER TABLE {table} ADD COLUMNS ({column})").startswith("EMULATOR_UNSUPPORTED")
    assert lake.fails("ALTER TABLE raw PARTITION (dt = '2026-11-20') ADD COLUMNS (c string)").startswith("EMULATOR_UNSUPPORTED")
    assert [name for name, _ in columns(lake, table)] == ["user_id"]


def test_a_table_that_is_not_there_gets_no_column(lake: "Athena") -> None:
    assert lake.fails("ALTER TABLE nowhere ADD COLUMNS (c string)").startswith("TABLE_NOT_FOUND")
