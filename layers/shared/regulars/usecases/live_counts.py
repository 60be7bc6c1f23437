"""How far a run is while it is under way: its people's fates as the calls of `deliver` tell them, added up."""

from dataclasses import replace

from regulars.domain.campaigns.counts import live
from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.campaigns.promises import policy_of
from regulars.domain.campaigns.run import Run, RunSummary
from regulars.ports import Clock, ObjectStore, ProgressStore
from regulars.usecases.held_places import read_held
from regulars.usecases.run_shards import run_shards


def live_counts(run: Run, *, progress: ProgressStore, lake: ObjectStore, clock: Clock) -> RunSummary:
    """The run's summary with the counts of this moment, how many people a second have their turn of late, and how long the rest takes at that.

    A run that has ended, or that has no shards yet, is told as it was written down. The counts are those of each shard's last word: behind by the
    block of at most 100 recipients that is under way. Of whoever is held back it says how many recipients they are, and when the first may go.
    Raises StoreUnavailableError.
    """
    if run.has_ended or not run.manifest:
        return run.summary
    now, numbers = clock.now(), sorted(run_shards(run, lake))
    shards = progress.get_many(run.run_id, numbers)
    counts = live(run.counts, [shard.tally for shard in shards])
    per_second = sum(shard.tally.per_second for shard in shards if shard.is_at_work(now))
    held = [read_held(run.run_id, number, lake=lake) for number in numbers] if _may_hold(run) else []
    until = [moment for each in held for moment in each.until.values() if moment > now]
    lefts = [*([counts.not_reached / per_second] if per_second else []), *((moment - now).total_seconds() for moment in until)]
    return replace(
        run.summary,
        counts=counts,
        per_second=per_second,
        seconds_left=None if run.pause else max(lefts, default=None),
        held=len(until),
        held_until=min(until, default=None),
    )


def _may_hold(run: Run) -> bool:
    return policy_of(run, parse_campaign(run.campaign.document)).goes_by_clocks
