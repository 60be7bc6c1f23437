"""What a BatchGetItem answers is read past botocore's parser, and comes out the same."""

from typing import Any

import boto3
import pytest
from moto import mock_aws

from regulars.adapters import aws

TABLE, KEY = "people", {"id": {"S": "ada"}}
ITEM = {
    **KEY,
    "document": {"S": '{"name": "Zoë \\u00e9"}'},
    "version": {"N": "12"},
    "bytes": {"B": b"\x00\xff\x10"},
    "more": {"M": {"yes": {"BOOL": True}, "no": {"NULL": True}, "l": {"L": [{"N": "1"}]}}},
}


@pytest.fixture
def dynamodb(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(aws, "_clients", {})
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        plain: Any = boto3.client("dynamodb", region_name="us-east-1")
        plain.create_table(
            TableName=TABLE,
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        plain.put_item(TableName=TABLE, Item=ITEM)
        yield plain


@pytest.mark.parametrize("keys", [[KEY], [KEY, {"id": {"S": "bob"}}], [{"id": {"S": "bob"}}]])
def test_items_come_as_botocore_gives_them(dynamodb: Any, keys: list[Any]) -> None:
    asked = {TABLE: {"Keys": keys, "ConsistentRead": True}}
    ours, theirs = aws.client("dynamodb").batch_get_item(RequestItems=asked), dynamodb.batch_get_item(RequestItems=asked)
    assert (ours["Responses"], ours["UnprocessedKeys"]) == (theirs["Responses"], theirs["UnprocessedKeys"])


def test_an_error_is_botocores(dynamodb: Any) -> None:
    with pytest.raises(dynamodb.exceptions.ResourceNotFoundException):
        aws.client("dynamodb").batch_get_item(RequestItems={"nothing": {"Keys": [KEY]}})
