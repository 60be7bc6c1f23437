"""A Query answers what moto's own does, whatever else is in the table."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto.dynamodb.models.table import Table

from local.runtime import dynamodb_query


@pytest.fixture
def client(cloud: None) -> Iterator[Any]:
    client = boto3.client("dynamodb")
    client.create_table(
        TableName="t",
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": kind} for name, kind in (("pk", "S"), ("sk", "S"), ("place", "S"), ("due", "N"))
        ],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "due",
                "KeySchema": [{"AttributeName": "place", "KeyType": "HASH"}, {"AttributeName": "due", "KeyType": "RANGE"}],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    for number in range(60):
        item: dict[str, Any] = {"pk": {"S": f"p{number % 7}"}, "sk": {"S": f"s{number % 11:02}"}}
        if number % 3:
            item |= {"place": {"S": f"at{number % 2}"}, "due": {"N": str(100 - number)}}
        client.put_item(TableName="t", Item=item)
    client.delete_item(TableName="t", Key={"pk": {"S": "p3"}, "sk": {"S": "s03"}})
    yield client


QUESTIONS: dict[str, dict[str, Any]] = {
    "a partition": {"KeyConditionExpression": "pk = :p", "ExpressionAttributeValues": {":p": {"S": "p3"}}},
    "backwards": {"KeyConditionExpression": "pk = :p", "ExpressionAttributeValues": {":p": {"S": "p3"}}, "ScanIndexForward": False},
    "of a prefix": {"KeyConditionExpression": "pk = :p AND begins_with(sk, :s)", "ExpressionAttributeValues": {":p": {"S": "p3"}, ":s": {"S": "s0"}}},
    "nobody's": {"KeyConditionExpression": "pk = :p", "ExpressionAttributeValues": {":p": {"S": "nobody"}}},
    "by an index": {"IndexName": "due", "KeyConditionExpression": "place = :p", "ExpressionAttributeValues": {":p": {"S": "at1"}}},
    "by an index, up to": {
        "IndexName": "due",
        "KeyConditionExpression": "place = :p AND due <= :d",
        "ExpressionAttributeValues": {":p": {"S": "at1"}, ":d": {"N": "60"}},
    },
}


def answered(client: Any, question: dict[str, Any], page: int) -> list[Any]:
    pages = client.get_paginator("query").paginate(TableName="t", PaginationConfig={"PageSize": page}, **question)
    return [(each["Items"], each["Count"], each["ScannedCount"]) for each in pages]


@pytest.mark.parametrize("page", [2, 100])
@pytest.mark.parametrize("which", QUESTIONS)
def test_a_query_answers_as_before(which: str, page: int, client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = answered(client, QUESTIONS[which], page)
    monkeypatch.setattr(Table, "query", dynamodb_query._stock_query)
    assert ours == answered(client, QUESTIONS[which], page)
    assert sum(count for _, count, _ in ours) > 0 or which == "nobody's"
