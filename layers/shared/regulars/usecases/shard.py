"""The second step of a run: Athena's manifest of the recipients as the list of shards that the state machine maps over."""

from dataclasses import dataclass

from regulars.domain.campaigns.audience import counts_sql
from regulars.domain.campaigns.counts import counted
from regulars.domain.campaigns.duration import too_slow
from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.campaigns.places import manifest_key
from regulars.domain.campaigns.promises import parallel_workers, policy_of
from regulars.domain.campaigns.run import Run
from regulars.domain.campaigns.shards import manifest_shards, shard_manifest, shards_of
from regulars.domain.errors import InvalidCampaignError, RunEndedError
from regulars.domain.lake.unloaded import key_of, listed_keys
from regulars.ports import Clock, ContactStore, DefinitionStore, ObjectStore, QueryEngine, RunStore
from regulars.usecases.count_contacts import count_contacts


@dataclass(frozen=True)
class Sharded:
    """Where the list of shards is, how many there are, and how many are to be delivered at once."""

    run_id: str
    manifest: str
    shards: int
    workers: int


def shard(
    run_id: str,
    *,
    manifest: str,
    lake: ObjectStore,
    runs: RunStore,
    contacts: ContactStore,
    definitions: DefinitionStore,
    queries: QueryEngine,
    clock: Clock,
) -> Sharded:
    """The shards that UNLOAD wrote, listed in the object at the run's manifest key (`shard_manifest`), and the run's people counted.

    `manifest` is the s3 URL of Athena's list, or "" where Athena gave none: nobody is to be sent to. A run that has its shards keeps them,
    whatever a later attempt unloaded: the journal counts by shard and window. Raises InvalidCampaignError, and has the run stopped, where all of
    them cannot be sent to in the time that a run has; RunEndedError for a run that was told to end meanwhile.
    """
    stored = runs.get(run_id)
    run = stored.value
    campaign = parse_campaign(run.campaign.document)
    workers = parallel_workers(policy_of(run, campaign))
    if run.manifest:
        return Sharded(run_id, run.manifest, len(manifest_shards(lake.get(run.manifest))), workers)
    if run.error and not run.pause:
        raise RunEndedError(f"run {run_id} was told to end before anybody was sent to: {run.error.message}")
    query = queries.run(counts_sql(run_id))
    run = run.sized(counted(queries.fetched(query.query_id)), query.bytes_scanned)
    if refusal := too_slow(run.counts.treated, campaign.delivery.per_second):
        runs.put(run.stopped(refusal, clock.now()), expected=stored.version)
        raise InvalidCampaignError(refusal.message)
    notes = count_contacts(run, campaign, contacts=contacts, definitions=definitions, clock=clock)
    key, shards = _sharded(run, stored.version, manifest, lake, runs, notes=notes)
    return Sharded(run_id, key, shards, workers)


def _sharded(run: Run, version: int, manifest: str, lake: ObjectStore, runs: RunStore, *, notes: bool) -> tuple[str, int]:
    """The key of the list, and how many are in it."""
    written = listed_keys(lake.get(key_of(manifest))) if manifest else []
    shards, key = shards_of(written), manifest_key(run.run_id)
    if not lake.put(key, shard_manifest(run.run_id, shards), only_if_absent=True):
        shards = manifest_shards(lake.get(key))  # another attempt was first, and may be delivering already
    runs.put(run.sharded(key, len(shards), notes=notes), expected=version)
    return key, len(shards)
