"""What every PushRate does, real or fake."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import boto3
import pytest
from botocore.exceptions import ClientError

from regulars.adapters.aws import client
from regulars.adapters.dynamo_rate import DynamoRate
from regulars.domain.delivery.rate import Lease, ProjectLimit
from regulars.domain.errors import StoreUnavailableError
from regulars.ports import PushRate
from tests.contracts.conftest import Tables
from tests.contracts.suite import suite
from tests.fakes.rate import MemoryRate

LIMIT = ProjectLimit(2000)
NOON = 1_795_694_400.0
FAST = 1e6
"""A worker that takes whatever it is given."""


@pytest.fixture
def dynamo(table: Tables) -> PushRate:
    return DynamoRate(table("StateTable"), LIMIT)


rate = suite(PushRate, adapter="dynamo", fake=lambda: MemoryRate(LIMIT))


def leased(rate: PushRate, now: float, per_second: float = FAST) -> tuple[int, Lease]:
    """All that is to be had at this moment, and the refusal at its end."""
    count = 0
    while (lease := rate.lease(now, per_second)).count:
        count += lease.count
    return count, lease


def test_a_second_is_leased_in_blocks_until_its_end_and_the_next_one_begins_another(rate: PushRate) -> None:
    assert rate.lease(NOON, FAST) == Lease(LIMIT.floor // 20, NOON + 1)
    count, refused = leased(rate, NOON + 0.5)
    assert count == LIMIT.floor - LIMIT.floor // 20
    assert refused == Lease(0, NOON + 1)
    assert leased(rate, NOON + 1) == (LIMIT.floor + LIMIT.step, Lease(0, NOON + 2))


def test_a_pause_stops_what_is_left_of_the_second_and_all_until_its_end(rate: PushRate) -> None:
    rate.lease(NOON, FAST)
    rate.pause(NOON + 0.1, NOON + 30.5)
    for moment in (0.1, 1, 30.4):
        assert rate.lease(NOON + moment, FAST) == Lease(0, NOON + 30.5)
    assert rate.lease(NOON + 30.5, FAST).count


def test_a_pause_may_come_before_anything_was_leased(rate: PushRate) -> None:
    rate.pause(NOON, NOON + 60)
    assert rate.lease(NOON + 59, FAST) == Lease(0, NOON + 60)


def test_the_limit_is_the_one_it_was_given(rate: PushRate) -> None:
    assert rate.limit == LIMIT


def test_two_processes_share_one_window_and_one_pause(table: Tables) -> None:
    one, other = DynamoRate(table("StateTable"), LIMIT), DynamoRate("StateTable", LIMIT)
    assert leased(one, NOON, 30)[0] + leased(other, NOON)[0] == LIMIT.floor
    assert one.lease(NOON + 1, FAST).count and other.lease(NOON + 1, FAST).count
    one.pause(NOON + 1.2, NOON + 60)
    assert other.lease(NOON + 1.3, FAST) == Lease(0, NOON + 60), "it has seen nothing of it yet"


def test_threads_and_processes_that_lease_at_once_get_no_more_than_the_ceiling(table: Tables) -> None:
    table("StateTable")
    shared = DynamoRate("StateTable", LIMIT)
    rates = [shared, shared, DynamoRate("StateTable", LIMIT), DynamoRate("StateTable", LIMIT)]
    begin = threading.Barrier(len(rates))

    def worker(rate: PushRate) -> int:
        begin.wait()
        return sum(rate.lease(NOON, FAST).count for _ in range(15))

    with ThreadPoolExecutor(len(rates)) as pool:
        assert sum(pool.map(worker, rates)) == LIMIT.floor


def test_a_request_that_is_repeated_because_its_answer_was_lost_takes_nothing_twice(table: Tables, twice: Callable[[], None]) -> None:
    rate = DynamoRate(table("StateTable"), LIMIT)
    rate.lease(NOON, FAST)
    twice()
    assert [rate.lease(NOON, FAST).count for _ in range(3)] == [5, 5, 5]
    item = boto3.client("dynamodb").get_item(TableName="StateTable", Key={"name": {"S": "push_rate"}})["Item"]
    assert item["unleased"] == {"N": str(LIMIT.floor - 4 * 5)}
    rate.lease(NOON + 1, FAST)
    rate.pause(NOON + 1, NOON + 2)
    assert rate.lease(NOON + 1.5, FAST) == Lease(0, NOON + 2)


@pytest.fixture
def twice(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From now on, each write is sent once more, and only the second answer arrives."""

    def begin() -> None:
        dynamodb = client("dynamodb", hurried=True)
        send = dynamodb.update_item

        def sent_twice(**wanted: object) -> object:
            with suppress(ClientError):
                send(**wanted)
            return send(**wanted)

        monkeypatch.setattr(dynamodb, "update_item", sent_twice)

    return begin


def test_a_table_that_is_not_there_says_so(aws: None) -> None:
    with pytest.raises(StoreUnavailableError):
        DynamoRate("nothing", LIMIT).lease(NOON, FAST)
    with pytest.raises(StoreUnavailableError):
        DynamoRate("nothing", LIMIT).pause(NOON, NOON + 1)
