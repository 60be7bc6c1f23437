"""One shard of a run: render, send, and keep every outcome. Safe to do again, at any point where it was cut off."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from regulars.domain.campaigns.campaign import Campaign
from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.campaigns.run import PARALLEL_WORKERS, Run, RunError
from regulars.domain.campaigns.shards import Fingerprints, Shard, manifest_shards, read_fingerprints, read_recipients
from regulars.domain.campaigns.source import ShardSource
from regulars.domain.delivery.recipients import Recipient
from regulars.domain.errors import ConflictError, NotFoundError, PushConfigurationError, StoreUnavailableError
from regulars.ports import ClaimStore, Clock, ObjectStore, ProfileStore, PushSender, RunStore
from regulars.usecases.delivery_journal import Journal
from regulars.usecases.delivery_pass import DeliveryPass
from regulars.usecases.run_devices import RunDevices

T = TypeVar("T")


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
    push_sender: PushSender,
    clock: Clock,
) -> Delivered:
    """Sends to the recipients of a shard, except those of whom the journal knows already; takes nobody new after `deadline`.

    The run is asked before each window whether it goes on: it does not once somebody stopped it, whatever became of its execution. `holder` names
    this call in claims. A recipient's failure is data. Raises InfrastructureError, with everything that is known recorded; PushConfigurationError
    is also written into the run, so that the other shards stop.
    """
    run = runs.get(run_id).value
    if not run.goes_on:
        return Delivered(run_id, shard, done=True, stopped=True)
    campaign = parse_campaign(run.campaign.document)
    resend = campaign.delivery.when_unsure == "resend"
    journal = Journal(run_id=run_id, campaign_id=campaign.id, shard=shard, resend=resend, holder=holder, lake=lake, claims=claims)
    shards = _shards(run, lake)
    source = ShardSource(run, campaign, _recipients(shards[shard], lake))
    devices = RunDevices(run_id, known=lambda: _known_tokens(shards.values(), lake), claims=claims)
    work = DeliveryPass(source, journal, devices, profiles, clock, goes_on=lambda: runs.goes_on(run_id))
    try:
        with push_sender.open(per_second=_share(run, campaign), deadline=deadline) as session:
            work.run(session)
    except PushConfigurationError as error:
        _stop_run(run_id, error, runs, clock)
        raise
    done, counts = work.finished or work.stopped, work.counts
    return Delivered(run_id, shard, done, work.stopped, counts["sent"], counts["failed"], counts["skipped"], counts["unknown"])


def _share(run: Run, campaign: Campaign) -> float:
    """How many pushes a second are this shard's."""
    return campaign.delivery.per_second / min(PARALLEL_WORKERS, max(1, run.shards or 1))


def _shards(run: Run, lake: ObjectStore) -> Mapping[int, Shard]:
    """The run's, by number."""
    return {shard.number: shard for shard in manifest_shards(_there(lake.get, run.manifest))}


def _recipients(shard: Shard, lake: ObjectStore) -> Iterator[Recipient]:
    return (person for key in shard.keys for person in read_recipients(_there(lake.chunks, key)))


def _known_tokens(shards: Iterable[Shard], lake: ObjectStore) -> Fingerprints:
    keys = (key for shard in shards for key in shard.keys)
    return Fingerprints(mark for key in keys for mark in read_fingerprints(_there(lake.chunks, key)))


def _there(read: Callable[[str], T], key: str) -> T:
    """Raises StoreUnavailableError where a part of the run's shards is gone: then nobody can say who is in it, or whose a device is."""
    try:
        return read(key)
    except NotFoundError as error:
        raise StoreUnavailableError(f"the run's shards are not whole: {error}") from error


def _stop_run(run_id: str, error: PushConfigurationError, runs: RunStore, clock: Clock) -> None:
    stored = runs.get(run_id)
    with suppress(ConflictError):  # another shard was told the same, and was first
        runs.put(stored.value.stopped(RunError.of(error), clock.now()), expected=stored.version)
