"""Where the whole of `deliver` is measured: an FCM double, S3 (moto) and DynamoDB (`people_store`), each in a process of its own, as they are on AWS,
so that what this process does is what the function does."""

import gzip
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from unittest.mock import patch

import boto3
import orjson

import functions.deliver.handler  # noqa: F401 - sets Python's collector of cycles, as it does for the function
from bench import people_store
from bench.amounts import Amounts
from local import fcm
from local.fcm import FcmDouble
from regulars.adapters.dynamo_claims import DynamoClaims
from regulars.adapters.dynamo_contacts import DynamoContacts
from regulars.adapters.dynamo_definitions import DynamoDefinitions
from regulars.adapters.dynamo_devices import DynamoDevices
from regulars.adapters.dynamo_profiles import DynamoProfiles
from regulars.adapters.dynamo_progress import DynamoProgress
from regulars.adapters.dynamo_runs import DynamoRuns
from regulars.adapters.fcm import FcmSender
from regulars.adapters.s3_objects import S3Objects
from regulars.domain.campaigns.run import Run
from regulars.domain.campaigns.shards import Shard, shard_manifest
from regulars.domain.definitions import Definition
from regulars.usecases.deliver import Delivered, deliver

PUSH: Final = {"body": "You left something in your cart", "collapse_key": "cart", "ttl": "86400s"}
CAMPAIGN: Final[dict[str, Any]] = {
    "id": "bench",
    "name": "Bench",
    "audience": {"include": ["everyone"]},
    "message": {"push": {"title": "Hi {{ person.traits.trait_1 }}", **PUSH}},
    "delivery": {"per_second": 100_000},
}
TITLE: Final = "Hi value 1 of this person"
"""What each of them gets, so that others can send the same."""


class _Clock:
    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(frozen=True)
class World:
    """`people` is the address of the store of profiles, devices, claims and runs."""

    double: FcmDouble
    sender: FcmSender
    people: str

    def launch(self, run_id: str, shards: Sequence[range], *, notes: bool = False) -> None:
        """A run to the people of these numbers, whose pushes are noted for caps if it `notes` them."""
        now, lake = datetime.now(UTC), S3Objects("lake")
        for number, members in enumerate(shards):
            rows = b"\n".join(orjson.dumps(people_store.shard_row(member)) for member in members)
            lake.put(f"{run_id}/{number}.gz", gzip.compress(rows, 1))
        manifest = f"{run_id}/manifest.json"
        lake.put(manifest, shard_manifest(run_id, [Shard(number, [f"{run_id}/{number}.gz"]) for number in range(len(shards))]))
        campaign = Definition("campaign", "bench", 1, CAMPAIGN, now, "bench")
        DynamoRuns("runs").create(Run(run_id, campaign, {}, now, now, now, "bench", manifest=manifest, shards=len(shards), notes=notes))

    def deliver(self, run_id: str, shard: int) -> Delivered:
        """One call of the function. Raises RuntimeError if it is not done with the shard after it."""
        return deliver_shard(self.sender, run_id, shard)

    def used(self) -> Amounts:
        """What DynamoDB would have been paid for, by name of a price."""
        with urllib.request.urlopen(self.people) as answer:
            return Amounts(orjson.loads(answer.read()))


def deliver_shard(sender: FcmSender, run_id: str, shard: int) -> Delivered:
    """One call of the function. Raises RuntimeError if it is not done with the shard after it."""
    done = deliver(
        run_id,
        shard,
        execution=1,
        holder="bench",
        deadline=datetime.now(UTC) + timedelta(minutes=10),
        runs=DynamoRuns("runs"),
        claims=DynamoClaims("claims"),
        progress=DynamoProgress("claims"),
        lake=S3Objects("lake"),
        profiles=DynamoProfiles(people_store.PROFILES),
        devices=DynamoDevices(people_store.DEVICES),
        contacts=DynamoContacts(people_store.CONTACTS),
        definitions=DynamoDefinitions("definitions"),
        push_sender=sender,
        clock=_Clock(),
    )
    if not done.done:
        raise RuntimeError(f"shard {shard} is not done: {done}")
    return done


@contextmanager
def world(*, latency: float) -> Iterator[World]:
    """FCM answers after so many seconds."""
    with people_store.started() as people, _objects() as objects:
        ours = {"AWS_ENDPOINT_URL_S3": objects, "AWS_ENDPOINT_URL_DYNAMODB": people, "AWS_ACCESS_KEY_ID": "bench", "AWS_SECRET_ACCESS_KEY": "bench"}
        with patch.dict(os.environ, {**ours, "AWS_DEFAULT_REGION": "us-east-1", "NO_PROXY": "127.0.0.1"}):
            _create_bucket()
            double = fcm.start()
            try:
                double.set_faults(latency=latency)
                yield World(double, FcmSender(double.service_account, base_url=double.url, ca_bundle=str(double.ca_path)), people)
            finally:
                double.stop()


@contextmanager
def _objects() -> Iterator[str]:
    """The address of moto's server."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def _create_bucket() -> None:
    for patience in range(100):
        try:
            boto3.client("s3").create_bucket(Bucket="lake")
            return
        except Exception:
            if patience == 99:
                raise
            time.sleep(0.1)
