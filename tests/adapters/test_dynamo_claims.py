"""A claim whose answer was lost on the way is still ours when botocore repeats the request."""

from types import SimpleNamespace

import boto3
import pytest
from moto import mock_aws

from regulars.adapters import aws, dynamo_runs
from regulars.adapters.dynamo_runs import DynamoRuns


def test_a_repeated_request_of_one_claim_is_told_that_it_succeeded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setattr(aws, "_clients", {})
    with mock_aws():
        boto3.client("dynamodb").create_table(
            TableName="runs",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("run_id", "part")],
            KeySchema=[{"AttributeName": "run_id", "KeyType": "HASH"}, {"AttributeName": "part", "KeyType": "RANGE"}],
        )
        runs = DynamoRuns("runs")
        attempts = iter(["one", "one", "two"])
        monkeypatch.setattr(dynamo_runs, "uuid", SimpleNamespace(uuid4=lambda: SimpleNamespace(hex=next(attempts))))
        assert [runs.claim("r1/0/0", "me") for _ in range(3)] == [True, True, False]
