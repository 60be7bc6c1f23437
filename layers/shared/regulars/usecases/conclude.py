"""The last step of a run: its counts and its cost, whether it went well or not."""

from collections.abc import Mapping, Sequence

from regulars.domain.campaigns.audience import counts_sql
from regulars.domain.campaigns.cost import run_cost
from regulars.domain.campaigns.counts import Counts, counted
from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.campaigns.run import Run, RunError, unfinished
from regulars.domain.errors import QueryFailedError
from regulars.ports import Clock, QueryEngine, RunStore


def conclude(
    run_id: str,
    *,
    error: RunError | None = None,
    failed_shards: Sequence[str] = (),
    bytes_scanned: Mapping[str, int] | None = None,
    runs: RunStore,
    queries: QueryEngine,
    clock: Clock,
) -> Run:
    """The run, ended: `succeeded`, or `failed` if there is an error here or in the run already, or if there are people whom nothing became of.

    `failed_shards` says of each shard that could not be delivered why, in a word: alone that fails no run, for all of its people may be recorded.
    A run that has ended already stays as it is. Counts come from the lake (assignments and deliveries), so they are right whatever was tried how
    often; `bytes_scanned` is of the run's other queries, by name. A failed run is ended even where it cannot be counted: then its counts stay as
    they are. Raises QueryFailedError for a run that went well otherwise.
    """
    stored = runs.get(run_id)
    run, scans = stored.value, {**stored.value.bytes_scanned, **(bytes_scanned or {})}
    if run.has_ended:
        return run
    read = list(scans.values())
    try:
        counts, scanned = _counts(run_id, queries)
        read.append(scanned)
    except QueryFailedError:
        if not (run.error or error):
            raise
        counts = run.counts
    if failed_shards and error is None and _people_are_left(run, counts):
        error = unfinished(counts, f"{len(failed_shards)} of {run.shards} shards could not be delivered ({', '.join(sorted(set(failed_shards)))})")
    cost = run_cost(read, treated=counts.treated, pushes=counts.pushes, shards=run.shards or 0)
    ended = run.concluded(counts, error=error, bytes_scanned=scans, cost=cost, now=clock.now())
    runs.put(ended, expected=stored.version)
    return ended


def _people_are_left(run: Run, counts: Counts) -> bool:
    """Whether another run has somebody to send to: where nobody is to be missed, also those of whom nobody knows."""
    return bool(counts.not_reached or (counts.unknown and parse_campaign(run.campaign.document).delivery.when_unsure == "resend"))


def _counts(run_id: str, queries: QueryEngine) -> tuple[Counts, int]:
    """The counts, and how many bytes counting them read."""
    query = queries.run(counts_sql(run_id))
    return counted(queries.fetched(query.query_id)), query.bytes_scanned
