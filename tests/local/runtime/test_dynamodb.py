"""moto's DynamoDB keeps its promises under threads."""

import threading
from collections.abc import Callable
from typing import Any

import boto3
import pytest


@pytest.fixture
def table(cloud: None) -> Any:
    client = boto3.client("dynamodb")
    client.create_table(
        TableName="t",
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return client


def successes(attempt: Callable[[int, int], Any], client: Any, threads: int = 12, each: int = 10) -> int:
    """How many of threads x each attempts were told that their condition held."""
    accepted: list[int] = []

    def work(thread: int) -> None:
        for turn in range(each):
            try:
                attempt(thread, turn)
                accepted.append(1)
            except client.exceptions.ConditionalCheckFailedException:
                pass

    workers = [threading.Thread(target=work, args=(thread,)) for thread in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return len(accepted)


def test_of_many_claims_of_a_key_one_wins(table: Any, hurried_threads: None) -> None:
    def claim(thread: int, turn: int) -> None:
        table.put_item(TableName="t", Item={"pk": {"S": f"claim-{turn}"}}, ConditionExpression="attribute_not_exists(pk)")

    assert successes(claim, table) == 10


def test_no_addition_is_lost(table: Any, hurried_threads: None) -> None:
    def add(thread: int, turn: int) -> None:
        table.update_item(
            TableName="t",
            Key={"pk": {"S": "sum"}},
            UpdateExpression="ADD n :one",
            ExpressionAttributeValues={":one": {"N": "1"}},
        )

    assert successes(add, table) == 120
    assert table.get_item(TableName="t", Key={"pk": {"S": "sum"}})["Item"]["n"] == {"N": "120"}


def test_another_version_of_moto_is_refused_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    import moto

    from local.runtime import dynamodb, sqs, stepfunctions
    from local.runtime.corrections import WrongMotoVersionError

    monkeypatch.setattr(moto, "__version__", "5.3.0")
    for module in (dynamodb, sqs, stepfunctions):
        with pytest.raises(WrongMotoVersionError, match=r"written for moto 5\.2\.5, but 5\.3\.0 is installed"):
            module.install()
