"""The first step of a run: its audience as SQL, for the state machine to give to Athena."""

from dataclasses import dataclass

from regulars.domain.campaigns.audience import newest_snapshot_sql, snapshot_sql, statements
from regulars.domain.campaigns.run import ATTEMPT, Plan
from regulars.domain.errors import ConflictError, NotFoundError
from regulars.ports import QueryEngine, RunStore


@dataclass(frozen=True)
class Planned:
    """What the state machine passes on. Between the two parts of the UNLOAD it puts the name of a folder that nobody has used."""

    run_id: str
    assign_sql: str
    unload_before: str
    unload_after: str
    record_sql: str


def plan(run_id: str, *, bucket: str, runs: RunStore, queries: QueryEngine) -> Planned:
    """Compiled from what the run says and from nothing else; `bucket` is the lake's.

    The run keeps the SQL and the snapshot of `events` that it reads, and is running from now on. Planned again, it keeps its snapshot.
    Raises NotFoundError (also for a run whose snapshot has expired since it was planned), ConflictError for a run that has ended,
    InvalidRuleError, QueryFailedError.
    """
    stored = runs.get(run_id)
    run = stored.value
    if run.has_ended:
        raise ConflictError(f"run {run_id} has {run.state}: launch its campaign again")
    snapshot = run.plan.snapshot if run.plan else _newest_snapshot(queries)
    if run.plan and snapshot:
        _require(queries, snapshot)
    compiled = statements(run, bucket, snapshot=snapshot)
    runs.put(run.planned(Plan(snapshot, compiled)), expected=stored.version)
    before, _, after = compiled.unload.rpartition(ATTEMPT)
    return Planned(run_id, compiled.assign, before, after, compiled.record)


def _newest_snapshot(queries: QueryEngine) -> str | None:
    """None where nobody has written to `events` yet."""
    return next((row["snapshot_id"] for row in queries.all_rows(newest_snapshot_sql())), None)


def _require(queries: QueryEngine, snapshot: str) -> None:
    """VACUUM lets a snapshot expire three days after it was the newest (infra/migrations/0013_upkeep.sql)."""
    if not list(queries.all_rows(snapshot_sql(snapshot))):
        gone = f"the snapshot {snapshot} of `events`, from which this run's audience was to be taken, has expired"
        raise NotFoundError(f"{gone}: the run was planned more than three days ago. Launch the campaign again")
