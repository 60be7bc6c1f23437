"""QueryHistory: the adapter over the local Athena, and the one in memory."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import boto3
import pytest
from moto import mock_aws

from local import athena as local_athena
from regulars.adapters import aws
from regulars.adapters.athena_history import AthenaHistory
from regulars.domain.costs import Statement
from regulars.domain.errors import StoreUnavailableError
from regulars.ports import QueryHistory
from tests.contracts.suite import suite
from tests.fakes.operations import MemoryQueryHistory

MANY = 60
"""More than a page."""


@pytest.fixture(scope="module")
def athena() -> Iterator[QueryHistory]:
    """Where sixty statements ran, and one of another work group."""
    with pytest.MonkeyPatch.context() as environment:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION"):
            environment.setenv(name, "us-east-1")
        environment.setattr(aws, "_clients", {})
        local_athena.install()
        with mock_aws():
            boto3.client("s3").create_bucket(Bucket="lake")
            client = boto3.client("athena")
            for name in ("ours", "theirs"):
                client.create_work_group(Name=name, Configuration={"ResultConfiguration": {"OutputLocation": "s3://lake/results/"}})
            for number in range(MANY):
                client.start_query_execution(QueryString=f"SELECT {number}", WorkGroup="ours")
            client.start_query_execution(QueryString="SELECT 1", WorkGroup="theirs")
            yield AthenaHistory("ours")
            local_athena.stop()


def remembered() -> MemoryQueryHistory:
    now = datetime(2026, 11, 21, tzinfo=UTC)
    return MemoryQueryHistory(*(Statement(now + timedelta(seconds=n), "SELECT", "DML", "succeeded", 0) for n in range(MANY)))


history = suite(QueryHistory, adapter="athena", fake=remembered)


def test_every_statement_of_the_work_group_is_told_the_newest_first(history: QueryHistory) -> None:
    found = list(history.statements())
    assert (len(found), {(each.verb, each.kind) for each in found}) == (MANY, {("SELECT", "DML")})
    assert [each.at for each in found] == sorted((each.at for each in found), reverse=True)
    assert all(each.at.tzinfo is UTC for each in found)


def test_nobody_asks_further_back_than_is_taken(history: QueryHistory) -> None:
    assert next(iter(history.statements())).verb == "SELECT"


def test_an_athena_that_does_not_answer_says_so(athena: QueryHistory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("regulars.adapters.athena_history.client", lambda _: boto3.client("athena", endpoint_url="http://127.0.0.1:1"))
    with pytest.raises(StoreUnavailableError):
        next(iter(AthenaHistory("ours").statements()))
