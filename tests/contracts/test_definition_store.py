"""What every DefinitionStore does, real or fake."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from regulars.adapters import aws
from regulars.adapters.dynamo_definitions import DynamoDefinitions
from regulars.domain.errors import ConflictError, NotFoundError
from regulars.ports import DefinitionStore
from tests.fakes.campaigns import MOMENT, MemoryDefinitions


@pytest.fixture(params=["dynamo", "memory"])
def definitions(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[DefinitionStore]:
    if request.param == "memory":
        yield MemoryDefinitions()
        return
    with dynamo(monkeypatch) as store:
        yield store


class dynamo:  # noqa: N801  # reads as a function
    """A DynamoDefinitions on a table of moto's."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        monkeypatch.setattr(aws, "_clients", {})
        self._mock = mock_aws()

    def __enter__(self) -> DynamoDefinitions:
        self._mock.start()
        boto3.client("dynamodb").create_table(
            TableName="definitions",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("kind", "name")],
            KeySchema=[{"AttributeName": "kind", "KeyType": "HASH"}, {"AttributeName": "name", "KeyType": "RANGE"}],
        )
        return DynamoDefinitions("definitions")

    def __exit__(self, *_: object) -> None:
        self._mock.stop()


def put(definitions: DefinitionStore, identity: str, **document: Any) -> int:
    return definitions.put("segment", identity, {"id": identity, **document}, at=MOMENT, by="tests")


def test_versions_count_from_1_and_the_newest_is_given(definitions: DefinitionStore) -> None:
    assert [put(definitions, "lapsing", n=n) for n in (1, 2, 3)] == [1, 2, 3]
    found = definitions.get("segment", "lapsing")
    assert (found.document, found.version) == ({"id": "lapsing", "n": 3}, 3)


def test_old_versions_stay(definitions: DefinitionStore) -> None:
    put(definitions, "lapsing", n=1)
    put(definitions, "lapsing", n=2)
    found = definitions.get("segment", "lapsing", 1)
    assert (found.document["n"], found.version) == (1, 1)


@pytest.mark.parametrize(("identity", "version"), [("nobody", None), ("lapsing", 2), ("lapsing", 0)])
def test_what_is_not_there_is_not_found(definitions: DefinitionStore, identity: str, version: int | None) -> None:
    put(definitions, "lapsing")
    with pytest.raises(NotFoundError):
        definitions.get("segment", identity, version)


def test_kinds_are_apart(definitions: DefinitionStore) -> None:
    put(definitions, "spring")
    with pytest.raises(NotFoundError):
        definitions.get("campaign", "spring")


def test_all_gives_the_newest_of_each_by_id(definitions: DefinitionStore) -> None:
    for identity, n in (("b", 1), ("a-b", 1), ("a", 1), ("b", 2), ("a.b", 1)):
        put(definitions, identity, n=n)
    assert [(found.document["id"], found.version) for found in definitions.all("segment")] == [("a", 1), ("a-b", 1), ("a.b", 1), ("b", 2)]
    assert list(definitions.all("campaign")) == []


def test_two_puts_at_once_are_two_versions(monkeypatch: pytest.MonkeyPatch) -> None:
    with dynamo(monkeypatch) as definitions:
        put(definitions, "lapsing", n=1)
        newest = definitions._read("segment", "lapsing", "latest")
        put(definitions, "lapsing", n=2)
        reads = iter([newest])  # the first look is from before the other put
        real = definitions._read
        monkeypatch.setattr(definitions, "_read", lambda *key: next(reads, None) or real(*key))
        assert put(definitions, "lapsing", n=3) == 3
        assert definitions.get("segment", "lapsing", 2).document["n"] == 2


def test_a_put_that_is_always_too_late_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    with dynamo(monkeypatch) as definitions:
        put(definitions, "lapsing", n=1)
        monkeypatch.setattr(definitions, "_read", lambda *key: None)
        with pytest.raises(ConflictError):
            put(definitions, "lapsing", n=2)
