"""A run to a million people through `deliver`, in shards as production has them, one after another in one process, as one warm function has them."""

import resource
import sys
import time

from bench.deliver import LATENCY, measured, send_theirs, untuned_collector
from bench.delivery_world import World, world
from bench.firebase import firebase_at
from bench.table import BenchRow
from regulars.domain.campaigns.run import MAX_SHARDS, PEOPLE_PER_SHARD

PEOPLE = 1_000_000
THEIRS = 2_000
MEMORY = 300
"""Megabytes that a worker may have."""


def rows(people: int = PEOPLE) -> list[BenchRow]:
    with world(latency=LATENCY) as place:
        count = min(MAX_SHARDS, -(-people // PEOPLE_PER_SHARD))
        place.launch("million", [range(people * number // count, people * (number + 1) // count) for number in range(count)])
        ours = measured(lambda: _deliver(place, count), people)
        memory, units = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, place.used()["dynamodb_write"] / people
        with firebase_at(place.double) as app, untuned_collector():  # afterwards: it takes memory of its own
            send_theirs(app, 100)
            theirs = measured(lambda: send_theirs(app, THEIRS), THEIRS)
        accepted, wanted = place.double.counts()["accepted"], people + 100 + THEIRS
        if accepted != wanted:
            raise RuntimeError(f"the double accepted {accepted} messages in place of {wanted}")
    to, note = f"deliver to {people:,}", "firebase-admin send_each"
    return [
        BenchRow(f"{to}: rate", ours.per_second, theirs.per_second, ours.per_second / theirs.per_second, "messages/s", f"{note}; higher is better"),
        BenchRow(f"{to}: CPU", ours.cpu, theirs.cpu, ours.cpu / theirs.cpu, "s / 10,000 messages", f"{note}; lower is better"),
        BenchRow(f"{to}: memory", memory, MEMORY, memory / MEMORY, "MB at most", "what a worker may have"),
        BenchRow(f"{to}: writes", units, 1.0, units, "write units a recipient", "what a recipient may cost in DynamoDB"),
    ]


def _deliver(place: World, shards: int) -> None:
    """Says how it goes: memory is to be flat."""
    began = time.monotonic()
    for shard in range(shards):
        place.deliver("million", shard)
        if shard % 10 == 9:
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(f"  shard {shard + 1} of {shards}: {time.monotonic() - began:.0f} s, {peak:.0f} MB at most", file=sys.stderr)
