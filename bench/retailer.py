"""The demonstration's retailer in a lake of the local Athena: what `curate` and `layout` are measured on."""

import base64
import gzip
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from bench import schema
from bench.stand_ins import EveryName, NoDevices, NoProfiles, Queue
from local.demo.households import batches
from regulars.domain.collection.message import QueueMessage
from regulars.usecases.load import load

if TYPE_CHECKING:
    from regulars.adapters.athena_queries import AthenaQueries

BUCKET: Final = "lake"
REGION: Final = "us-east-1"
MESSAGES_A_LOAD: Final = 10
"""Requests that one `load` takes and one raw object holds, when the shop sends as fast as it can."""
POLL_SECONDS: Final = 0.01


@dataclass(frozen=True)
class RawEvents:
    """What `load` writes of the retailer's events, by key."""

    events: int
    objects: Mapping[str, bytes] = field(repr=False)
    written: datetime = field(default_factory=lambda: datetime.now(UTC))


class _Objects:
    def __init__(self) -> None:
        self.by_key: dict[str, bytes] = {}

    def put(self, key: str, body: bytes, *, only_if_absent: bool = False) -> bool:
        self.by_key[key] = body
        return True

    def get(self, key: str) -> bytes:
        return self.by_key[key]

    def chunks(self, key: str, *, start: int = 0) -> Iterator[bytes]:
        yield self.by_key[key]

    def copy(self, key: str, to: str) -> None:
        raise AssertionError("nothing is copied here")

    def keys(self, prefix: str, *, after: str = "") -> Iterator[str]:
        return (key for key in sorted(self.by_key) if key.startswith(prefix) and key > after)

    def versions(self, prefix: str) -> Iterator[tuple[str, str]]:
        return ((key, key) for key in self.keys(prefix))


@dataclass(frozen=True)
class _Clock:
    moment: datetime

    def now(self) -> datetime:
        return self.moment


def raw_events(households: int) -> RawEvents:
    """The events of the first `households` households, through the real `load`."""
    now, objects, total = datetime.now(UTC), _Objects(), 0
    waiting: list[QueueMessage] = []

    def flush() -> None:
        load(waiting, objects=objects, profiles=NoProfiles(), devices=NoDevices(), names=EveryName(), queue=Queue(), clock=_Clock(now))
        waiting.clear()

    for number, (events, body) in enumerate(batches(households)):
        total += events
        encoded = base64.b64encode(gzip.compress(body, 1)).decode()
        waiting.append(QueueMessage(str(number), f"{now.isoformat(timespec='milliseconds')}|bench|batch|{encoded}"))
        if len(waiting) == MESSAGES_A_LOAD:
            flush()
    if waiting:
        flush()
    return RawEvents(total, objects.by_key, now)


@contextmanager
def lake() -> Iterator[None]:
    """moto with a bucket and a work group `bench`, and Athena that executes."""
    from moto import mock_aws

    import local.athena

    os.environ.update(AWS_ACCESS_KEY_ID="local", AWS_SECRET_ACCESS_KEY="local", AWS_DEFAULT_REGION=REGION)
    with mock_aws():
        import boto3

        local.athena.install()
        try:
            boto3.client("s3", region_name=REGION).create_bucket(Bucket=BUCKET)
            configuration: Any = {"ResultConfiguration": {"OutputLocation": f"s3://{BUCKET}/results/"}}
            boto3.client("athena", region_name=REGION).create_work_group(Name="bench", Configuration=configuration)
            yield
        finally:
            local.athena.stop()


def put(objects: Mapping[str, bytes]) -> None:
    """Into the lake's bucket."""
    import boto3

    s3 = boto3.client("s3", region_name=REGION)
    for key, body in objects.items():
        s3.put_object(Bucket=BUCKET, Key=key, Body=body)


def database(name: str, partitioning: str | None = None) -> "AthenaQueries":
    """A new database with the project's own tables, `events` partitioned otherwise if `partitioning` says so."""
    import boto3

    from regulars.adapters.athena_queries import AthenaQueries

    boto3.client("glue", region_name=REGION).create_database(DatabaseInput={"Name": name})
    client = boto3.client("athena", region_name=REGION)
    queries = AthenaQueries(database=name, work_group="bench", client=client, sleep=lambda _: time.sleep(POLL_SECONDS))
    for ddl in schema.statements(BUCKET):
        ddl = ddl.replace(f"{BUCKET}/lake/", f"{BUCKET}/lake/{name}/")  # raw/ is everybody's
        if partitioning is not None:
            ddl = ddl.replace("PARTITIONED BY (month(event_ts), event_name)\n", partitioning)
        queries.run(ddl)
    return queries
