"""Views: made, kept in Glue as Athena keeps them, read, replaced, stale, dropped."""

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.local.athena.conftest import Athena

PEOPLE = "CREATE TABLE people (user_id string, n int) LOCATION 's3://lake/{}/people/' TBLPROPERTIES ('table_type' = 'ICEBERG')"


@pytest.fixture
def lake(athena: "Athena") -> "Athena":
    athena.run(PEOPLE.format(athena.database))
    athena.run("INSERT INTO people VALUES ('ada', 1), ('bob', 2), ('bob', 3)")
    athena.run("CREATE VIEW totals AS SELECT user_id, sum(n) AS total, count(*) AS n FROM people GROUP BY user_id")
    return athena


def glue_table(athena: "Athena", name: str) -> Any:
    return athena.glue.get_table(DatabaseName=athena.database, Name=name)["Table"]


def shown(athena: "Athena", sql: str) -> list[str]:
    answer = athena.client.get_query_results(QueryExecutionId=athena.run(sql)["QueryExecutionId"])
    return [row["Data"][0]["VarCharValue"] for row in answer["ResultSet"]["Rows"]]


def test_a_view_answers_alone_filtered_joined_and_in_a_common_table_expression(lake: "Athena") -> None:
    assert lake.rows("SELECT * FROM totals ORDER BY user_id") == [["ada", "1", "1"], ["bob", "5", "2"]]
    assert lake.rows("SELECT t.total FROM totals AS t WHERE t.user_id = 'bob'") == [["5"]]
    joined = "SELECT p.n, totals.total FROM people p JOIN totals ON p.user_id = totals.user_id WHERE totals.n > 1 ORDER BY 1"
    assert lake.rows(joined) == [["2", "5"], ["3", "5"]]
    assert lake.value("WITH best AS (SELECT max(total) AS m FROM totals) SELECT count(*) FROM totals t JOIN best b ON t.total = b.m") == "1"


def test_a_view_sees_the_rows_of_now_and_counts_the_bytes_that_it_reads(lake: "Athena") -> None:
    lake.run("INSERT INTO people VALUES ('cy', 9)")
    query = lake.run("SELECT total FROM totals WHERE user_id = 'cy'")
    assert query["Statistics"]["DataScannedInBytes"] > 0
    assert lake.value("SELECT total FROM totals WHERE user_id = 'cy'") == "9"


def test_names_of_the_reading_statement_mean_nothing_inside_the_view(lake: "Athena") -> None:
    assert lake.value("WITH people AS (SELECT 'eve' AS user_id, 100 AS n) SELECT sum(total) FROM totals") == "6"


def test_a_view_is_read_from_another_database_with_the_tables_of_its_own(lake: "Athena") -> None:
    elsewhere = {"QueryExecutionContext": {"Database": "default"}}
    assert lake.rows(f"SELECT total FROM {lake.database}.totals ORDER BY 1", **elsewhere) == [["1"], ["5"]]


def test_glue_keeps_a_view_as_athena_does(lake: "Athena") -> None:
    found = glue_table(lake, "totals")
    assert (found["TableType"], found["ViewExpandedText"]) == ("VIRTUAL_VIEW", "/* Presto View */")
    assert found["StorageDescriptor"]["Columns"] == [
        {"Name": "user_id", "Type": "string"},
        {"Name": "total", "Type": "bigint"},
        {"Name": "n", "Type": "bigint"},
    ]
    definition = json.loads(base64.b64decode(found["ViewOriginalText"].removeprefix("/* Presto View: ").removesuffix(" */")))
    assert (definition["catalog"], definition["schema"]) == ("awsdatacatalog", lake.database)
    assert definition["columns"][0] == {"name": "user_id", "type": "varchar"}


def test_views_are_shown_among_tables_and_by_themselves(lake: "Athena") -> None:
    assert shown(lake, "SHOW TABLES") == ["people", "totals"]
    assert shown(lake, "SHOW VIEWS") == shown(lake, f"SHOW VIEWS IN {lake.database}") == ["totals"]
    assert [line.split()[:2] for line in shown(lake, "DESCRIBE totals")] == [["user_id", "string"], ["total", "bigint"], ["n", "bigint"]]


def test_what_is_shown_can_be_chosen_by_database_and_pattern(lake: "Athena") -> None:
    assert shown(lake, f"SHOW TABLES IN `{lake.database}` 'p*'") == shown(lake, "SHOW TABLES LIKE 'x|*eopl*'") == ["people"]
    assert shown(lake, "SHOW VIEWS LIKE 'p*'") == []
    assert shown(lake, f"SHOW DATABASES LIKE '{lake.database}'") == [lake.database]
    for sql in ("SHOW COLUMNS IN totals", f"SHOW COLUMNS FROM {lake.database}.totals", f"SHOW COLUMNS FROM totals FROM {lake.database}"):
        assert shown(lake, sql) == ["user_id", "total", "n"]


def test_the_statement_of_a_view_is_shown_and_makes_it_again(lake: "Athena") -> None:
    created = "\n".join(shown(lake, f'SHOW CREATE VIEW "{lake.database}"."totals"'))
    assert created.startswith(f"CREATE VIEW {lake.database}.totals AS\nSELECT user_id, ")
    lake.run("DROP VIEW totals")
    lake.run(created)
    assert lake.value("SELECT sum(total) FROM totals") == "6"


def test_a_view_may_have_common_table_expressions_windows_and_tables_of_both_kinds(lake: "Athena") -> None:
    lake.put(f"{lake.database}/raw/1.json", b'{"user_id": "ada", "seen": "2026-11-21 10:00:00.5"}')
    serde = "ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'"
    lake.run(f"CREATE EXTERNAL TABLE raw (user_id string, seen timestamp) {serde} LOCATION 's3://lake/{lake.database}/raw/'")
    lake.run("""CREATE VIEW ranked AS WITH best AS (SELECT user_id, n, row_number() OVER (PARTITION BY user_id ORDER BY n DESC) AS place FROM people)
        SELECT best.user_id, best.n, raw.seen, sum(best.n) OVER () AS everything FROM best LEFT JOIN raw ON raw.user_id = best.user_id
        WHERE best.place = 1""")
    assert lake.rows("SELECT * FROM ranked ORDER BY user_id") == [["ada", "1", "2026-11-21 10:00:00.500000", "4"], ["bob", "3", None, "4"]]


def test_a_view_that_somebody_put_into_glue_as_athena_does_is_read(lake: "Athena") -> None:
    definition = {
        "originalSql": "SELECT p.user_id, max(p.n) AS most FROM people p GROUP BY p.user_id",
        "catalog": "awsdatacatalog",
        "schema": lake.database,
        "columns": [{"name": "user_id", "type": "varchar"}, {"name": "most", "type": "integer"}],
    }
    text = f"/* Presto View: {base64.b64encode(json.dumps(definition).encode()).decode()} */"
    columns = [{"Name": "user_id", "Type": "string"}, {"Name": "most", "Type": "int"}]
    made: Any = {
        "Name": "mosts",
        "TableType": "VIRTUAL_VIEW",
        "Parameters": {"presto_view": "true", "comment": "Presto View"},
        "StorageDescriptor": {"Columns": columns, "SerdeInfo": {}},
        "ViewOriginalText": text,
        "ViewExpandedText": "/* Presto View */",
    }
    lake.glue.create_table(DatabaseName=lake.database, TableInput=made)
    assert lake.rows("SELECT * FROM mosts ORDER BY 1") == [["ada", "1"], ["bob", "3"]]
    lake.glue.update_table(DatabaseName=lake.database, TableInput={**made, "ViewOriginalText": "/* Presto View: bm90aGluZw== */"})
    assert lake.fails("SELECT * FROM mosts").startswith("INVALID_VIEW")
    lake.glue.update_table(DatabaseName=lake.database, TableInput={**made, "ViewOriginalText": definition["originalSql"]})
    assert lake.fails("SELECT * FROM mosts").startswith("EMULATOR_UNSUPPORTED: the view mosts, which Athena did not make")


def test_a_view_is_replaced_only_when_told_so(lake: "Athena") -> None:
    assert lake.fails("CREATE VIEW totals AS SELECT 1 AS one").startswith("ALREADY_EXISTS")
    lake.run("CREATE OR REPLACE VIEW totals AS SELECT 1 AS one")
    assert lake.rows("SELECT * FROM totals") == [["1"]]
    assert lake.fails("CREATE OR REPLACE VIEW people AS SELECT 1 AS one").startswith("TABLE_ALREADY_EXISTS")


def test_views_nest_and_may_not_hold_themselves(lake: "Athena") -> None:
    lake.run("CREATE VIEW best AS SELECT max(total) AS total FROM totals")
    assert lake.value("SELECT total FROM best") == "5"
    assert lake.fails("CREATE OR REPLACE VIEW totals AS SELECT total AS user_id FROM best").startswith("VIEW_IS_RECURSIVE")
    assert lake.fails("CREATE OR REPLACE VIEW totals AS SELECT * FROM totals").startswith("VIEW_IS_RECURSIVE")


def test_a_view_of_everything_is_stale_once_its_table_has_another_column(lake: "Athena") -> None:
    lake.run("CREATE VIEW everybody AS SELECT * FROM people")
    lake.run("ALTER TABLE people ADD COLUMNS (city string)")
    stale = lake.fails("SELECT * FROM everybody")
    assert stale.startswith("VIEW_IS_STALE") and "stored view column count (2) does not match" in stale
    assert lake.value("SELECT sum(total) FROM totals") == "6"


def test_a_view_of_a_table_that_is_gone_says_so(lake: "Athena") -> None:
    lake.run("DROP TABLE people")
    reason = lake.fails("SELECT * FROM totals")
    assert reason.startswith("INVALID_VIEW") and "people' does not exist" in reason


def test_a_view_is_dropped_as_a_view_and_a_table_as_a_table(lake: "Athena") -> None:
    assert "Cannot drop a view with DROP TABLE" in lake.fails("DROP TABLE totals")
    assert lake.fails("DROP VIEW people").startswith("TABLE_NOT_FOUND")
    lake.run("DROP VIEW totals")
    assert lake.fails("DROP VIEW totals").startswith("TABLE_NOT_FOUND")
    lake.run("DROP VIEW IF EXISTS totals")
    assert shown(lake, "SHOW VIEWS") == []


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("CREATE VIEW v AS SELECT n + 1 FROM people", "MISSING_COLUMN_NAME"),
        ("CREATE VIEW v AS SELECT n, user_id AS n FROM people", "DUPLICATE_COLUMN_NAME"),
        ("CREATE VIEW v AS SELECT NULL AS nothing", "COLUMN_TYPE_UNKNOWN"),
        ("CREATE VIEW v AS SELECT nope FROM people", "COLUMN_NOT_FOUND"),
        ("CREATE VIEW v AS SELECT n FROM nowhere", "TABLE_NOT_FOUND"),
        ("CREATE VIEW v AS SELECT ARRAY[1] AS a", "EMULATOR_UNSUPPORTED"),
        ("CREATE VIEW v COMMENT 'why' AS SELECT 1 AS a", "EMULATOR_UNSUPPORTED"),
        ("CREATE PROTECTED MULTI DIALECT VIEW v SECURITY DEFINER AS SELECT 1 AS a", "EMULATOR_UNSUPPORTED"),
        ("ALTER VIEW totals ADD DIALECT AS SELECT 1", "EMULATOR_UNSUPPORTED"),
        ("SHOW CREATE VIEW people", "NOT_SUPPORTED"),
        ("SHOW CREATE TABLE people", "EMULATOR_UNSUPPORTED"),
        ("DESCRIBE EXTENDED totals", "EMULATOR_UNSUPPORTED"),
        ("CREATE VIEW v AS SELECT table_name FROM information_schema.tables", "NOT_SUPPORTED"),
        ("SELECT * FROM elsewhere.db.totals", "CATALOG_NOT_FOUND"),
        ("SELECT * FROM totals FOR VERSION AS OF 1", "EMULATOR_UNSUPPORTED"),
        ("INSERT INTO totals SELECT 'x', 1, 1", "NOT_SUPPORTED"),
        ("DELETE FROM totals WHERE n = 1", "NOT_SUPPORTED"),
        ("ALTER TABLE totals ADD COLUMNS (city string)", "FAILED: SemanticException [Error 10131]"),
    ],
)
def test_what_a_view_cannot_be_or_do_fails(lake: "Athena", sql: str, reason: str) -> None:
    assert lake.fails(sql).startswith(reason)


@pytest.mark.parametrize("sql", ["CREATE VIEW IF NOT EXISTS v AS SELECT 1 AS a", "CREATE VIEW v (a) AS SELECT 1"])
def test_a_view_has_no_syntax_but_athenas(lake: "Athena", sql: str) -> None:
    with pytest.raises(lake.client.exceptions.InvalidRequestException, match="CREATE \\[ OR REPLACE \\] VIEW"):
        lake.start(sql)
