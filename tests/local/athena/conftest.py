"""One moto for all tests of the local Athena, and a client that waits."""

import os
import time
import uuid
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

import local.athena
from local.athena.engine import settled

REGION = "us-east-1"
BUCKET = "lake"


class Athena:
    """Athena in one database of its own."""

    def __init__(self, database: str) -> None:
        self.database = database
        self.client = boto3.client("athena", region_name=REGION)
        self.s3 = boto3.client("s3", region_name=REGION)
        self.glue = boto3.client("glue", region_name=REGION)

    def start(self, sql: str, **more: Any) -> str:
        settings: dict[str, Any] = {
            "QueryExecutionContext": {"Database": self.database},
            "ResultConfiguration": {"OutputLocation": f"s3://{BUCKET}/results/"},
            **more,
        }
        return self.client.start_query_execution(QueryString=sql, **settings)["QueryExecutionId"]

    def end(self, query_id: str, seconds: float = 60) -> dict[str, Any]:
        """The QueryExecution once it is over."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            execution = self.client.get_query_execution(QueryExecutionId=query_id)["QueryExecution"]
            if execution["Status"]["State"] not in ("QUEUED", "RUNNING"):
                return execution
            settled(0.05)
        raise TimeoutError(query_id)

    def run(self, sql: str, **more: Any) -> dict[str, Any]:
        """The QueryExecution of a statement that must succeed."""
        execution = self.end(self.start(sql, **more))
        assert execution["Status"]["State"] == "SUCCEEDED", execution["Status"]
        return execution

    def fails(self, sql: str, **more: Any) -> str:
        """The StateChangeReason of a statement that must fail."""
        execution = self.end(self.start(sql, **more))
        assert execution["Status"]["State"] == "FAILED", execution["Status"]
        return execution["Status"]["StateChangeReason"]

    def rows(self, sql: str, **more: Any) -> list[list[str | None]]:
        """The rows of a SELECT, as text."""
        pages = self.client.get_paginator("get_query_results").paginate(QueryExecutionId=self.run(sql, **more)["QueryExecutionId"])
        found = [[value.get("VarCharValue") for value in row["Data"]] for page in pages for row in page["ResultSet"]["Rows"]]
        return found[1:]

    def value(self, sql: str) -> str | None:
        """The only value of a SELECT."""
        ((value,),) = self.rows(sql)
        return value

    def put(self, key: str, body: bytes) -> None:
        self.s3.put_object(Bucket=BUCKET, Key=key, Body=body)

    def keys(self, prefix: str) -> list[str]:
        return [found["Key"] for found in self.s3.list_objects_v2(Bucket=BUCKET, Prefix=prefix).get("Contents", [])]


@pytest.fixture(scope="module")
def aws() -> Iterator[None]:
    os.environ.update(AWS_ACCESS_KEY_ID="local", AWS_SECRET_ACCESS_KEY="local", AWS_DEFAULT_REGION=REGION)
    mock = mock_aws()
    mock.start(reset=False)
    local.athena.install()
    boto3.client("s3", region_name=REGION).create_bucket(Bucket=BUCKET)
    yield
    local.athena.stop()
    mock.stop()


@pytest.fixture(scope="module")
def shared(aws: None) -> Athena:
    """A database for tests that only read constants."""
    return _in_new_database()


@pytest.fixture
def athena(aws: None) -> Athena:
    """A database of the test's own."""
    return _in_new_database()


def _in_new_database() -> Athena:
    athena = Athena(f"db_{uuid.uuid4().hex[:8]}")
    athena.run(f"CREATE DATABASE {athena.database}")
    return athena
