"""The last step of a run: its counts and its cost, whether it went well or not."""

from collections.abc import Mapping
from typing import Any

from regulars.domain.campaigns.audience import counts_sql
from regulars.domain.campaigns.cost import run_cost
from regulars.domain.campaigns.outcomes import counted, unfinished
from regulars.domain.errors import QueryFailedError
from regulars.ports import Clock, Document, QueryEngine, RunStore

Statistics = Mapping[str, Mapping[str, Any]]
"""Of the run's queries by name, as Athena gives them (QueryExecutionStatistics)."""


def conclude(
    run_id: str,
    *,
    error: Document | None = None,
    statistics: Statistics | None = None,
    runs: RunStore,
    queries: QueryEngine,
    clock: Clock,
) -> Document:
    """The run's record, ended: `succeeded`, or `failed` if there is an `error` {"code", "message"} here or in the record already, or if
    there are people whom nothing became of.

    Counts come from the lake (assignments and deliveries), so they are right whatever was tried how often. A failed run is ended even
    where it cannot be counted: then its counts stay as they are. Raises QueryFailedError for a run that went well otherwise.
    """
    stored = runs.get(run_id)
    record = stored.document
    failure = record.get("error") or error
    scans = [int(query.get("DataScannedInBytes", 0)) for query in (statistics or {}).values()]
    try:
        counts, scanned = _counts(run_id, queries)
        scans.append(scanned)
    except QueryFailedError:
        if not failure:
            raise
        counts = record["counts"]
    failure = failure or unfinished(counts)
    ended = {
        **record,
        "state": "failed" if failure else "succeeded",
        "error": failure,
        "counts": counts,
        "statistics": {name: {"bytes_scanned": query.get("DataScannedInBytes", 0)} for name, query in (statistics or {}).items()},
        "cost": run_cost(scans, treated=counts["treated"], pushes=counts["pushes"], shards=record.get("shards", 0)),
        "concluded_at": clock.now().isoformat(),
    }
    runs.put(run_id, ended, expected=stored.version)
    return ended


def _counts(run_id: str, queries: QueryEngine) -> tuple[Document, int]:
    """The counts, and how many bytes counting them read."""
    query = queries.run(counts_sql(run_id))
    rows, page = queries.rows(query.query_id)
    found = list(rows)
    while page:
        rows, page = queries.rows(query.query_id, page=page)
        found.extend(rows)
    return counted(found), query.bytes_scanned
