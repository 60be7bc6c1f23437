"""The last step of a look back: what was counted of the shards, added up, or why there is nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from regulars.domain.journeys.hindsight import Hindsight, hindsight
from regulars.domain.journeys.look_back import plan_key, result_key, tally_key
from regulars.domain.journeys.look_back_cost import look_back_cost, running
from regulars.domain.journeys.tally import Tallies
from regulars.domain.lake.buckets import BUCKETS
from regulars.ports import Clock, ObjectStore
from regulars.usecases.look_back import RESULTS, Result
from regulars.usecases.plan_replay import PLANS
from regulars.usecases.replay_shard import TALLIES


@dataclass(frozen=True)
class Spent:
    """What the steps before took: the bytes that each query read, and the seconds of each call of a function of so many gigabytes."""

    scans: Sequence[int]
    seconds: Sequence[float]
    gigabytes: float


def merge_replay(look_back_id: str, shards: int, *, events: int, spent: Spent, lake: ObjectStore, clock: Clock) -> Sequence[Hindsight]:
    """Written to `result_key`, the journey that was asked for first. `events` are those that the plan has counted. One shard's tallies are in memory
    beside the sum. Raises NotFoundError where a shard was not counted, StoreUnavailableError."""
    begun = clock.now()
    look_back = PLANS.validate_json(lake.get(plan_key(look_back_id)))
    total = Tallies({})
    for shard in range(shards):
        total.add(TALLIES.validate_json(lake.get(tally_key(look_back_id, shard))))
    seconds = [*spent.seconds, (clock.now() - begun).total_seconds()]
    cost = look_back_cost(spent.scans, seconds, spent.gigabytes, shards)
    found = [
        replace(
            hindsight(book.latest, look_back.span, total),
            texts_of=look_back.text_buckets / BUCKETS,
            bytes_scanned=sum(spent.scans),
            cost_usd=round(cost.usd, 8),
            cost=cost,
            running=running(events, total.of[journey_id].moves, total.of[journey_id].messages.total()),
        )
        for journey_id, book in look_back.books.items()
    ]
    lake.put(result_key(look_back_id), RESULTS.dump_json(Result(found)))
    return found


def tell_failure(look_back_id: str, reason: str, *, lake: ObjectStore) -> None:
    """Whoever asks after the look back is told why there is nothing."""
    lake.put(result_key(look_back_id), RESULTS.dump_json(Result(reason=reason)))
