"""The second step of a run: Athena's manifest of the recipients as the list of shards that the state machine maps over."""

import csv
from dataclasses import dataclass

from regulars.domain.campaigns.run import manifest_key
from regulars.domain.campaigns.shards import shard_manifest
from regulars.ports import ObjectStore, RunStore


@dataclass(frozen=True)
class Sharded:
    """Where the list of shards is, and how many there are."""

    run_id: str
    manifest: str
    shards: int


def shard(run_id: str, *, manifest: str, lake: ObjectStore, runs: RunStore) -> Sharded:
    """One shard for each file that UNLOAD wrote, listed in the object at the manifest's key (`shard_manifest`).

    `manifest` is the s3 URL of Athena's list, or "" where Athena gave none: nobody is to be sent to.
    Shards are numbered in the order of their names, so that doing this twice gives the same numbers.
    """
    shards = sorted(_written(manifest, lake))
    key = manifest_key(run_id)
    lake.put(key, shard_manifest(run_id, shards))
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
