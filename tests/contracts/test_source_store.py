"""SourceStore: the same promises from DynamoDB (moto) and from memory."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import boto3
import pytest

from regulars.adapters.dynamo_sources import DynamoSources
from regulars.domain.collection.source import Source
from regulars.domain.errors import ConflictError, NotFoundError, StoreUnavailableError
from regulars.ports import SourceStore
from tests.contracts.conftest import Tables
from tests.contracts.suite import suite
from tests.fakes.stores import MemorySources

NOON = datetime(2026, 11, 21, 12, 0, 0, 123456, tzinfo=UTC)
DAY = timedelta(days=1)
APP = Source.created("app", "1" * 64, at=NOON)


@pytest.fixture
def dynamo(table: Tables) -> SourceStore:
    return DynamoSources(table("SourcesTable"))


sources = suite(SourceStore, adapter="dynamo", fake=MemorySources)


def test_what_was_put_is_got_as_it_was_and_every_put_is_a_version(sources: SourceStore) -> None:
    sources.put(APP, expected=0)
    rotated = APP.rotated("2" * 64, at=NOON + DAY, overlap=DAY)
    sources.put(rotated, expected=1)
    sources.put(rotated.revoked(NOON + DAY), expected=2)
    kept = sources.get("app")
    assert (kept.value, kept.version) == (rotated.revoked(NOON + DAY), 3)


def test_all_are_listed_by_name(sources: SourceStore) -> None:
    assert sources.all() == []
    for number, name in enumerate(("site", "app", "shop-2")):
        sources.put(Source.created(name, str(number) * 64, at=NOON), expected=0)
    assert [source.name for source in sources.all()] == ["app", "shop-2", "site"]


def test_a_source_that_is_not_there_is_not_found(sources: SourceStore) -> None:
    with pytest.raises(NotFoundError, match="there is no source app"):
        sources.get("app")


def test_whoever_comes_second_changes_nothing(sources: SourceStore) -> None:
    sources.put(APP, expected=0)
    for source, expected in ((Source.created("app", "2" * 64, at=NOON), 0), (APP.revoked(NOON), 2)):
        with pytest.raises(ConflictError):
            sources.put(source, expected=expected)
    assert sources.get("app").value == APP
    sources.put(Source.created("site", "2" * 64, at=NOON), expected=0)  # the key of the one that was refused is nobody's


def test_a_key_is_given_once(sources: SourceStore) -> None:
    sources.put(APP, expected=0)
    with pytest.raises(ConflictError, match="in use, or was"):
        sources.put(Source.created("site", "1" * 64, at=NOON), expected=0)
    sources.put(APP.rotated("2" * 64, at=NOON, overlap=timedelta()), expected=1)
    with pytest.raises(ConflictError, match="in use, or was"):
        sources.put(replace(APP, keys=Source.created("app", "1" * 64, at=NOON + DAY).keys), expected=2)
    with pytest.raises(NotFoundError):
        sources.get("site")


def test_a_table_that_is_not_there_says_so(aws: None) -> None:
    with pytest.raises(StoreUnavailableError):
        DynamoSources("nothing").get("app")
    with pytest.raises(StoreUnavailableError):
        DynamoSources("nothing").all()
    with pytest.raises(StoreUnavailableError):
        DynamoSources("nothing").put(APP, expected=0)


def test_a_source_and_its_key_are_an_item_each(table: Tables) -> None:
    DynamoSources(table("SourcesTable")).put(APP, expected=0)
    items = boto3.client("dynamodb").scan(TableName="SourcesTable")["Items"]
    assert sorted(item["name"]["S"] for item in items) == [f"key#{'1' * 64}", "source#app"]
