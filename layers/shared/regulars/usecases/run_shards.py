"""Reading the shards of a run.

Each raises StoreUnavailableError where a part of them is gone: then nobody can say who is in it, or whose a device is.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar

from regulars.domain.campaigns.run import Run
from regulars.domain.campaigns.shards import Fingerprints, Shard, manifest_shards, read_fingerprints, read_recipients
from regulars.domain.delivery.recipients import Recipient
from regulars.domain.errors import NotFoundError, StoreUnavailableError
from regulars.ports import ObjectStore

T = TypeVar("T")


def run_shards(run: Run, lake: ObjectStore) -> Mapping[int, Shard]:
    """The run's, by number."""
    return {shard.number: shard for shard in manifest_shards(_there(lake.get, run.manifest))}


def recipients(shard: Shard, lake: ObjectStore) -> Iterator[Recipient]:
    return (person for key in shard.keys for person in read_recipients(_there(lake.chunks, key)))


def known_tokens(shards: Iterable[Shard], lake: ObjectStore) -> Fingerprints:
    """Those that the lake knew of everybody in the shards."""
    keys = (key for shard in shards for key in shard.keys)
    return Fingerprints(mark for key in keys for mark in read_fingerprints(_there(lake.chunks, key)))


def _there(read: Callable[[str], T], key: str) -> T:
    try:
        return read(key)
    except NotFoundError as error:
        raise StoreUnavailableError(f"the run's shards are not whole: {error}") from error
