"""What every QueryEngine does: the adapter over the local Athena, which executes, and the scripted one."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

import boto3
import pytest
from moto import mock_aws

from local import athena as local_athena
from regulars.adapters.athena_queries import AthenaQueries
from regulars.domain.errors import InvalidRequestError, NotFoundError, QueryFailedError
from regulars.domain.queries import ResultRow
from regulars.ports import QueryEngine
from tests.contracts.suite import suite
from tests.fakes.services import ScriptedQueries

PEOPLE = "SELECT user_id, n FROM (VALUES ('ada', 1), ('bob', 2), ('cy', NULL)) AS t (user_id, n) ORDER BY user_id"


NOBODY = f"SELECT * FROM ({PEOPLE}) WHERE user_id = 'nobody'"
NUMBERS = f"SELECT n FROM (VALUES {', '.join(f'({number})' for number in range(1, 26))}) AS t (n) ORDER BY n"
SCRIPT: dict[str, Sequence[ResultRow] | Exception] = {
    "nobody": [],
    "'ada'": [{"user_id": "ada", "n": "1"}, {"user_id": "bob", "n": "2"}, {"user_id": "cy", "n": None}],
    "'user_id' AS": [{"user_id": "user_id"}],
    "no_such_table": QueryFailedError("TABLE_NOT_FOUND: no_such_table"),
    r"\(25\)": [{"n": str(number)} for number in range(1, 26)],
}


@pytest.fixture(scope="module")
def athena() -> Iterator[QueryEngine]:
    environment = pytest.MonkeyPatch()
    for name, value in {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local", "AWS_DEFAULT_REGION": "us-east-1"}.items():
        environment.setenv(name, value)
    local_athena.install()
    with mock_aws():
        boto3.client("s3").create_bucket(Bucket="lake")
        boto3.client("glue").create_database(DatabaseInput={"Name": "regulars"})
        client = boto3.client("athena")
        client.create_work_group(Name="regulars", Configuration={"ResultConfiguration": {"OutputLocation": "s3://lake/results/"}})
        yield AthenaQueries(database="regulars", work_group="regulars", client=client)
        local_athena.stop()
    environment.undo()


engine = suite(QueryEngine, adapter="athena", fake=lambda: ScriptedQueries(SCRIPT))


def test_a_select_runs_and_gives_its_rows_as_text_and_null(engine: QueryEngine) -> None:
    assert list(engine.all_rows(PEOPLE)) == [{"user_id": "ada", "n": "1"}, {"user_id": "bob", "n": "2"}, {"user_id": "cy", "n": None}]


def test_a_row_that_looks_like_the_header_is_a_row(engine: QueryEngine) -> None:
    assert list(engine.all_rows("SELECT 'user_id' AS user_id")) == [{"user_id": "user_id"}]


def test_no_rows_are_no_rows(engine: QueryEngine) -> None:
    assert list(engine.all_rows(NOBODY)) == []


def test_pages_follow_each_other_without_gap_or_repetition(engine: QueryEngine) -> None:
    query = engine.run(NUMBERS)
    seen, page = [], ""
    while True:
        rows, page = engine.rows(query.query_id, page=page, size=10)
        assert len(rows) <= 10
        seen += [row["n"] for row in rows]
        if not page:
            break
    assert seen == [str(number) for number in range(1, 26)]


def test_what_is_no_page_is_refused(engine: QueryEngine) -> None:
    query = engine.run(NUMBERS)
    with pytest.raises(InvalidRequestError):
        engine.rows(query.query_id, page="nonsense")


def test_all_rows_of_a_finished_select_are_fetched(engine: QueryEngine) -> None:
    query = engine.run(NUMBERS)
    assert [row["n"] for row in engine.fetched(query.query_id)] == [str(number) for number in range(1, 26)]


def test_a_run_has_succeeded_and_can_be_looked_at_again(engine: QueryEngine) -> None:
    query = engine.run("SELECT 1 AS one")
    assert query.state == "succeeded"
    assert engine.look(query.query_id) == query


def test_the_same_token_and_text_start_one_query(engine: QueryEngine) -> None:
    first = engine.start("SELECT 1 AS one", token="t")
    assert engine.start("SELECT 1 AS one", token="t") == first
    assert engine.start("SELECT 2 AS two", token="t") != first


def test_without_a_token_each_start_is_its_own_query(engine: QueryEngine) -> None:
    assert engine.start("SELECT 1 AS one") != engine.start("SELECT 1 AS one")


def test_a_query_that_fails_says_why(engine: QueryEngine) -> None:
    with pytest.raises(QueryFailedError, match="no_such_table"):
        engine.run("SELECT * FROM no_such_table")
    with pytest.raises(QueryFailedError, match="no_such_table"):
        list(engine.all_rows("SELECT * FROM no_such_table"))


def test_a_query_that_failed_can_be_looked_at(engine: QueryEngine) -> None:
    query_id = engine.start("SELECT * FROM no_such_table")
    while (found := engine.look(query_id)).state in ("queued", "running"):
        pass
    assert (found.state, "no_such_table" in found.reason) == ("failed", True)


def test_a_query_is_waited_for_whatever_comes_of_it(engine: QueryEngine) -> None:
    for sql, state in (("SELECT 1 AS one", "succeeded"), ("SELECT * FROM no_such_table", "failed")):
        found = engine.wait(engine.start(sql), within=timedelta(minutes=1))
        assert (found.is_over, found.state) == (True, state)


def test_an_unknown_query_is_not_found(engine: QueryEngine) -> None:
    with pytest.raises(NotFoundError):
        engine.look("00000000-0000-0000-0000-000000000000")
    with pytest.raises(NotFoundError):
        engine.rows("00000000-0000-0000-0000-000000000000")
    with pytest.raises(NotFoundError):
        engine.wait("00000000-0000-0000-0000-000000000000", within=timedelta(minutes=1))


def test_a_result_has_its_columns_in_their_order_and_the_page_after_it(engine: QueryEngine) -> None:
    query = engine.run(NUMBERS)
    first = engine.table(query.query_id, size=10)
    assert [name for name, _ in first.columns] == ["n"] and first.rows[0] == ["1"]
    assert engine.table(query.query_id, page=first.next, size=1).rows == [[str(len(first.rows) + 1)]]


def test_a_look_has_the_statement_as_it_was_sent(engine: QueryEngine) -> None:
    assert engine.look(engine.run(PEOPLE).query_id).text == PEOPLE


def test_stopping_what_is_not_there_is_refused(engine: QueryEngine) -> None:
    engine.stop(engine.start(PEOPLE))
    with pytest.raises(NotFoundError):
        engine.stop("00000000-0000-0000-0000-000000000000")


def test_columns_of_one_name_stay_apart_and_a_show_has_no_row_of_names(athena: QueryEngine) -> None:
    assert athena.table(athena.run("SELECT 1 AS n, 'a' AS n").query_id).rows == [["1", "a"]]
    assert athena.table(athena.run("SHOW DATABASES").query_id).rows == [["regulars"]]
