"""The table of calls: what each needs, and that it is closed."""

from typing import Any

import boto3
import pytest

from local.iam.calls import SERVICES, needed
from local.iam.requests import Request, UnknownCallError

TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/"
GLUE = "arn:aws:glue:us-east-1:123456789012:"


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "pairs"),
    [
        ("s3", "HeadObject", {"Bucket": "b", "Key": "k"}, [("s3:GetObject", "arn:aws:s3:::b/k")]),
        ("s3", "ListObjectsV2", {"Bucket": "b", "Prefix": "p"}, [("s3:ListBucket", "arn:aws:s3:::b")]),
        (
            "s3",
            "CopyObject",
            {"Bucket": "b", "Key": "k", "CopySource": {"Bucket": "c", "Key": "l"}},
            [("s3:GetObject", "arn:aws:s3:::c/l"), ("s3:PutObject", "arn:aws:s3:::b/k")],
        ),
        ("sqs", "SendMessageBatch", {"QueueUrl": "http://x/123456789012/q"}, [("sqs:SendMessage", "arn:aws:sqs:us-east-1:123456789012:q")]),
        ("dynamodb", "Query", {"TableName": "t", "IndexName": "i"}, [("dynamodb:Query", TABLE + "t/index/i")]),
        (
            "glue",
            "GetTable",
            {"DatabaseName": "d", "Name": "t"},
            [("glue:GetTable", GLUE + "catalog"), ("glue:GetTable", GLUE + "database/d"), ("glue:GetTable", GLUE + "table/d/t")],
        ),
        (
            "athena",
            "StartQueryExecution",
            {"QueryString": "x"},
            [("athena:StartQueryExecution", "arn:aws:athena:us-east-1:123456789012:workgroup/primary")],
        ),
        (
            "athena",
            "GetTableMetadata",
            {"CatalogName": "AwsDataCatalog", "DatabaseName": "D", "TableName": "T"},
            [
                ("athena:GetTableMetadata", "arn:aws:athena:us-east-1:123456789012:datacatalog/AwsDataCatalog"),
                ("glue:GetTable", GLUE + "catalog"),
                ("glue:GetTable", GLUE + "database/d"),
                ("glue:GetTable", GLUE + "table/d/t"),
            ],
        ),
        ("athena", "ListDataCatalogs", {}, [("athena:ListDataCatalogs", "*")]),
        ("lambda", "Invoke", {"FunctionName": "f"}, [("lambda:InvokeFunction", "arn:aws:lambda:us-east-1:123456789012:function:f")]),
        ("sts", "GetCallerIdentity", {}, []),
    ],
)
def test_a_call_needs_actions_on_resources(service: str, operation: str, parameters: dict[str, Any], pairs: list[tuple[str, str]]) -> None:
    assert [(request.action, request.resource) for request in needed(service, operation, parameters)] == pairs


@pytest.fixture
def table(cloud: None) -> None:
    boto3.client("dynamodb").create_table(
        TableName="t",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    )


def test_a_transaction_needs_the_actions_of_its_parts(table: None) -> None:
    parts = [{"Put": {"TableName": "t", "Item": {"id": {"S": "a"}}}}, {"ConditionCheck": {"TableName": "t", "Key": {"id": {"S": "b"}}}}]
    assert needed("dynamodb", "TransactWriteItems", {"TransactItems": parts}) == [
        Request("dynamodb:PutItem", TABLE + "t", frozenset({"a"})),
        Request("dynamodb:ConditionCheckItem", TABLE + "t", frozenset({"b"})),
    ]


@pytest.mark.parametrize(("condition", "names"), [("id = :id", {}), ("#id=:id AND begins_with(#sort, :start)", {"#id": "id", "#sort": "sort"})])
def test_a_query_is_of_the_partition_that_its_key_condition_names(table: None, condition: str, names: dict[str, str]) -> None:
    values = {":id": {"S": "plan#latest"}, ":start": {"S": "a"}}
    asked = {"TableName": "t", "KeyConditionExpression": condition, "ExpressionAttributeNames": names, "ExpressionAttributeValues": values}
    assert needed("dynamodb", "Query", asked) == [Request("dynamodb:Query", TABLE + "t", frozenset({"plan#latest"}))]


@pytest.mark.parametrize(
    ("service", "operation", "parameters"),
    [("ses", "SendEmail", {}), ("s3", "RestoreObject", {}), ("s3", "PutObject", {"Bucket": "b", "Key": "k", "Tagging": "a=b"})],
)
def test_a_call_that_the_table_does_not_know_is_refused_rather_than_guessed(service: str, operation: str, parameters: dict[str, Any]) -> None:
    with pytest.raises(UnknownCallError, match="does not know"):
        needed(service, operation, parameters)


def test_every_operation_of_the_table_is_one_of_the_service() -> None:
    for service, calls in SERVICES.items():
        known = set(boto3.client(service, region_name="us-east-1").meta.service_model.operation_names)  # type: ignore[call-overload]
        assert set(calls) <= known, service
