"""The first step of a run: its audience as SQL, for the state machine to give to Athena."""

from dataclasses import dataclass

from regulars.domain.campaigns.audience import audience_tables, statements
from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.campaigns.plan import ATTEMPT, Plan, Statements
from regulars.domain.campaigns.promises import parallel_workers, policy_of
from regulars.domain.campaigns.run import Run
from regulars.domain.errors import NotFoundError, RunEndedError
from regulars.domain.lake.snapshots import Snapshots
from regulars.ports import Clock, RunStore, TableCatalog
from regulars.usecases.pin_snapshots import pin_snapshots, require_snapshots


@dataclass(frozen=True)
class Planned:
    """What the state machine passes on. Between the two parts of the UNLOAD it puts the name of a folder that nobody has used. Of a run that has its
    `shards` already the `manifest` lists them, and so many `workers` send to them at once."""

    run_id: str
    assign_sql: str
    unload_before: str
    unload_after: str
    record_sql: str
    manifest: str = ""
    shards: int = 0
    workers: int = 0


def plan(run_id: str, *, bucket: str, runs: RunStore, catalog: TableCatalog, clock: Clock) -> Planned:
    """Compiled from what the run says and from nothing else; `bucket` is the lake's.

    The run keeps the SQL and the snapshots that it reads, and is running from now on unless it is paused. Planned again, it keeps its snapshots; with
    its shards nothing is asked of Athena again but to record. Raises NotFoundError (also for a run of which a snapshot has expired since it was
    planned), RunEndedError, also for one that was told to end before it had shards, ConflictError, InvalidRuleError, StoreUnavailableError.
    """
    stored = runs.get(run_id)
    run = stored.value
    if run.has_ended:
        raise RunEndedError(f"run {run_id} has ended, and is {run.state}")
    if run.plan and run.manifest:
        return _planned(run, run.plan.statements)
    if run.error and not run.pause:
        raise RunEndedError(f"run {run_id} was told to end before there was anybody to send to: {run.error.message}")
    snapshots = _kept(run.plan, catalog) if run.plan else pin_snapshots(audience_tables(run), at=clock.now(), catalog=catalog)
    compiled = statements(run, bucket, snapshots=snapshots)
    runs.put(run.planned(Plan(snapshots, compiled)), expected=stored.version)
    return _planned(run, compiled)


def _planned(run: Run, compiled: Statements) -> Planned:
    before, _, after = compiled.unload.rpartition(ATTEMPT)
    workers = parallel_workers(policy_of(run, parse_campaign(run.campaign.document)))
    return Planned(run.run_id, compiled.assign, before, after, compiled.record, run.manifest, run.shards or 0, workers)


def _kept(planned: Plan, catalog: TableCatalog) -> Snapshots:
    try:
        require_snapshots(planned.snapshots, catalog=catalog)
    except NotFoundError as error:
        raise NotFoundError(f"this run's audience cannot be taken any more: {error}. Launch the campaign again") from error
    return planned.snapshots
