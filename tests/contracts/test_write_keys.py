"""WriteKeys: the same promises from DynamoDB (moto) and from memory; and for how long the first remembers what it read."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from regulars.adapters import dynamo_items
from regulars.adapters.dynamo_sources import DynamoSources
from regulars.adapters.dynamo_write_keys import MOST_UNKNOWN, REMEMBERED, DynamoWriteKeys
from regulars.domain.collection.source import Source, digest_of
from regulars.domain.errors import StoreUnavailableError, TooManyRequestsError
from regulars.ports import WriteKeys
from tests.contracts.conftest import Tables
from tests.contracts.suite import suite
from tests.fakes.clock import MovableClock
from tests.fakes.stores import MemorySources

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
APP = Source.created("app", digest_of("old"), at=NOON).rotated(digest_of("new"), at=NOON, overlap=timedelta(hours=1))


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(NOON)


@pytest.fixture
def store(table: Tables) -> DynamoSources:
    store = DynamoSources(table("SourcesTable"))
    store.put(APP, expected=0)
    return store


@pytest.fixture
def dynamo(store: DynamoSources, clock: MovableClock) -> WriteKeys:
    return DynamoWriteKeys("SourcesTable", clock=clock)


keys = suite(WriteKeys, adapter="dynamo", fake=lambda: MemorySources(APP))


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Each key that DynamoDB was asked for."""
    asked: list[str] = []
    get = dynamo_items.Items.get

    def remembering(self: Any, key: Any, **options: Any) -> Any:
        asked.append(key["name"]["S"])
        return get(self, key, **options)

    monkeypatch.setattr(dynamo_items.Items, "get", remembering)
    yield asked


def test_each_key_is_found_by_its_digest_with_its_end(keys: WriteKeys) -> None:
    assert (keys.find(digest_of("new")), keys.find(digest_of("old"))) == APP.keys
    assert keys.find(digest_of("nobody")) is None
    assert keys.find("app") is None


def test_what_was_read_is_remembered_for_a_few_seconds(dynamo: WriteKeys, clock: MovableClock, reads: list[str]) -> None:
    for key in ("new", "new", "nobody", "nobody"):
        dynamo.find(digest_of(key))
    clock.advance(REMEMBERED - timedelta(milliseconds=1))
    for key in ("new", "nobody"):
        dynamo.find(digest_of(key))
    assert reads == [f"key#{digest_of('new')}", f"key#{digest_of('nobody')}"]


def test_a_revoked_key_is_refused_within_ten_seconds(dynamo: WriteKeys, store: DynamoSources, clock: MovableClock) -> None:
    assert (found := dynamo.find(digest_of("new"))) and found.is_valid(clock.now())
    store.put(APP.revoked(clock.now()), expected=1)
    clock.advance(timedelta(seconds=10))
    assert (found := dynamo.find(digest_of("new"))) and not found.is_valid(clock.now())


def test_a_new_key_is_taken_within_ten_seconds_also_by_who_refused_it_before(dynamo: WriteKeys, store: DynamoSources, clock: MovableClock) -> None:
    assert dynamo.find(digest_of("newer")) is None
    store.put(APP.rotated(digest_of("newer"), at=clock.now(), overlap=timedelta()), expected=1)
    clock.advance(timedelta(seconds=10))
    assert dynamo.find(digest_of("newer")) is not None


def test_a_clock_that_is_set_back_makes_no_answer_last_longer(dynamo: WriteKeys, store: DynamoSources, clock: MovableClock) -> None:
    dynamo.find(digest_of("new"))
    store.put(APP.revoked(clock.now()), expected=1)
    clock.advance(timedelta(hours=-1))
    assert (found := dynamo.find(digest_of("new"))) and found.ends_at == NOON


def test_a_flood_of_made_up_keys_fills_no_memory_and_drives_no_key_out(dynamo: DynamoWriteKeys, reads: list[str]) -> None:
    dynamo.find(digest_of("new"))
    for number in range(MOST_UNKNOWN + 10):
        dynamo.find(f"made up {number}")
    assert len(dynamo._unknown) <= MOST_UNKNOWN
    reads.clear()
    dynamo.find(digest_of("new"))
    assert reads == []


def test_a_table_that_is_not_there_says_so_and_is_asked_again(aws: None, clock: MovableClock, reads: list[str]) -> None:
    keys = DynamoWriteKeys("nothing", clock=clock)
    for _ in range(2):
        with pytest.raises(StoreUnavailableError):
            keys.find("0" * 64)
    assert len(reads) == 2


def test_a_table_that_is_asked_too_much_says_that(dynamo: WriteKeys, monkeypatch: pytest.MonkeyPatch) -> None:
    class Throttling:
        def get_item(self, **_: Any) -> Any:
            raise ClientError({"Error": {"Code": "ProvisionedThroughputExceededException", "Message": "slow down"}}, "GetItem")

    monkeypatch.setattr(dynamo_items, "client", lambda service, **_: Throttling())
    with pytest.raises(TooManyRequestsError):
        dynamo.find(digest_of("new"))
