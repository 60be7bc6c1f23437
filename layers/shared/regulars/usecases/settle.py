"""What may have gone out and is not recorded when nobody sends any more: its people are `unknown` before anybody counts.

A call that ended wrote down what it knew; one that died left in the shard's progress whom it may have been sending to. `settle` takes the shard over,
as any call does, so that one which lives after all is waited for, and fails at its next write where it had only slept.
"""

from regulars.domain.campaigns.run import Run
from regulars.domain.campaigns.shards import Shard
from regulars.domain.delivery.recipients import windows
from regulars.ports import Clock, ObjectStore, ProgressStore, RunStore
from regulars.usecases.delivery_journal import Journal
from regulars.usecases.run_shards import as_far_as_known, recipients, run_shards

HOLDER = "settle"


def settle(
    run_id: str,
    shard: int | None = None,
    *,
    execution: int | None = None,
    runs: RunStore,
    progress: ProgressStore,
    lake: ObjectStore,
    clock: Clock,
) -> int:
    """Writes into the journal what is in doubt of a shard, or of the whole run, to which nobody sends any more; how many recipients are unknown now.
    Nothing, where somebody will: the run is paused, or goes on in a later execution than that of this number.

    Safe to repeat. Raises ShardHeldError where a call is sending all the same, StoreUnavailableError, with what was found until then written.
    """
    run = runs.get(run_id).value
    if not run.manifest:
        return 0  # nobody sends before there are shards
    if run.pause or execution not in (None, run.executions):
        return 0
    shards = run_shards(run, lake)
    chosen = shards.values() if shard is None else [shards[shard]]
    return sum(_settled(run, each, progress, lake, clock) for each in chosen)


def _settled(run: Run, shard: Shard, progress: ProgressStore, lake: ObjectStore, clock: Clock) -> int:
    before = progress.get(run.run_id, shard.number).value
    if before.is_settled and not before.held(HOLDER, clock.now()):
        return 0
    journal = Journal(
        run_id=run.run_id,
        campaign_id=run.campaign.id,
        shard=shard.number,
        resend=False,
        holder=HOLDER,
        lake=lake,
        progress=progress,
        clock=clock,
    )
    for first, people in windows(as_far_as_known(recipients(shard, lake))):
        for _ in journal.open(first, people):
            pass  # nothing happened to them
    journal.close()
    return journal.counts["unknown"]
