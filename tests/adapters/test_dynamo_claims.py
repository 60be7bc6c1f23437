"""A claim whose answer was lost on the way is still ours when botocore repeats the request."""

from types import SimpleNamespace

import boto3
import pytest
from moto import mock_aws

from regulars.adapters import aws, dynamo_claims
from regulars.adapters.dynamo_claims import DynamoClaims


def test_a_repeated_request_of_one_claim_is_told_that_it_succeeded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setattr(aws, "_clients", {})
    with mock_aws():
        boto3.client("dynamodb").create_table(
            TableName="claims",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "name", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "name", "KeyType": "HASH"}],
        )
        claims = DynamoClaims("claims")
        attempts = iter(["one", "one", "two"])
        monkeypatch.setattr(dynamo_claims, "uuid", SimpleNamespace(uuid4=lambda: SimpleNamespace(hex=next(attempts))))
        assert [claims.claim("r1/0/0", holder="me") for _ in range(3)] == [True, True, False]
