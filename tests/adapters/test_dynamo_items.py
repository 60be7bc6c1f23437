"""Statements of one request do not suffer from each other."""

from collections.abc import Sequence
from typing import Any

import pytest
from botocore.exceptions import ClientError

from regulars.adapters import dynamo_items
from regulars.adapters.dynamo_items import Items, PartiQl
from regulars.domain.errors import ConflictError, StoreUnavailableError


class Refusing:
    """A DynamoDB that refuses whole requests in which it cannot read a statement."""

    def batch_execute_statement(self, *, Statements: Sequence[Any]) -> Any:  # noqa: N803 - boto3's name
        texts = [each["Statement"] for each in Statements]
        if "poison" in texts:
            raise ClientError({"Error": {"Code": "ValidationException", "Message": "Item size has exceeded"}}, "BatchExecuteStatement")
        return {"Responses": [{"Error": {"Code": "ConditionalCheckFailed"}} if text == "late" else {} for text in texts]}


def statements(*texts: str) -> list[PartiQl]:
    return [(text, []) for text in texts]


@pytest.fixture
def items(monkeypatch: pytest.MonkeyPatch) -> Items:
    monkeypatch.setattr(dynamo_items, "client", lambda *_, **__: Refusing())
    return Items("t", "the table of tests")


def test_a_statement_that_makes_dynamodb_refuse_the_request_is_alone_undone(items: Items) -> None:
    undone = items.attempt_each(statements("a", "late", "poison", "b"))
    assert {place: type(error) for place, error in undone.items()} == {1: ConflictError, 2: StoreUnavailableError}
    assert "Item size" in str(undone[2])


def test_whoever_does_not_ask_which_is_told_of_the_first_that_is_not_done(items: Items) -> None:
    assert items.write_each(statements("a", "late")) == [1]
    with pytest.raises(StoreUnavailableError, match="Item size"):
        items.write_each(statements("a", "poison"))
