"""information_schema: what Glue has, told in SQL as https://docs.aws.amazon.com/athena/latest/ug/querying-glue-catalog.html has it."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.local.athena.conftest import Athena

PEOPLE = "CREATE TABLE people (user_id string, n int, seen timestamp) LOCATION 's3://lake/{}/people/' TBLPROPERTIES ('table_type' = 'ICEBERG')"
RAW = """CREATE EXTERNAL TABLE raw (seen timestamp, price decimal(10,2), tags array<string>) PARTITIONED BY (dt string)
ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' LOCATION 's3://lake/{}/raw/'"""


@pytest.fixture(scope="module")
def lake(shared: "Athena") -> "Athena":
    shared.run(PEOPLE.format(shared.database))
    shared.run(RAW.format(shared.database))
    shared.run("""CREATE VIEW totals AS SELECT user_id, sum(n) AS total, max(seen) AS seen,
        CAST(min(seen) AS timestamp) AS first FROM people GROUP BY user_id""")
    return shared


def test_columns_have_trinos_types_their_places_and_which_are_partitions(lake: "Athena") -> None:
    sql = f"SELECT * FROM information_schema.columns WHERE table_schema = '{lake.database}' ORDER BY table_name, ordinal_position"
    found = lake.client.get_query_results(QueryExecutionId=lake.run(sql)["QueryExecutionId"])["ResultSet"]
    assert [(column["Name"], column["Type"]) for column in found["ResultSetMetadata"]["ColumnInfo"]] == [
        ("table_catalog", "varchar"),
        ("table_schema", "varchar"),
        ("table_name", "varchar"),
        ("column_name", "varchar"),
        ("ordinal_position", "bigint"),
        ("column_default", "varchar"),
        ("is_nullable", "varchar"),
        ("data_type", "varchar"),
        ("comment", "varchar"),
        ("extra_info", "varchar"),
    ]
    rows = lake.rows(sql)
    assert {(row[0], row[1], row[5], row[6]) for row in rows} == {("awsdatacatalog", lake.database, None, "YES")}
    assert [(row[2], row[3], row[4], row[7], row[9]) for row in rows] == [
        ("people", "user_id", "1", "varchar", None),
        ("people", "n", "2", "integer", None),
        ("people", "seen", "3", "timestamp(6)", None),
        ("raw", "seen", "1", "timestamp(3)", None),
        ("raw", "price", "2", "decimal(10,2)", None),
        ("raw", "tags", "3", "array(varchar)", None),
        ("raw", "dt", "4", "varchar", "partition key"),
        ("totals", "user_id", "1", "varchar", None),
        ("totals", "total", "2", "bigint", None),
        ("totals", "seen", "3", "timestamp(6)", None),
        ("totals", "first", "4", "timestamp(3)", None),
    ]


def test_tables_and_views_are_told_apart_and_views_have_their_query(lake: "Athena") -> None:
    sql = f"SELECT table_name, table_type FROM awsdatacatalog.information_schema.tables WHERE table_schema = '{lake.database}' ORDER BY 1"
    assert lake.rows(sql) == [["people", "BASE TABLE"], ["raw", "BASE TABLE"], ["totals", "VIEW"]]
    ((name, text),) = lake.rows(f"SELECT table_name, view_definition FROM information_schema.views WHERE table_schema = '{lake.database}'")
    assert name == "totals" and text is not None and text.startswith("SELECT user_id, SUM(n) AS total")


def test_it_joins_and_filters_like_any_table_and_costs_nothing(lake: "Athena") -> None:
    query = lake.run(f"""SELECT t.table_name, count(*) AS columns FROM information_schema.tables AS t
        JOIN information_schema.columns AS c ON c.table_schema = t.table_schema AND c.table_name = t.table_name
        WHERE t.table_schema IN ('{lake.database}', 'nowhere') AND t.table_type = 'VIEW' GROUP BY 1""")
    assert query["Statistics"]["DataScannedInBytes"] == 0
    assert lake.rows("SELECT count(*) FROM information_schema.tables WHERE table_schema = 'nowhere'") == [["0"]]


def test_it_lists_databases_and_itself(lake: "Athena") -> None:
    names = {row[0] for row in lake.rows("SELECT schema_name FROM information_schema.schemata")}
    assert {lake.database, "information_schema"} <= names
    assert lake.rows("SELECT table_name FROM information_schema.tables WHERE table_schema = 'information_schema' ORDER BY 1")[1] == ["columns"]
    assert [lake.database] in lake.rows("SELECT DISTINCT table_schema FROM information_schema.tables")


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("SELECT * FROM information_schema.nonsense", "TABLE_NOT_FOUND: line 1:1: Table 'awsdatacatalog.information_schema.nonsense'"),
        ("SELECT * FROM information_schema.roles", "EMULATOR_UNSUPPORTED: information_schema.roles: the local Athena knows schemata, tables"),
        ("SELECT nope FROM information_schema.tables", "COLUMN_NOT_FOUND"),
        ("SELECT * FROM information_schema.tables FOR VERSION AS OF 1", "EMULATOR_UNSUPPORTED: time travel in information_schema"),
    ],
)
def test_what_it_does_not_have_fails(lake: "Athena", sql: str, reason: str) -> None:
    assert lake.fails(sql).startswith(reason)


def test_a_comment_in_glue_is_told(lake: "Athena") -> None:
    columns = [{"Name": "at", "Type": "timestamp", "Comment": "when it was"}, {"Name": "n", "Type": "int"}]
    elsewhere = f"{lake.database}_2"
    lake.glue.create_database(DatabaseInput={"Name": elsewhere})
    lake.glue.create_table(DatabaseName=elsewhere, TableInput={"Name": "told", "StorageDescriptor": {"Columns": columns}})
    sql = f"SELECT column_name, comment FROM information_schema.columns WHERE table_schema = '{elsewhere}' ORDER BY 1"
    assert lake.rows(sql) == [["at", "when it was"], ["n", None]]
