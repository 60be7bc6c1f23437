"""The whole of `deliver`, from the shard's object to the journal's, against the bare sender through the same double.

S3 and DynamoDB run in a process of their own, as they do on AWS: what counts here is the CPU of the function.
"""

import gzip
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3

from bench.table import BenchRow
from local import fcm
from local.fcm import FcmDouble
from regulars.adapters.dynamo_claims import DynamoClaims
from regulars.adapters.dynamo_devices import DynamoDevices
from regulars.adapters.dynamo_profiles import DynamoProfiles
from regulars.adapters.dynamo_runs import DynamoRuns
from regulars.adapters.fcm import FcmSender
from regulars.adapters.s3_objects import S3Objects
from regulars.domain.campaigns.run import Run
from regulars.domain.campaigns.shards import Shard, shard_manifest
from regulars.domain.collection.device import PushTarget
from regulars.domain.definitions import Definition
from regulars.domain.delivery.recipients import fingerprint
from regulars.domain.messages.fcm import fcm_message
from regulars.domain.people.device import Device, Registration, Use
from regulars.domain.people.profile import Profile
from regulars.domain.people.traits import KnownTrait
from regulars.ports import Push
from regulars.usecases.deliver import deliver

PEOPLE = 3_000
ROUNDS = 3
TRAITS = 10
AT = "2026-11-01T00:00:00.000Z"
TABLES = {"profiles": ("user_id",), "devices": ("device_id",), "runs": ("run_id", "part"), "claims": ("name",)}
PUSH = {"body": "You left something in your cart", "collapse_key": "cart", "ttl": "86400s"}
CAMPAIGN: dict[str, Any] = {
    "id": "bench",
    "name": "Bench",
    "audience": {"include": ["everyone"]},
    "message": {
        "push": {"title": "Hi {{ person.traits.trait_1 }}", "body": "You left something in your cart", "collapse_key": "cart", "ttl": "86400s"}
    },
    "delivery": {"per_second": 100_000},
}


class _Clock:
    def now(self) -> datetime:
        return datetime.now(UTC)


def rows() -> list[BenchRow]:
    with _stores(), _double() as double:
        sender = FcmSender(double.service_account, base_url=double.url, ca_bundle=str(double.ca_path))
        _fill()
        ours, floor = [], []
        for number in range(ROUNDS + 1):  # the first warms up
            ours.append(_cpu(lambda run=f"bench-{number}": _deliver(run, sender)))
            floor.append(_cpu(lambda: _send(sender)))
    mine, bare = min(ours[1:]) / PEOPLE * 1e6, min(floor[1:]) / PEOPLE * 1e6
    note = f"the bare sender; a person has {TRAITS} traits and one device; lower is better"
    return [BenchRow("deliver, CPU a message", mine, bare, mine / bare, "us", note)]


def _cpu(work: Any) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _send(sender: FcmSender) -> None:
    """As many messages of the same form, made beforehand."""
    data = {"campaign_id": "bench", "run_id": "bench", "variant": "treated", "message_id": "0" * 32}
    push = {"title": "Hi value 1 of this person", **PUSH}
    pushes = [
        Push(number, json.dumps({"message": fcm_message(push, PushTarget("token", _token(number)), data)}).encode()) for number in range(PEOPLE)
    ]
    with sender.open(per_second=100_000) as session:
        session.take(pushes)
        while session.busy:
            session.results()


def _token(number: int) -> str:
    return f"device-{number:08d}:APA91b" + "x" * 134


def _deliver(run_id: str, sender: FcmSender) -> None:
    now, runs = datetime.now(UTC), DynamoRuns("runs")
    campaign = Definition("campaign", "bench", 1, CAMPAIGN, now, "bench")
    runs.create(Run(run_id, campaign, {}, now, now, now, "bench", manifest="manifest.json", shards=1))
    done = deliver(
        run_id,
        0,
        holder="bench",
        deadline=now + timedelta(minutes=10),
        runs=runs,
        claims=DynamoClaims("claims"),
        lake=S3Objects("lake"),
        profiles=DynamoProfiles("profiles"),
        devices=DynamoDevices("devices"),
        push_sender=sender,
        clock=_Clock(),
    )
    if done.sent != PEOPLE:
        raise RuntimeError(f"{done.sent} of {PEOPLE} were sent to: nothing to compare")


def _fill() -> None:
    profiles, devices, shard = DynamoProfiles("profiles"), DynamoDevices("devices"), []
    for number in range(PEOPLE):
        user_id, device_id, token = f"user-{number:07d}", f"device-{number}", _token(number)
        traits = {f"trait_{n}": KnownTrait(f"value {n} of this person", AT) for n in range(TRAITS)}
        profiles.put(Profile(user_id, traits, {device_id: AT}), expected=0)
        registration = Registration(AT, "", user_id, PushTarget("token", token))
        devices.put(Device(device_id, Use(AT, "", user_id, "ios", "en-US", "Europe/Berlin", "5.2.0"), registration), expected=0)
        shard.append({"user_id": user_id, "arm": "treated", "device_id": device_id, "fingerprint": fingerprint(token)})
    S3Objects("lake").put("manifest.json", shard_manifest("bench", [Shard(0, ["shard.gz"])]))
    S3Objects("lake").put("shard.gz", gzip.compress("\n".join(json.dumps(row) for row in shard).encode()))


@contextmanager
def _double() -> Iterator[FcmDouble]:
    double = fcm.start()
    try:
        yield double
    finally:
        double.stop()


@contextmanager
def _stores() -> Iterator[None]:
    """moto's server in its own process, and this process's AWS clients pointed at it."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    ours = {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}", "AWS_ACCESS_KEY_ID": "bench", "AWS_SECRET_ACCESS_KEY": "bench"}
    before = dict(os.environ)
    os.environ.update({**ours, "AWS_DEFAULT_REGION": "us-east-1", "AWS_ACCOUNT_ID_ENDPOINT_MODE": "disabled", "NO_PROXY": "127.0.0.1"})
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            _create()
            yield
        finally:
            server.terminate()
            os.environ.clear()
            os.environ.update(before)


def _create() -> None:
    s3, dynamodb = boto3.client("s3"), boto3.client("dynamodb")
    for patience in range(100):
        try:
            s3.create_bucket(Bucket="lake")
            break
        except Exception:
            if patience == 99:
                raise
            time.sleep(0.1)
    for table, keys in TABLES.items():
        dynamodb.create_table(
            TableName=table,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
            KeySchema=[{"AttributeName": key, "KeyType": kind} for key, kind in zip(keys, ("HASH", "RANGE"), strict=False)],  # type: ignore[typeddict-item]
        )
