"""The source that `regulars up` makes: its key is valid, whatever became of it since the last start."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import boto3
import pytest
from moto import mock_aws

from local.first_source import SOURCE, ensure_source
from regulars.adapters import aws as clients
from regulars.adapters.dynamo_sources import DynamoSources
from regulars.domain.collection.source import Source, digest_of
from regulars.domain.errors import ConflictError, InvalidRequestError


@pytest.fixture
def sources(monkeypatch: pytest.MonkeyPatch) -> Iterator[DynamoSources]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setattr(clients, "_clients", {})
    with mock_aws():
        boto3.client("dynamodb").create_table(
            TableName="sources",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "name", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "name", "KeyType": "HASH"}],
        )
        yield DynamoSources("sources")


def valid(sources: DynamoSources) -> set[str]:
    return {key.digest for source in sources.all() for key in source.keys if key.is_valid(datetime.now(UTC))}


def test_the_first_start_makes_it_and_the_next_one_leaves_it_alone(sources: DynamoSources) -> None:
    key = ensure_source("sources", wanted=None)
    assert ensure_source("sources", wanted=None, kept=key) == key
    assert ensure_source("sources", wanted=key) == key
    assert [(source.name, len(source.keys)) for source in sources.all()] == [(SOURCE, 1)]
    assert sources.get(SOURCE).version == 1


def test_a_wanted_key_takes_the_place_of_the_kept_one(sources: DynamoSources) -> None:
    kept = ensure_source("sources", wanted=None)
    assert ensure_source("sources", wanted="mine", kept=kept) == "mine"
    assert valid(sources) == {digest_of("mine")}


def test_a_key_of_another_source_is_as_good(sources: DynamoSources) -> None:
    sources.put(Source.created("app", digest_of("of-the-app"), at=datetime.now(UTC)), expected=0)
    assert ensure_source("sources", wanted="of-the-app") == "of-the-app"
    assert [source.name for source in sources.all()] == ["app"]


def test_a_kept_key_that_was_rotated_away_stays_so_and_its_successor_goes_on(sources: DynamoSources) -> None:
    kept = ensure_source("sources", wanted=None)
    rotated = sources.get(SOURCE).value.rotated(digest_of("successor"), at=datetime.now(UTC), overlap=timedelta())
    sources.put(rotated, expected=1)
    key = ensure_source("sources", wanted=None, kept=kept)
    assert key != kept
    assert valid(sources) == {digest_of(key), digest_of("successor")}


def test_a_wanted_key_that_cannot_be_is_refused(sources: DynamoSources) -> None:
    with pytest.raises(InvalidRequestError, match="a write key has 1 to 128"):
        ensure_source("sources", wanted="no key")
    ensure_source("sources", wanted="first")
    ensure_source("sources", wanted="second")
    with pytest.raises(ConflictError, match="in use, or was"):
        ensure_source("sources", wanted="first")
