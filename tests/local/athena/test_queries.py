"""The API around a query: states, errors, idempotency, work groups, pages, stopping."""

import re
import time
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from regulars.adapters.athena_queries import AthenaQueries

if TYPE_CHECKING:
    from tests.local.athena.conftest import Athena

DIGITS = "WITH d AS (SELECT * FROM (VALUES 0, 1, 2, 3, 4, 5, 6, 7, 8, 9) AS v(n))"
ENDLESS = f"{DIGITS} SELECT count(*) FROM {', '.join(f'd d{i}' for i in range(12))} WHERE {' + '.join(f'd{i}.n' for i in range(12))} = 5"


def refusal(athena: "Athena", sql: str, **more: Any) -> str:
    with pytest.raises(ClientError) as caught:
        athena.start(sql, **more)
    assert caught.value.response["Error"]["Code"] == "InvalidRequestException"
    return caught.value.response["Error"]["Message"]


def test_a_select_gives_its_header_first_and_null_as_no_value(shared: "Athena") -> None:
    query = shared.run("SELECT 'a,\"b' AS text, CAST(NULL AS varchar) AS nothing, 1.5e0 AS number, ARRAY[1, NULL] AS list, 7")
    result = shared.client.get_query_results(QueryExecutionId=query["QueryExecutionId"])["ResultSet"]
    assert [column["Name"] for column in result["ResultSetMetadata"]["ColumnInfo"]] == ["text", "nothing", "number", "list", "_col4"]
    assert [column["Type"] for column in result["ResultSetMetadata"]["ColumnInfo"]] == ["varchar", "varchar", "double", "array", "integer"]
    assert result["Rows"][0]["Data"][0] == {"VarCharValue": "text"}
    assert result["Rows"][1]["Data"] == [{"VarCharValue": 'a,"b'}, {}, {"VarCharValue": "1.5"}, {"VarCharValue": "[1, null]"}, {"VarCharValue": "7"}]


def test_the_result_is_a_csv_object_at_the_output_location(shared: "Athena") -> None:
    query = shared.run("SELECT 'a \"b\"' AS x, CAST(NULL AS varchar) AS y")
    location = query["ResultConfiguration"]["OutputLocation"]
    assert location == f"s3://lake/results/{query['QueryExecutionId']}.csv"
    assert shared.s3.get_object(Bucket="lake", Key=location.removeprefix("s3://lake/"))["Body"].read() == b'"x","y"\n"a ""b""",\n'


def test_pages_hold_every_row_once(shared: "Athena") -> None:
    rows = shared.rows(f"{DIGITS} SELECT a.n * 1000 + b.n * 100 + c.n * 10 + d.n AS n FROM d a, d b, d c, d ORDER BY 1 LIMIT 2500")
    assert [row[0] for row in rows] == [str(n) for n in range(2500)]


def test_a_page_has_as_many_rows_as_asked_for_with_the_header_in_the_first(shared: "Athena") -> None:
    query_id = shared.run(f"{DIGITS} SELECT n FROM d ORDER BY n")["QueryExecutionId"]
    first = shared.client.get_query_results(QueryExecutionId=query_id, MaxResults=3)
    second = shared.client.get_query_results(QueryExecutionId=query_id, MaxResults=3, NextToken=first["NextToken"])
    values = [[row["Data"][0]["VarCharValue"] for row in page["ResultSet"]["Rows"]] for page in (first, second)]
    assert values == [["n", "0", "1"], ["2", "3", "4"]]


def test_a_query_is_queued_at_once_and_stopping_it_interrupts_duckdb(shared: "Athena") -> None:
    before = time.monotonic()
    query_id = shared.start(ENDLESS)
    assert time.monotonic() - before < 2
    assert shared.client.get_query_execution(QueryExecutionId=query_id)["QueryExecution"]["Status"]["State"] in ("QUEUED", "RUNNING")
    while shared.client.get_query_execution(QueryExecutionId=query_id)["QueryExecution"]["Status"]["State"] == "QUEUED":
        time.sleep(0.01)
    time.sleep(0.2)
    shared.client.stop_query_execution(QueryExecutionId=query_id)
    assert shared.end(query_id, seconds=10)["Status"]["State"] == "CANCELLED"
    shared.client.stop_query_execution(QueryExecutionId=query_id)


def test_five_queries_at_once_leave_one_queued_until_another_ends(shared: "Athena") -> None:
    running = [shared.start(ENDLESS) for _ in range(4)]
    fifth = shared.start("SELECT 1")
    time.sleep(0.3)
    assert shared.client.get_query_execution(QueryExecutionId=fifth)["QueryExecution"]["Status"]["State"] == "QUEUED"
    for query_id in running:
        shared.client.stop_query_execution(QueryExecutionId=query_id)
    assert shared.end(fifth)["Status"]["State"] == "SUCCEEDED"


def test_a_failed_query_says_why_and_has_no_results(shared: "Athena") -> None:
    query = shared.end(shared.start("SELECT 1 / 0"))
    assert query["Status"]["State"] == "FAILED"
    assert query["Status"]["StateChangeReason"] == "DIVISION_BY_ZERO: Division by zero"
    assert query["Status"]["AthenaError"]["ErrorCategory"] == 2
    with pytest.raises(ClientError, match="Final query state: FAILED"):
        shared.client.get_query_results(QueryExecutionId=query["QueryExecutionId"])


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("SELECT nope FROM (SELECT 1 AS a)", "COLUMN_NOT_FOUND"),
        ("SELECT * FROM nowhere", "TABLE_NOT_FOUND"),
        ("MSCK REPAIR TABLE events", "EMULATOR_UNSUPPORTED"),
        ("CREATE MATERIALIZED VIEW v AS SELECT 1 AS a", "EMULATOR_UNSUPPORTED"),
    ],
)
def test_what_cannot_be_run_fails_with_its_name(shared: "Athena", sql: str, reason: str) -> None:
    assert shared.fails(sql).startswith(reason)


def test_text_that_does_not_parse_is_refused_at_once(shared: "Athena") -> None:
    assert "mismatched input" in refusal(shared, "SELECT FROM WHERE")
    assert "mismatched input" in refusal(shared, "SELEC 1")


def test_a_text_over_the_limit_is_refused_at_once(shared: "Athena") -> None:
    assert "262144" in refusal(shared, "SELECT '" + "é" * 131_100 + "'")


def test_a_query_without_an_output_location_is_refused_at_once(shared: "Athena") -> None:
    assert "No output location" in refusal(shared, "SELECT 1", ResultConfiguration={})


def test_an_unknown_query_and_an_unknown_work_group_are_refused(shared: "Athena") -> None:
    with pytest.raises(ClientError, match="was not found"):
        shared.client.get_query_execution(QueryExecutionId=str(uuid.uuid4()))
    assert "not found" in refusal(shared, "SELECT 1", WorkGroup="nobody")


def test_the_same_token_is_the_same_query_and_another_text_with_it_is_refused(shared: "Athena") -> None:
    token = uuid.uuid4().hex
    assert shared.start("SELECT 1", ClientRequestToken=token) == shared.start("SELECT 1", ClientRequestToken=token)
    assert "Idempotent parameters" in refusal(shared, "SELECT 2", ClientRequestToken=token)


def test_a_work_group_that_enforces_its_settings_says_where_results_go(shared: "Athena") -> None:
    name = f"wg-{uuid.uuid4().hex[:6]}"
    configuration = {"ResultConfiguration": {"OutputLocation": "s3://lake/theirs/"}, "EnforceWorkGroupConfiguration": True}
    shared.client.create_work_group(Name=name, Configuration=configuration)
    query = shared.run("SELECT 1", WorkGroup=name)
    assert query["ResultConfiguration"]["OutputLocation"].startswith("s3://lake/theirs/")
    assert query["WorkGroup"] == name


def test_reading_more_than_the_work_group_allows_cancels_the_query(athena: "Athena") -> None:
    name = f"wg-{uuid.uuid4().hex[:6]}"
    configuration = {"ResultConfiguration": {"OutputLocation": "s3://lake/results/"}, "BytesScannedCutoffPerQuery": 10_000_000}
    athena.client.create_work_group(Name=name, Configuration=configuration)
    location = f"cutoff/{athena.database}"
    athena.put(f"{location}/a.json", (b'{"a": "' + b"x" * 10_000 + b'"}\n') * 1100)
    athena.run(f"CREATE EXTERNAL TABLE big (a string) ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' LOCATION 's3://lake/{location}/'")
    query = athena.end(athena.start("SELECT count(a) FROM big", WorkGroup=name))
    assert query["Status"]["State"] == "CANCELLED"
    assert query["Status"]["StateChangeReason"] == "Bytes scanned limit was exceeded"
    ours = AthenaQueries(database=athena.database, work_group=name, client=athena.client).look(query["QueryExecutionId"])
    assert (ours.state, ours.cost_usd > 0) == ("cancelled", True)
    assert re.match(r"it wanted more than the 1\d MB that a query may read .* a shorter period", ours.reason)
    assert athena.value("SELECT sum(length(a)) FROM big") == "11000000"


def test_parameters_are_texts_that_take_the_place_of_question_marks(shared: "Athena") -> None:
    sql = "SELECT a FROM (VALUES ('x', 1), ('y', 2)) AS v(a, n) WHERE a = ? AND n = ?"
    assert shared.rows(sql, ExecutionParameters=["'y'", "2"]) == [["y"]]
    assert shared.fails(sql, ExecutionParameters=["'y'"]).startswith("INVALID_PARAMETER_USAGE")


def test_common_table_expressions_shadow_tables_only_where_they_are_visible(athena: "Athena") -> None:
    athena.put(f"cte/{athena.database}/a.json", b'{"a": "stored"}\n')
    athena.run(
        f"CREATE EXTERNAL TABLE t (a string) ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' LOCATION 's3://lake/cte/{athena.database}/'"
    )
    assert athena.rows("WITH t AS (SELECT concat(a, '!') AS a FROM t) SELECT a FROM t") == [["stored!"]]
    assert athena.rows("WITH u AS (SELECT a FROM t), t AS (SELECT 'new' AS a) SELECT u.a, t.a FROM u, t") == [["stored", "new"]]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT n + 1 AS m FROM (VALUES 1) AS v(n) WHERE m > 1",
        "SELECT n + 1 AS m, count(*) FROM (VALUES 1) AS v(n) GROUP BY m",
        "SELECT n AS m, m + 1 AS k FROM (VALUES 1) AS v(n)",
        "SELECT m FROM (SELECT a AS m, m AS k FROM (WITH w AS (SELECT 1 AS a) SELECT * FROM w) q) r",
    ],
)
def test_an_output_name_is_no_column_outside_of_order_by(shared: "Athena", sql: str) -> None:
    assert shared.fails(sql).startswith("COLUMN_NOT_FOUND")


def test_an_output_name_that_is_also_a_column_means_the_column(shared: "Athena") -> None:
    sql = "SELECT n + 1 AS n, k FROM (SELECT n, n AS k FROM (VALUES 1, 2) AS v(n)) q WHERE n = 1 AND EXISTS (SELECT 1 AS k WHERE k = 1) ORDER BY n"
    assert shared.rows(sql) == [["2", "1"]]


def test_text_and_number_are_not_equal_by_accident(shared: "Athena") -> None:
    for condition in ("t = 5", "n IN ('5')", "n <> t", "n IS DISTINCT FROM t"):
        assert shared.fails(f"SELECT 1 FROM (VALUES ('5', BIGINT '5')) AS v(t, n) WHERE {condition}").startswith("TYPE_MISMATCH"), condition
