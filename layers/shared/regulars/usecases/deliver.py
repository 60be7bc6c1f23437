"""One shard of a run: render, send, and keep every outcome. Safe to do again, at any point where it was cut off."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from regulars.domain.campaigns.campaign import Campaign
from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.campaigns.run import PARALLEL_WORKERS, Run, RunError
from regulars.domain.campaigns.source import ShardSource
from regulars.domain.errors import ConflictError, PushConfigurationError
from regulars.ports import ClaimStore, Clock, DeviceStore, ObjectStore, ProfileStore, PushSender, RunStore
from regulars.usecases.delivery_journal import Journal
from regulars.usecases.delivery_pass import DeliveryPass
from regulars.usecases.run_devices import RunDevices
from regulars.usecases.run_shards import known_tokens, recipients, run_shards
from regulars.usecases.settle import settle


@dataclass(frozen=True)
class Delivered:
    """What one call did, in recipients (devices, and people without any). Not `done`: call again with the same arguments. `stopped`: the run does
    not go on, and neither does the shard."""

    run_id: str
    shard: int
    done: bool
    stopped: bool = False
    sent: int = 0
    failed: int = 0
    skipped: int = 0
    unknown: int = 0


def deliver(
    run_id: str,
    shard: int,
    *,
    holder: str,
    deadline: datetime,
    runs: RunStore,
    claims: ClaimStore,
    lake: ObjectStore,
    profiles: ProfileStore,
    devices: DeviceStore,
    push_sender: PushSender,
    clock: Clock,
) -> Delivered:
    """Sends to the recipients of a shard, except those of whom the journal knows already; takes nobody new after `deadline`.

    The run is asked before each window whether it goes on: it does not once somebody stopped it, whatever became of its execution. Then what is in
    doubt of the shard is settled, and nothing else is sent. `holder` names this call in claims. A recipient's failure is data. Raises
    InfrastructureError, with everything that is known recorded; PushConfigurationError is also written into the run, so that the other shards stop.
    """
    run = runs.get(run_id).value
    settled = partial(settle, run_id, shard, runs=runs, claims=claims, lake=lake, clock=clock)
    if not run.goes_on:
        return Delivered(run_id, shard, done=True, stopped=True, unknown=settled())
    campaign = parse_campaign(run.campaign.document)
    resend = campaign.delivery.when_unsure == "resend"
    journal = Journal(run_id=run_id, campaign_id=campaign.id, shard=shard, resend=resend, holder=holder, lake=lake, claims=claims)
    shards = run_shards(run, lake)
    source = ShardSource(run, campaign, recipients(shards[shard], lake))
    run_devices = RunDevices(run_id, known=lambda: known_tokens(shards.values(), lake), claims=claims)
    work = DeliveryPass(source, journal, run_devices, profiles, devices, clock, goes_on=lambda: runs.goes_on(run_id))
    try:
        with push_sender.open(per_second=_share(run, campaign), deadline=deadline) as session:
            work.run(session)
    except PushConfigurationError as error:
        _stop_run(run_id, error, runs, clock)
        raise
    done, counts = work.finished or work.stopped, work.counts
    unknown = counts["unknown"] + (settled() if work.stopped else 0)
    return Delivered(run_id, shard, done, work.stopped, counts["sent"], counts["failed"], counts["skipped"], unknown)


def _share(run: Run, campaign: Campaign) -> float:
    """How many pushes a second are this shard's."""
    return campaign.delivery.per_second / min(PARALLEL_WORKERS, max(1, run.shards or 1))


def _stop_run(run_id: str, error: PushConfigurationError, runs: RunStore, clock: Clock) -> None:
    stored = runs.get(run_id)
    with suppress(ConflictError):  # another shard was told the same, and was first
        runs.put(stored.value.stopped(RunError.of(error), clock.now()), expected=stored.version)
