"""What one call is billed as, and that the meter hears calls."""

import os
from collections.abc import Mapping
from typing import Any

import pytest
from moto import mock_aws

from bench.billed_units import item_bytes, units
from bench.metered import Meter
from regulars.adapters.aws import client

TEXT = {"S": "x" * 100}
LOCAL = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local", "AWS_DEFAULT_REGION": "us-east-1"}


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "answer", "expected"),
    [
        ("sqs", "SendMessage", {"MessageBody": "x" * 65_537}, {}, {"sqs_request": 2}),
        ("s3", "PutObject", {}, {}, {"s3_put": 1}),
        ("s3", "ListObjectsV2", {}, {}, {"s3_put": 1}),
        ("s3", "GetObject", {}, {}, {"s3_get": 1}),
        ("s3", "DeleteObject", {}, {}, {}),
        ("dynamodb", "PutItem", {"Item": {"a": {"S": "x" * 1024}}}, {}, {"dynamodb_write": 2}),
        ("dynamodb", "GetItem", {"ConsistentRead": True}, {}, {"dynamodb_read": 1}),
        ("dynamodb", "Query", {}, {"Items": [{"a": TEXT}] * 50}, {"dynamodb_read": 1}),
        (
            "dynamodb",
            "BatchGetItem",
            {"RequestItems": {"t": {"Keys": [{}, {}, {}], "ConsistentRead": True}}},
            {"Responses": {"t": [{"a": {"S": "x" * 5000}}]}},
            {"dynamodb_read": 4},
        ),
        ("athena", "StartQueryExecution", {}, {}, {}),
        ("secretsmanager", "GetSecretValue", {}, {}, {"secret_request": 1}),
    ],
)
def test_a_call_is_billed_as_aws_says(
    service: str, operation: str, parameters: Mapping[str, Any], answer: Mapping[str, Any], expected: dict[str, float]
) -> None:
    assert units(service, operation, parameters, answer) == expected


def test_an_item_is_as_large_as_its_names_and_values() -> None:
    assert item_bytes({"id": {"S": "ada"}, "n": {"N": "1234"}, "m": {"M": {"a": {"S": "b"}}}, "on": {"BOOL": True}}) == 5 + 4 + 1 + 3 + 1 + 2 + 3


def test_calls_are_heard_and_only_while_they_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    import boto3

    for name, value in LOCAL.items():
        monkeypatch.setenv(name, value)
    assert "AWS_ENDPOINT_URL" not in os.environ
    meter = Meter()
    with mock_aws(), meter.installed():
        s3 = boto3.Session().client("s3", region_name="us-east-1")
        s3.create_bucket(Bucket="lake")
        with meter.counting() as used:
            s3.put_object(Bucket="lake", Key="raw/events/a", Body=b"12345")
        s3.get_object(Bucket="lake", Key="raw/events/a")
    assert (used.amounts, used.calls, used.written) == ({"s3_put": 1}, 1, {"raw": 5})
    assert used.served > 0


def test_a_batch_of_our_own_client_is_counted_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """It keeps its keys from botocore's serializer, and so from whoever looks at the parameters."""
    for name, value in LOCAL.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("regulars.adapters.aws._clients", {})
    meter = Meter()
    with mock_aws(), meter.installed():
        dynamodb = client("dynamodb")
        keys = [{"AttributeName": "id", "KeyType": "HASH"}]
        dynamodb.create_table(
            TableName="t", KeySchema=keys, AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}], BillingMode="PAY_PER_REQUEST"
        )
        with meter.counting() as used:
            dynamodb.batch_get_item(RequestItems={"t": {"Keys": [{"id": {"S": each}} for each in "abc"], "ConsistentRead": True}})
    assert used.amounts == {"dynamodb_read": 3}
