"""The second step of a run: Athena's manifest of the recipients as the list of shards that the state machine maps over."""

import csv
from dataclasses import dataclass

import orjson

from regulars.domain.campaigns.run import manifest_key
from regulars.ports import ObjectStore, RunStore


@dataclass(frozen=True)
class Sharded:
    """Where the list of shards is, and how many there are."""

    run_id: str
    manifest: str
    shards: int


def shard(run_id: str, *, manifest: str, lake: ObjectStore, runs: RunStore) -> Sharded:
    """The object at the manifest's key holds `[{"run_id", "shard", "key"}..]`, one for each file that UNLOAD wrote.

    `manifest` is the s3 URL of Athena's list, or "" where Athena gave none: nobody is to be sent to.
    Shards are numbered in the order of their names, so that doing this twice gives the same numbers.
    """
    shards = [{"run_id": run_id, "shard": number, "key": key} for number, key in enumerate(sorted(_written(manifest, lake)))]
    key = manifest_key(run_id)
    lake.put(key, orjson.dumps(shards))
    stored = runs.get(run_id)
    runs.put(stored.value.sharded(key, len(shards)), expected=stored.version)
    return Sharded(run_id, key, len(shards))


def _written(manifest: str, lake: ObjectStore) -> list[str]:
    """The keys in Athena's manifest: a CSV of one column, the URL of each file
    (https://docs.aws.amazon.com/athena/latest/ug/unload.html, "DataManifestLocation")."""
    if not manifest:
        return []
    listed = lake.get(_key(manifest)).decode()
    return [_key(row[0].strip()) for row in csv.reader(listed.splitlines()) if row and row[0].strip()]


def _key(url: str) -> str:
    """The key in `s3://bucket/key`."""
    return url.removeprefix("s3://").partition("/")[2]
