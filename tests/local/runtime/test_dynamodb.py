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


def executed(client: Any, statement: str, *values: dict[str, str]) -> str:
    """The error code of one statement of a batch, "" where it was executed."""
    (answer,) = client.batch_execute_statement(Statements=[{"Statement": statement, "Parameters": list(values)}])["Responses"]
    return str(answer.get("Error", {}).get("Code", ""))


INSERT = """INSERT INTO "t" VALUE {'pk': ?, 'n': ?}"""
UPDATE = """UPDATE "t" SET n = ? WHERE pk = ? AND n = ?"""


def test_a_partiql_write_is_refused_where_its_condition_does_not_hold(table: Any) -> None:
    one, two = {"N": "1"}, {"N": "2"}
    assert executed(table, UPDATE, two, {"S": "a"}, one) == "ConditionalCheckFailed"
    assert executed(table, INSERT, {"S": "a"}, one) == ""
    assert executed(table, INSERT, {"S": "a"}, two) == "DuplicateItem"
    assert executed(table, UPDATE, one, {"S": "a"}, two) == "ConditionalCheckFailed"
    assert executed(table, UPDATE, two, {"S": "a"}, one) == ""
    assert table.get_item(TableName="t", Key={"pk": {"S": "a"}})["Item"] == {"pk": {"S": "a"}, "n": two}


def test_a_partiql_update_sets_and_removes_what_it_names_in_quotes(table: Any) -> None:
    table.put_item(TableName="t", Item={"pk": {"S": "a"}, "n": {"N": "1"}, "state": {"S": "old"}, "gone": {"S": "x"}})
    update = """UPDATE "t" SET "state" = ? SET "n" = ? REMOVE "gone" REMOVE "nothing" WHERE "pk" = ? AND "n" = ?"""
    assert executed(table, update, {"S": "new"}, {"N": "2"}, {"S": "a"}, {"N": "1"}) == ""
    assert table.get_item(TableName="t", Key={"pk": {"S": "a"}})["Item"] == {"pk": {"S": "a"}, "n": {"N": "2"}, "state": {"S": "new"}}


@pytest.mark.parametrize(
    ("statement", "values", "code"),
    [
        ("""DELETE FROM "t" WHERE pk = ?""", ["a"], "ValidationError"),
        ("""UPDATE "t" SET n = ? WHERE n = ?""", ["1", "2"], "ValidationError"),
        ("""INSERT INTO "t" VALUE {'pk': ?, 'n': ?}""", ["a"], "ValidationError"),
        ("""INSERT INTO "t" VALUE {'pk': ?}""", ["x" * 2049], "ValidationError"),
        ("""INSERT INTO "t" VALUE {'pk': ?, 'n': ?}""", ["a", "x" * 410_000], "ValidationError"),
        ("""INSERT INTO "nothing" VALUE {'pk': ?}""", ["a"], "ResourceNotFound"),
    ],
)
def test_a_partiql_statement_that_dynamodb_or_this_refuses_says_so(table: Any, statement: str, values: list[str], code: str) -> None:
    assert executed(table, statement, *({"S": value} for value in values)) == code


def test_of_many_inserts_of_one_item_one_succeeds(table: Any, hurried_threads: None) -> None:
    codes: list[str] = []
    workers = [threading.Thread(target=lambda: codes.append(executed(table, INSERT, {"S": "a"}, {"N": "1"}))) for _ in range(12)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(codes) == ["", *["DuplicateItem"] * 11]


def test_items_with_every_kind_of_value_are_read_as_they_were_written(table: Any) -> None:
    item = {
        "pk": {"S": "é"},
        "b": {"B": b"\x00\xff"},
        "bs": {"BS": [b"a"]},
        "l": {"L": [{"NULL": True}, {"BOOL": False}]},
        "m": {"M": {"x": {"N": "1.5"}}},
    }
    table.put_item(TableName="t", Item=item)
    assert table.get_item(TableName="t", Key={"pk": {"S": "é"}})["Item"] == item
    assert table.batch_get_item(RequestItems={"t": {"Keys": [{"pk": {"S": "é"}}]}})["Responses"]["t"] == [item]
    assert table.scan(TableName="t")["Items"] == [item]
