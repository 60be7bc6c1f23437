"""Reading the shards of a run.

Each raises StoreUnavailableError where a part of them is gone: then nobody can say who is in it, or whose a device is. Of a file that is cut off what
comes before is read, and then it is said where; who comes after is sent nothing, so that nobody else has to wait for them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import TypeVar

from regulars.domain.campaigns.run import Run
from regulars.domain.campaigns.shards import Fingerprints, Shard, manifest_shards, read_fingerprints, read_recipients
from regulars.domain.delivery.recipients import Recipient
from regulars.domain.errors import NotFoundError, ShardCutOffError, StoreUnavailableError
from regulars.ports import ObjectStore

T = TypeVar("T")


def run_shards(run: Run, lake: ObjectStore) -> Mapping[int, Shard]:
    """The run's, by number."""
    return {shard.number: shard for shard in manifest_shards(_there(lake.get, run.manifest))}


def recipients(shard: Shard, lake: ObjectStore) -> Iterator[Recipient]:
    """Raises ShardCutOffError after the last who is known."""
    return (person for key in shard.keys for person in read_recipients(_there(lake.chunks, key), key))


def known_tokens(shards: Iterable[Shard], lake: ObjectStore) -> Fingerprints:
    """Those that the lake knew of everybody in the shards."""
    keys = (key for shard in shards for key in shard.keys)
    return Fingerprints(mark for key in keys for mark in as_far_as_known(read_fingerprints(_there(lake.chunks, key), key)))


def as_far_as_known(those: Iterator[T]) -> Iterator[T]:
    """Those before the place where a file is cut off."""
    with suppress(ShardCutOffError):
        yield from those


def _there(read: Callable[[str], T], key: str) -> T:
    try:
        return read(key)
    except NotFoundError as error:
        raise StoreUnavailableError(f"the run's shards are not whole: {error}") from error
