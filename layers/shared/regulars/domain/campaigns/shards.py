"""The shards of a run: its recipients, as Athena unloaded them, and the list that the state machine maps over.

Athena writes a folder a shard and in it as many files as it likes: one huge one, or many. A shard is all of its files, in the order of their
names, and is read as a stream, so that memory does not grow with it.
"""

import re
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson

from regulars.domain.delivery.recipients import Address, Recipient
from regulars.domain.errors import RegularsError
from regulars.domain.lake.unloaded import unloaded_lines

_FOLDER = re.compile(r"/shard=(\d+)/[^/]+$")
_BUCKET_BITS: Final = 12


@dataclass(frozen=True)
class Shard:
    """`number` is the value of the partition that Athena wrote; `keys` are its objects in the lake's bucket, in the order of reading."""

    number: int
    keys: Sequence[str]


def shards_of(keys: Iterable[str]) -> Sequence[Shard]:
    """The shards that lie in the objects that UNLOAD wrote, by number; a partition without an object is none.

    Raises RegularsError for an object that is in no shard's folder.
    """
    found: dict[int, list[str]] = defaultdict(list)
    for key in keys:
        folder = _FOLDER.search(key)
        if folder is None:
            raise RegularsError(f"Athena unloaded {key}, which is in no folder shard=N")
        found[int(folder[1])].append(key)
    return [Shard(number, sorted(found[number])) for number in sorted(found)]


def shard_manifest(run_id: str, shards: Iterable[Shard]) -> bytes:
    """The list that the state machine maps over: `[{"run_id", "shard", "keys"}..]`."""
    return orjson.dumps([{"run_id": run_id, "shard": shard.number, "keys": shard.keys} for shard in shards])


def manifest_shards(manifest: bytes) -> Sequence[Shard]:
    """The shards in a `shard_manifest`."""
    return [Shard(each["shard"], each["keys"]) for each in orjson.loads(manifest)]


def read_recipients(chunks: Iterable[bytes], key: str) -> Iterator[Recipient]:
    """Out of an object's bytes in pieces: gzipped NDJSON of `user_id, arm, device_id, fingerprint, skip_reason`, in the order of the file.

    JSON of UNLOAD leaves nulls out or writes null. Raises ShardCutOffError, which names the `key`, after all that comes before the end is missing.
    """
    return (_recipient(orjson.loads(line)) for line in unloaded_lines(chunks, key))


def read_fingerprints(chunks: Iterable[bytes], key: str) -> Iterator[str]:
    """The same object's fingerprints alone. Raises as `read_recipients`."""
    rows = (orjson.loads(line) for line in unloaded_lines(chunks, key))
    return (row["fingerprint"] for row in rows if row.get("fingerprint"))


def _recipient(row: dict[str, Any]) -> Recipient:
    device_id = row.get("device_id")
    address = Address("push", device_id, row.get("fingerprint") or "") if device_id else None
    return Recipient(row["user_id"], row["arm"], address, row.get("skip_reason") or "")


class Fingerprints:
    """Those of all tokens that the lake knew of a run's recipients: eight bytes each, for a run may have millions."""

    def __init__(self, marks: Iterable[str]) -> None:
        # By their first bits, so that a question looks at few: to sort them all would take five times the memory.
        self._buckets = [array("Q") for _ in range(1 << _BUCKET_BITS)]
        for mark in marks:
            self._bucket(number := int(mark, 16)).append(number)

    def __contains__(self, mark: object) -> bool:
        number = int(str(mark), 16)
        return number in self._bucket(number)

    def _bucket(self, number: int) -> "array[int]":
        return self._buckets[number >> (64 - _BUCKET_BITS)]
