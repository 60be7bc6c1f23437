"""One shard of a run: render, send, and keep every outcome. Safe to do again, at any point where it was cut off."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from regulars.domain.campaigns.campaign import Campaign
from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.campaigns.run import PARALLEL_WORKERS, Run, RunError
from regulars.domain.campaigns.shards import Fingerprints, read_shard, shard_keys
from regulars.domain.campaigns.source import ShardSource
from regulars.domain.errors import ConflictError, NotFoundError, PushConfigurationError, StoreUnavailableError
from regulars.ports import ClaimStore, Clock, ObjectStore, ProfileStore, PushSender, RunStore
from regulars.usecases.delivery_journal import Journal
from regulars.usecases.delivery_pass import DeliveryPass
from regulars.usecases.run_devices import RunDevices


@dataclass(frozen=True)
class Delivered:
    """What one call did, in recipients (devices, and people without any). Not `done`: call again with the same arguments."""

    run_id: str
    shard: int
    key: str
    done: bool
    sent: int = 0
    failed: int = 0
    skipped: int = 0
    unknown: int = 0


def deliver(
    run_id: str,
    shard: int,
    key: str,
    *,
    holder: str,
    deadline: datetime,
    runs: RunStore,
    claims: ClaimStore,
    lake: ObjectStore,
    profiles: ProfileStore,
    push_sender: PushSender,
    clock: Clock,
) -> Delivered:
    """Sends to the recipients in the object at `key`, except those of whom the journal knows already; takes nobody new after `deadline`.

    `holder` names this call in claims. A recipient's failure is data. Raises InfrastructureError, with everything that is known recorded;
    PushConfigurationError is also written into the run, so that the other shards stop.
    """
    run = runs.get(run_id).value
    if run.error:
        raise PushConfigurationError(f"the run was stopped: {run.error.message}")
    campaign = parse_campaign(run.campaign.document)
    resend = campaign.delivery.when_unsure == "resend"
    journal = Journal(run_id=run_id, campaign_id=campaign.id, shard=shard, resend=resend, holder=holder, lake=lake, claims=claims)
    source = ShardSource(run, campaign, read_shard(lake.get(key)))
    devices = RunDevices(run_id, known=lambda: _known_tokens(run, lake), claims=claims)
    work = DeliveryPass(source, journal, devices, profiles, clock)
    try:
        with push_sender.open(per_second=_share(run, campaign), deadline=deadline) as session:
            work.run(session)
    except PushConfigurationError as error:
        _stop_run(run_id, error, runs)
        raise
    done, counts = all(journal.is_done(number) for number, _ in source.windows()), work.counts
    return Delivered(run_id, shard, key, done, counts["sent"], counts["failed"], counts["skipped"], counts["unknown"])


def _share(run: Run, campaign: Campaign) -> float:
    """How many pushes a second are this shard's."""
    return campaign.delivery.per_second / min(PARALLEL_WORKERS, max(1, run.shards or 1))


def _known_tokens(run: Run, lake: ObjectStore) -> Fingerprints:
    """Raises StoreUnavailableError: without the run's shards nobody can say whose a device is."""
    try:
        return Fingerprints(lake.get(key) for key in shard_keys(lake.get(run.manifest)))
    except NotFoundError as error:
        raise StoreUnavailableError(f"the shards of run {run.run_id} are gone: {error}") from error


def _stop_run(run_id: str, error: PushConfigurationError, runs: RunStore) -> None:
    stored = runs.get(run_id)
    with suppress(ConflictError):  # another shard was told the same, and was first
        runs.put(stored.value.stopped(RunError.of(error)), expected=stored.version)
