"""A bulk import's profiles: `load` of identifies against one request after another for each person, with a store that takes 5 ms to answer, and the
same through the local DynamoDB.
"""

import os
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import orjson

from bench.collect import NOW, NoObjects, Now
from bench.stand_ins import EveryName, NoDevices, Queue
from bench.table import BenchRow
from regulars.domain.collection.body import Body
from regulars.domain.collection.message import QueueMessage, packed
from regulars.domain.people.profile import Profile
from regulars.ports import ProfileStore, Stored
from regulars.usecases.load import load

if TYPE_CHECKING:
    from regulars.adapters.dynamo_profiles import DynamoProfiles

REQUESTS: Final = 60
EVENTS: Final = 400
"""Identifies a request, of as many people."""
PEER_REQUESTS: Final = 2
ANSWER: Final = 0.005
"""Seconds that DynamoDB takes, as a round number."""
READ, WRITE = 100, 25
"""How many profiles a request reads and writes (adapters/dynamo_items.py)."""


class SlowProfiles:
    """Keeps profiles in memory, `ANSWER` seconds a request, as the adapter makes requests."""

    def __init__(self) -> None:
        self.stored: dict[str, Stored[Profile]] = {}

    def get_many(self, keys: Sequence[str]) -> Mapping[str, Stored[Profile]]:
        time.sleep(ANSWER * -(-len(keys) // READ))
        return {user_id: self.stored[user_id] for user_id in keys if user_id in self.stored}

    def put(self, thing: Profile, *, expected: int) -> None:
        time.sleep(ANSWER)
        self.stored[thing.user_id] = Stored(thing, expected + 1)

    def put_many(self, things: Sequence[Stored[Profile]]) -> Collection[str]:
        time.sleep(ANSWER * -(-len(things) // WRITE))
        self.stored.update({stored.value.user_id: Stored(stored.value, stored.version + 1) for stored in things})
        return ()


class OneByOne:
    """The same store, each profile with a request of its own, of which there is never more than one under way."""

    def __init__(self, store: ProfileStore) -> None:
        self._store, self._turn = store, threading.Lock()

    def get_many(self, keys: Sequence[str]) -> Mapping[str, Stored[Profile]]:
        with self._turn:
            return self._store.get_many(keys)

    def put(self, thing: Profile, *, expected: int) -> None:
        self._store.put(thing, expected=expected)

    def put_many(self, things: Sequence[Stored[Profile]]) -> Collection[str]:
        with self._turn:
            for stored in things:
                self._store.put(stored.value, expected=stored.version)
        return ()


def rows() -> list[BenchRow]:
    ours, peer = _rate(SlowProfiles(), REQUESTS), _rate(OneByOne(SlowProfiles()), PEER_REQUESTS)
    with _local_dynamodb() as table:
        local, local_peer = _rate(table("ours"), REQUESTS), _rate(OneByOne(table("peer")), PEER_REQUESTS)
    note = f"one PutItem after another; identifies of {EVENTS} people a request; higher is better"
    return [
        BenchRow("bulk: 5 ms a request", ours, peer, ours / peer, "profiles/s", note),
        BenchRow("bulk: local DynamoDB", local, local_peer, local / local_peer, "profiles/s", note),
    ]


def _rate(profiles: ProfileStore, requests: int) -> float:
    """Profiles a second, from queue message to the last write."""
    messages = [_message(number) for number in range(requests)]
    began = time.perf_counter()
    loaded = load(
        messages, objects=NoObjects(), profiles=profiles, devices=NoDevices(), names=EveryName(), queue=Queue(), clock=Now(), time_left=_an_hour
    )
    seconds = time.perf_counter() - began
    if loaded.profiles != requests * EVENTS:
        raise AssertionError(f"{loaded.profiles} profiles of {requests * EVENTS} were written")
    return loaded.profiles / seconds


def _an_hour() -> timedelta:
    return timedelta(hours=1)


def _message(number: int) -> QueueMessage:
    people = range(number * EVENTS, (number + 1) * EVENTS)
    traits = {"plan": "pro", "city": "Ulm", "first_name": "Ada", "age": 36}
    events = [{"type": "identify", "userId": f"u{n}", "messageId": f"m{n}", "traits": {**traits, "email": f"u{n}@example.com"}} for n in people]
    document = {"batch": events}
    (body,) = packed(Body(orjson.dumps(document), None), received=NOW, source="bench", verb="batch")
    return QueueMessage(str(number), body)


@contextmanager
def _local_dynamodb() -> Iterator[Callable[[str], "DynamoProfiles"]]:
    """Makes tables in moto as the local cloud corrects it."""
    os.environ.update(
        AWS_ACCESS_KEY_ID="local", AWS_SECRET_ACCESS_KEY="local", AWS_DEFAULT_REGION="us-east-1", AWS_ACCOUNT_ID_ENDPOINT_MODE="disabled"
    )
    from moto import mock_aws

    from local.runtime import dynamodb
    from regulars.adapters.dynamo_profiles import DynamoProfiles

    dynamodb.install()
    with mock_aws():
        import boto3

        def table(name: str) -> DynamoProfiles:
            boto3.client("dynamodb").create_table(
                TableName=name,
                BillingMode="PAY_PER_REQUEST",
                AttributeDefinitions=[{"AttributeName": "user_id", "AttributeType": "S"}],
                KeySchema=[{"AttributeName": "user_id", "KeyType": "HASH"}],
            )
            return DynamoProfiles(name)

        yield table
