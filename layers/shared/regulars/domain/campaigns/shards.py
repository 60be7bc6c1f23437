"""The shards of a run: its recipients, as Athena unloaded them, and the list that the state machine maps over."""

import gzip
from array import array
from bisect import bisect_left
from collections.abc import Iterable

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


class Fingerprints:
    """Those of all tokens that the lake knew of a run's recipients, out of its shards. Eight bytes each: a run may have millions."""

    def __init__(self, shards: Iterable[bytes]) -> None:
        marks = array("Q")
        for body in shards:
            marks.extend(int(person.address.fingerprint, 16) for person in read_shard(body) if person.address and person.address.fingerprint)
        self._sorted = array("Q", sorted(marks))

    def __contains__(self, mark: object) -> bool:
        number = int(str(mark), 16)
        place = bisect_left(self._sorted, number)
        return place < len(self._sorted) and self._sorted[place] == number


def shard_manifest(run_id: str, keys: Iterable[str]) -> bytes:
    """The list that the state machine maps over: `[{"run_id", "shard", "key"}..]`, numbered in the order of `keys`."""
    return orjson.dumps([{"run_id": run_id, "shard": number, "key": key} for number, key in enumerate(keys)])


def shard_keys(manifest: bytes) -> list[str]:
    """The keys in a `shard_manifest`."""
    return [shard["key"] for shard in orjson.loads(manifest)]
