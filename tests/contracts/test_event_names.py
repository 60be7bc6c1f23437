"""EventNames: the same promises from DynamoDB (moto) and from memory."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
import pytest

from regulars.adapters import dynamo_items
from regulars.adapters.dynamo_event_names import DynamoEventNames
from regulars.domain.errors import StoreUnavailableError
from regulars.ports import EventNames
from tests.contracts.conftest import Tables
from tests.contracts.suite import suite
from tests.fakes.stores import MemoryEventNames

LIMIT = 3


@pytest.fixture
def dynamo(table: Tables) -> EventNames:
    return DynamoEventNames(table("StateTable"), limit=LIMIT)


names = suite(EventNames, adapter="dynamo", fake=lambda: MemoryEventNames(limit=LIMIT))


def test_the_first_names_of_a_source_are_admitted_and_stay_so(names: EventNames) -> None:
    assert set(names.admitted("shop", ["a", "b"])) == {"a", "b"}
    assert set(names.admitted("shop", ["d", "c", "b"])) == {"d", "b"}
    assert set(names.admitted("shop", ["a", "c", "d", "e"])) == {"a", "d"}


def test_a_source_takes_no_place_of_another(names: EventNames) -> None:
    assert set(names.admitted("shop", ["a", "b", "c"])) == {"a", "b", "c"}
    assert set(names.admitted("app", ["c", "d"])) == {"c", "d"}


def test_whoever_looks_later_finds_what_was_admitted(table: Tables) -> None:
    state = table("StateTable")
    first, second = DynamoEventNames(state, limit=LIMIT), DynamoEventNames(state, limit=LIMIT)
    assert set(second.admitted("shop", ["a"])) == {"a"}
    assert set(first.admitted("shop", ["b", "c"])) == {"b", "c"}
    assert set(second.admitted("shop", ["d", "c", "b", "a"])) == {"a", "b", "c"}


def test_a_smaller_limit_takes_no_name_away(table: Tables) -> None:
    state = table("StateTable")
    DynamoEventNames(state, limit=LIMIT).admitted("shop", ["a", "b"])
    assert set(DynamoEventNames(state, limit=1).admitted("shop", ["a", "b", "c"])) == {"a", "b"}


def test_many_at_once_admit_no_more_than_there_is_room_for(table: Tables) -> None:
    state = table("StateTable")
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda n: DynamoEventNames(state, limit=LIMIT).admitted("shop", [f"name {n}"]), range(16)))
    assert sum(map(len, found)) == LIMIT


def test_names_that_are_known_and_names_for_which_there_is_no_room_ask_nobody(table: Tables, monkeypatch: pytest.MonkeyPatch) -> None:
    names = DynamoEventNames(table("StateTable"), limit=LIMIT)
    names.admitted("shop", ["a", "b", "c"])

    def nobody(service: str) -> Any:
        raise AssertionError(f"{service} was asked")

    monkeypatch.setattr(dynamo_items, "client", nobody)
    assert set(names.admitted("shop", ["a", "z"])) == {"a"}


def test_a_table_that_is_not_there_says_so(aws: None) -> None:
    with pytest.raises(StoreUnavailableError):
        DynamoEventNames("nothing", limit=LIMIT).admitted("shop", ["a"])


def test_the_names_are_one_item_a_source(table: Tables) -> None:
    state = table("StateTable")
    DynamoEventNames(state, limit=LIMIT).admitted("shop", ["b", "a"])
    (item,) = boto3.client("dynamodb").scan(TableName=state)["Items"]
    assert (item["name"], sorted(item["event_names"]["SS"])) == ({"S": "names#shop"}, ["a", "b"])
