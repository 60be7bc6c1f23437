"""One shard of a look back: its people, one after the other, through all journeys. What is counted of them is written down, and nothing else."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pydantic import TypeAdapter

from regulars.domain.journeys.look_back import plan_key, tally_key
from regulars.domain.journeys.past import Past, past_of
from regulars.domain.journeys.tally import Tallies
from regulars.domain.lake.unloaded import key_of, listed_keys, unloaded_lines
from regulars.ports import Clock, ObjectStore
from regulars.usecases.plan_replay import PLANS

TALLIES: Final[TypeAdapter[Tallies]] = TypeAdapter(Tallies)


@dataclass(frozen=True)
class ReplayedShard:
    """`seconds` are what it took."""

    shard: int
    events: int
    people: int
    seconds: float


def replay_shard(look_back_id: str, shard: int, *, manifest: str, lake: ObjectStore, clock: Clock) -> ReplayedShard:
    """`manifest` is the s3 URL of Athena's list of what it wrote, or "" where it gave none: then nobody did anything. Done again it writes the same.

    Raises NotFoundError, ShardCutOffError and StoreUnavailableError: what is not whole tells nothing."""
    begun = clock.now()
    look_back = PLANS.validate_json(lake.get(plan_key(look_back_id)))
    found = look_back.looking().over(_people(_keys(manifest, shard, lake), lake))
    lake.put(tally_key(look_back_id, shard), TALLIES.dump_json(found))
    return ReplayedShard(shard, found.events, found.people, (clock.now() - begun).total_seconds())


def _keys(manifest: str, shard: int, lake: ObjectStore) -> Sequence[str]:
    """Of the shard's objects: Athena writes each in the folder of its partition."""
    folder = re.compile(rf"/shard={shard}/[^/]+$")
    return [key for key in listed_keys(lake.get(key_of(manifest))) if folder.search(key)] if manifest else []


def _people(keys: Sequence[str], lake: ObjectStore) -> Iterator[Past]:
    return (past_of(line) for key in keys for line in unloaded_lines(lake.chunks(key), key))
