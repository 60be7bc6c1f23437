"""The last step of a run: its counts and its cost, whether it went well or not."""

from collections.abc import Mapping, Sequence

from regulars.domain.campaigns.audience import counts_sql
from regulars.domain.campaigns.cost import run_cost
from regulars.domain.campaigns.counts import Counts, counted
from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.campaigns.promises import policy_of
from regulars.domain.campaigns.run import Run, RunError, unfinished
from regulars.domain.errors import ConflictError, QueryFailedError
from regulars.ports import Clock, QueryEngine, RunStore


def conclude(
    run_id: str,
    *,
    error: RunError | None = None,
    failed_shards: Sequence[str] = (),
    execution: int | None = None,
    bytes_scanned: Mapping[str, int] | None = None,
    expected: int | None = None,
    runs: RunStore,
    queries: QueryEngine,
    clock: Clock,
) -> Run:
    """The run, ended: `succeeded`, or `failed` if there is an error here or in the run already, or if there are people whom nothing became of. With
    an error here, a run that has its shards is left to `sweep`, or to whoever resumes it: what went out, in any execution, is to be settled first.
    A run that is paused does not end, but its execution. Nor does one that goes on, or ends, in a later execution than that of this number.

    `failed_shards` says of each shard that could not be delivered why, in a word: alone that fails no run, for all of its people may be recorded.
    A run that has succeeded stays as it is; one that ended otherwise keeps why, and is counted anew, for another execution may have sent since.
    Counts come from the lake (assignments and deliveries), so they are right whatever was tried how often; `bytes_scanned` is of the run's other
    queries, by name. `expected` is the version on which the caller decided: ConflictError if there is another, as of a run that was resumed
    meanwhile. A run that failed before it had shards is ended even where it cannot be counted: then its counts stay as they are. Raises
    QueryFailedError for any other.
    """
    stored = runs.get(run_id)
    run = stored.value
    if run.state == "succeeded" or (error and run.manifest) or execution not in (None, run.executions):
        return run
    if expected not in (None, stored.version):
        raise ConflictError(f"{run_id}: another write came first")
    if run.pause and not error:
        run = run.asked(bytes_scanned or {})
        runs.put(run, expected=stored.version)
        return run
    scans = {**run.bytes_scanned, **(bytes_scanned or {})}
    counts, scanned = _counts(run, error, queries)
    policy = policy_of(run, parse_campaign(run.campaign.document))
    cost = run_cost(
        [*scans.values(), *scanned],
        treated=counts.treated,
        pushes=counts.pushes,
        noted=counts.sent + counts.unknown if run.sends and policy.noted else 0,
        shards=run.shards or 0,
        held=min(clock.now() - run.launched_at, policy.longest_hold),
    )
    error = error or _left_over(run, counts, failed_shards)
    ended = run.concluded(counts, error=error, bytes_scanned=scans, cost=cost, now=run.concluded_at or clock.now())
    runs.put(ended, expected=stored.version)
    return ended


def _left_over(run: Run, counts: Counts, failed_shards: Sequence[str]) -> RunError | None:
    """Why the run has failed if another one has somebody to send to: where nobody is to be missed, also those of whom nobody knows."""
    resend = parse_campaign(run.campaign.document).delivery.when_unsure == "resend"
    if not (counts.not_reached or (counts.unknown and resend)):
        return None
    if failed_shards:
        return unfinished(counts, f"{len(failed_shards)} of {run.shards} shards could not be delivered ({', '.join(sorted(set(failed_shards)))})")
    return unfinished(counts, "an execution of it came to a halt") if run.executions > 1 else None


def _counts(run: Run, error: RunError | None, queries: QueryEngine) -> tuple[Counts, Sequence[int]]:
    """The counts, and how many bytes counting them read. Of a run that sent to nobody those that are known do, if it has failed."""
    try:
        query = queries.run(counts_sql(run.run_id))
        return counted(queries.fetched(query.query_id)), [query.bytes_scanned]
    except QueryFailedError:
        if run.manifest or not (error or run.error):
            raise
        return run.counts, []
