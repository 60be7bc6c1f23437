"""The shards of a run: its recipients, as Athena unloaded them, and the list that the state machine maps over."""

import gzip
from collections.abc import Iterable, Iterator

import orjson

from regulars.domain.delivery.recipients import Address, Recipient


def read_shard(body: bytes) -> list[Recipient]:
    """Gzipped NDJSON of `user_id, arm, device_id, fingerprint`, in the order of the file, which never changes.

    JSON of UNLOAD leaves nulls out or writes null.
    """
    return [_recipient(line) for line in gzip.decompress(body).splitlines() if line]


def _recipient(line: bytes) -> Recipient:
    row = orjson.loads(line)
    device_id = row.get("device_id")
    address = Address("push", device_id, row.get("fingerprint") or "") if device_id else None
    return Recipient(row["user_id"], row["arm"], address)


def fingerprints(body: bytes) -> Iterator[str]:
    """Those of the tokens in a shard."""
    return (person.address.fingerprint for person in read_shard(body) if person.address)


def shard_manifest(run_id: str, keys: Iterable[str]) -> bytes:
    """The list that the state machine maps over: `[{"run_id", "shard", "key"}..]`, numbered in the order of `keys`."""
    return orjson.dumps([{"run_id": run_id, "shard": number, "key": key} for number, key in enumerate(keys)])


def shard_keys(manifest: bytes) -> list[str]:
    """The keys in a `shard_manifest`."""
    return [shard["key"] for shard in orjson.loads(manifest)]
