"""Against botocore's own Stubber: what is asked of Athena, and what its answers become."""

from datetime import timedelta
from typing import Any

import boto3
import pytest
from botocore.stub import ANY, Stubber

from regulars.adapters.athena_queries import AthenaQueries
from regulars.domain.errors import NotFoundError, QueryFailedError


@pytest.fixture
def athena() -> Any:
    client = boto3.client("athena", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b")
    with Stubber(client) as stubber:
        stubber.real = client  # type: ignore[attr-defined]
        yield stubber
        stubber.assert_no_pending_responses()


def engine(athena: Any, waits: list[float] | None = None) -> AthenaQueries:
    return AthenaQueries(database="lake", work_group="regulars", client=athena.real, sleep=([] if waits is None else waits).append)


def status(state: str, reason: str = "", **statistics: Any) -> dict[str, Any]:
    shown = {"State": state} | ({"StateChangeReason": reason} if reason else {})
    return {"QueryExecution": {"QueryExecutionId": "q1", "Query": "SELECT x", "Status": shown, "Statistics": statistics}}


def page(*rows: list[str | None], token: str = "") -> dict[str, Any]:
    shown = [{"Data": [{} if value is None else {"VarCharValue": value} for value in row]} for row in rows]
    columns = [{"Name": name, "Type": "varchar"} for name in ("user_id", "n")]
    return {"ResultSet": {"Rows": shown, "ResultSetMetadata": {"ColumnInfo": columns}}} | ({"NextToken": token} if token else {})


def started(athena: Any, sql: Any = ANY, **more: Any) -> None:
    expected = {"QueryString": sql, "QueryExecutionContext": {"Database": "lake"}, "WorkGroup": "regulars"}
    athena.add_response("start_query_execution", {"QueryExecutionId": "q1"}, expected | more)


def test_a_query_runs_in_our_database_and_work_group(athena: Any) -> None:
    started(athena)
    assert engine(athena).start("SELECT 1") == "q1"


def test_the_same_token_and_text_are_one_request_and_another_text_is_another(athena: Any) -> None:
    seen: list[str] = []
    athena.real.meta.events.register(
        "provide-client-params.athena.StartQueryExecution", lambda params, **_: seen.append(params["ClientRequestToken"])
    )
    for sql in ("SELECT 1", "SELECT 1", "SELECT 2"):
        started(athena, sql, ClientRequestToken=ANY)
        engine(athena).start(sql, token="run-1")
    assert seen[0] == seen[1] != seen[2]
    assert all(32 <= len(token) <= 128 for token in seen), "Athena's limits for a ClientRequestToken"


def test_a_finished_query_tells_its_bytes_and_its_manifest(athena: Any) -> None:
    athena.add_response("get_query_execution", status("SUCCEEDED", DataScannedInBytes=7, DataManifestLocation="s3://b/m.csv"))
    query = engine(athena).look("q1")
    assert (query.state, query.bytes_scanned, query.manifest) == ("succeeded", 7, "s3://b/m.csv")


def test_an_unknown_query_is_not_found(athena: Any) -> None:
    athena.add_client_error("get_query_execution", "InvalidRequestException", "QueryExecution q9 was not found")
    with pytest.raises(NotFoundError, match="q9"):
        engine(athena).look("q9")


def test_running_waits_ever_longer_and_gives_athenas_reason(athena: Any) -> None:
    started(athena)
    for _ in range(20):
        athena.add_response("get_query_execution", status("RUNNING"))
    athena.add_response("get_query_execution", status("FAILED", "COLUMN_NOT_FOUND: line 1:8"))
    waits: list[float] = []
    with pytest.raises(QueryFailedError, match="COLUMN_NOT_FOUND: line 1:8"):
        engine(athena, waits).run("SELECT x")
    assert waits[0] == 0.05
    assert waits == sorted(waits)
    assert waits[-1] == 2.0


def test_a_statement_with_percent_signs_is_sent_as_it_is(athena: Any) -> None:
    started(athena, "SELECT date_format(t, '%Y-%m') FROM x ")
    athena.add_response("get_query_execution", status("SUCCEEDED", DataScannedInBytes=9))
    athena.add_response("get_query_results", page(["user_id", "n"]))
    query = engine(athena).run("SELECT date_format(t, '%Y-%m') FROM x ")
    assert (query.query_id, query.state, query.bytes_scanned) == ("q1", "succeeded", 9)


def test_a_cancelled_query_has_failed_too(athena: Any) -> None:
    started(athena)
    athena.add_response("get_query_execution", status("CANCELLED", "Bytes scanned limit was exceeded"))
    with pytest.raises(QueryFailedError, match="more than the 0 MB that a query may read"):
        engine(athena).run("SELECT x")


def test_a_refused_statement_fails_with_athenas_words(athena: Any) -> None:
    athena.add_client_error("start_query_execution", "InvalidRequestException", "line 1:1: mismatched input 'SELEC'")
    with pytest.raises(QueryFailedError, match="mismatched input"):
        engine(athena).start("SELEC")


def test_rows_leave_out_the_header_of_the_first_page_only_and_keep_nulls(athena: Any) -> None:
    started(athena)
    athena.add_response("get_query_execution", status("SUCCEEDED"))
    athena.add_response("get_query_results", page(["user_id", "n"], ["ada", "1"], token="t2"), {"QueryExecutionId": "q1", "MaxResults": 1000})
    athena.add_response("get_query_results", page(["user_id", "n"], ["bob", None]), {"QueryExecutionId": "q1", "MaxResults": 1000, "NextToken": "t2"})
    rows = list(engine(athena).all_rows("SELECT user_id, n FROM t"))
    assert rows == [{"user_id": "ada", "n": "1"}, {"user_id": "user_id", "n": "n"}, {"user_id": "bob", "n": None}]


def test_what_is_read_is_text_whatever_its_type(athena: Any) -> None:
    found = page(["user_id", "n"], ["ada", "1.50"])
    found["ResultSet"]["ResultSetMetadata"]["ColumnInfo"][1]["Type"] = "decimal"
    athena.add_response("get_query_execution", status("SUCCEEDED"))
    athena.add_response("get_query_results", found)
    assert list(engine(athena).fetched("q1")) == [{"user_id": "ada", "n": "1.50"}]


def test_a_query_that_has_not_succeeded_has_no_rows_to_fetch(athena: Any) -> None:
    athena.add_response("get_query_execution", status("RUNNING"))
    with pytest.raises(QueryFailedError, match="q1 has no rows: it is running"):
        engine(athena).fetched("q1")


def test_a_refused_page_fails_with_athenas_words(athena: Any) -> None:
    athena.add_response("get_query_execution", status("SUCCEEDED"))
    athena.add_response("get_query_results", page(["user_id", "n"], ["ada", "1"], token="t2"))
    athena.add_client_error("get_query_results", "InternalServerException", "try again")
    with pytest.raises(QueryFailedError, match="refused GetQueryResults: try again"):
        list(engine(athena).fetched("q1"))


def test_a_page_holds_as_many_rows_as_were_asked_for(athena: Any) -> None:
    athena.add_response(
        "get_query_results", page(["user_id", "n"], ["ada", "1"], ["bob", "2"], token="t2"), {"QueryExecutionId": "q1", "MaxResults": 3}
    )
    rows, following = engine(athena).rows("q1", size=2)
    assert ([row["user_id"] for row in rows], following) == (["ada", "bob"], "t2")


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What PyAthena would have waited between tries."""
    waited: list[float] = []
    monkeypatch.setattr("tenacity.nap.time.sleep", waited.append)
    return waited


def throttled(athena: Any, *, times: int, operation: str = "get_query_execution") -> None:
    for _ in range(times):
        athena.add_client_error(operation, "TooManyRequestsException", "Rate exceeded")


def test_throttling_is_waited_out(athena: Any, waits: list[float]) -> None:
    throttled(athena, times=2)
    athena.add_response("get_query_execution", status("SUCCEEDED"))
    assert engine(athena).look("q1").state == "succeeded"
    assert [1 <= waits[0] <= 2, 2 <= waits[1] <= 3] == [True, True]


def test_throttling_while_a_query_runs_is_waited_out_too(athena: Any, waits: list[float]) -> None:
    throttled(athena, times=1, operation="start_query_execution")
    started(athena)
    throttled(athena, times=1)
    athena.add_response("get_query_execution", status("SUCCEEDED"))
    throttled(athena, times=1, operation="get_query_results")
    athena.add_response("get_query_results", page(["user_id", "n"], ["ada", "1"]))
    assert list(engine(athena).all_rows("SELECT x")) == [{"user_id": "ada", "n": "1"}]
    assert len(waits) == 3


def test_throttling_without_end_fails_in_the_end(athena: Any, waits: list[float]) -> None:
    throttled(athena, times=6)
    with pytest.raises(QueryFailedError, match="Rate exceeded"):
        engine(athena).look("q1")
    assert 23 <= sum(waits) <= 28


def test_a_query_that_goes_on_is_waited_for_no_longer_than_it_may(athena: Any) -> None:
    for _ in range(4):
        athena.add_response("get_query_execution", status("RUNNING"))
    waits: list[float] = []
    assert not engine(athena, waits).wait("q1", within=timedelta(seconds=0.15)).is_over
    assert len(waits) == 3
