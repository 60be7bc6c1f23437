"""ProfileStore: the same promises from DynamoDB (moto) and from memory."""

from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from regulars.adapters import dynamo_profiles
from regulars.adapters.dynamo_profiles import DynamoProfiles
from regulars.domain.errors import ConflictError, StoreUnavailableError
from regulars.ports import ProfileStore, Stored
from tests.fakes.collection import MemoryProfiles


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        yield


def dynamodb() -> ProfileStore:
    boto3.client("dynamodb").create_table(
        TableName="profiles",
        AttributeDefinitions=[{"AttributeName": "user_id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "user_id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return DynamoProfiles("profiles")


@pytest.fixture(params=[dynamodb, MemoryProfiles])
def profiles(request: pytest.FixtureRequest, aws: None) -> ProfileStore:
    make: Callable[[], ProfileStore] = request.param
    return make()


def test_a_document_comes_back_as_it_was_with_its_version(profiles: ProfileStore) -> None:
    document = {"user_id": "u1", "traits": {"näme": {"value": [1.5, None, {"a": ""}], "at": "t"}}}
    profiles.put("u1", document, expected=0)
    assert profiles.get_many(["u1"]) == {"u1": Stored(document, 1)}
    profiles.put("u1", {"user_id": "u1"}, expected=1)
    assert profiles.get_many(["u1"]) == {"u1": Stored({"user_id": "u1"}, 2)}


@pytest.mark.parametrize("expected", [0, 2])
def test_a_write_that_expects_another_version_is_a_conflict_and_changes_nothing(profiles: ProfileStore, expected: int) -> None:
    profiles.put("u1", {"first": True}, expected=0)
    with pytest.raises(ConflictError):
        profiles.put("u1", {"first": False}, expected=expected)
    assert profiles.get_many(["u1"])["u1"] == Stored({"first": True}, 1)


def test_a_write_to_a_profile_that_is_gone_is_a_conflict(profiles: ProfileStore) -> None:
    with pytest.raises(ConflictError):
        profiles.put("u1", {}, expected=3)
    assert profiles.get_many(["u1"]) == {}


def test_unknown_people_are_simply_absent(profiles: ProfileStore) -> None:
    profiles.put("u1", {}, expected=0)
    assert set(profiles.get_many(["u1", "u2", "u1"])) == {"u1"}
    assert profiles.get_many([]) == {}


def test_any_number_of_people_can_be_read_at_once(profiles: ProfileStore) -> None:
    everybody = [f"u{n}" for n in range(230)]
    for user_id in everybody:
        profiles.put(user_id, {"user_id": user_id}, expected=0)
    found = profiles.get_many(everybody)
    assert {user_id: found[user_id].document["user_id"] for user_id in found} == {user_id: user_id for user_id in everybody}


def test_a_table_that_is_not_there_says_so(aws: None) -> None:
    with pytest.raises(StoreUnavailableError):
        DynamoProfiles("nothing").put("u1", {}, expected=0)
    with pytest.raises(StoreUnavailableError):
        DynamoProfiles("nothing").get_many(["u1"])


class ThrottledTable:
    """Answers one key a call and leaves the others unprocessed, as DynamoDB does under load; moto never does."""

    def __init__(self, *, answers: int) -> None:
        self._answers = answers

    def batch_get_item(self, **request: Any) -> dict[str, Any]:
        first, *others = request["RequestItems"]["profiles"]["Keys"]
        found = []
        if self._answers:
            self._answers -= 1
            found = [{**first, "document": {"S": "{}"}, "version": {"N": "1"}}]
        left = others if found else [first, *others]
        return {"Responses": {"profiles": found}, "UnprocessedKeys": {"profiles": {"Keys": left}} if left else {}}


def throttle(monkeypatch: pytest.MonkeyPatch, table: ThrottledTable) -> None:
    monkeypatch.setattr(dynamo_profiles, "client", lambda service: table)
    monkeypatch.setattr("regulars.adapters.dynamo_profiles.time.sleep", lambda seconds: None)


def test_keys_that_dynamodb_leaves_unprocessed_are_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    throttle(monkeypatch, ThrottledTable(answers=3))
    assert set(DynamoProfiles("profiles").get_many(["u1", "u2", "u3"])) == {"u1", "u2", "u3"}


def test_keys_that_stay_unprocessed_are_an_error_and_not_unknown_people(monkeypatch: pytest.MonkeyPatch) -> None:
    throttle(monkeypatch, ThrottledTable(answers=1))
    with pytest.raises(StoreUnavailableError):
        DynamoProfiles("profiles").get_many(["u1", "u2"])
