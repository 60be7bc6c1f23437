"""What every `QueryEngine` keeps, run against the adapter over the local Athena (which executes)."""

from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws

from local import athena
from regulars.adapters.athena_queries import AthenaQueries
from regulars.domain.errors import NotFoundError, QueryFailedError
from regulars.ports import QueryEngine

PEOPLE = "SELECT user_id, n FROM (VALUES ('ada', 1), ('bob', 2), ('cy', NULL)) AS t (user_id, n) ORDER BY user_id"


@pytest.fixture(scope="module")
def engine() -> Iterator[QueryEngine]:
    environment = pytest.MonkeyPatch()
    for name, value in {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local", "AWS_DEFAULT_REGION": "us-east-1"}.items():
        environment.setenv(name, value)
    athena.install()
    with mock_aws():
        boto3.client("s3").create_bucket(Bucket="lake")
        boto3.client("glue").create_database(DatabaseInput={"Name": "regulars"})
        client = boto3.client("athena")
        client.create_work_group(Name="regulars", Configuration={"ResultConfiguration": {"OutputLocation": "s3://lake/results/"}})
        yield AthenaQueries(database="regulars", work_group="regulars", client=client)
        athena.stop()
    environment.undo()


def test_a_select_runs_and_gives_its_rows_as_text_and_null(engine: QueryEngine) -> None:
    assert list(engine.all_rows(PEOPLE)) == [{"user_id": "ada", "n": "1"}, {"user_id": "bob", "n": "2"}, {"user_id": "cy", "n": None}]


def test_a_row_that_looks_like_the_header_is_a_row(engine: QueryEngine) -> None:
    assert list(engine.all_rows("SELECT 'user_id' AS user_id")) == [{"user_id": "user_id"}]


def test_no_rows_are_no_rows(engine: QueryEngine) -> None:
    assert list(engine.all_rows(f"SELECT * FROM ({PEOPLE}) WHERE user_id = 'nobody'")) == []


def test_pages_follow_each_other_without_gap_or_repetition(engine: QueryEngine) -> None:
    numbers = ", ".join(f"({number})" for number in range(1, 26))
    query = engine.run(f"SELECT n FROM (VALUES {numbers}) AS t (n) ORDER BY n")
    seen, page = [], ""
    while True:
        rows, page = engine.rows(query.query_id, page=page, size=10)
        assert len(rows) <= 10
        seen += [row["n"] for row in rows]
        if not page:
            break
    assert seen == [str(number) for number in range(1, 26)]


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


def test_an_unknown_query_is_not_found(engine: QueryEngine) -> None:
    with pytest.raises(NotFoundError):
        engine.look("00000000-0000-0000-0000-000000000000")
