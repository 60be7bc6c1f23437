"""The first step of a run: its audience as SQL, for the state machine to give to Athena."""

from regulars.domain.campaigns.audience import newest_snapshot_sql, statements
from regulars.domain.campaigns.run import recipients_prefix
from regulars.ports import Document, QueryEngine, RunStore


def plan(run_id: str, *, bucket: str, runs: RunStore, queries: QueryEngine) -> Document:
    """`{"run_id", "assign_sql", "unload_sql", "record_sql", "recipients"}`, compiled from what the run's record says and from nothing else.

    `bucket` is the lake's; `recipients` is where UNLOAD writes. The record keeps the SQL and the snapshot of `events` that it reads, and is
    running from now on. Planned again, a run keeps its snapshot. Raises NotFoundError, InvalidRuleError, QueryFailedError.
    """
    stored = runs.get(run_id)
    record = stored.document
    if "snapshot" not in record:
        record = {**record, "snapshot": _newest_snapshot(queries)}
    compiled = statements(record, bucket)
    kept = {"assign": compiled.assign, "unload": compiled.unload, "record": compiled.record}
    runs.put(run_id, {**record, "state": "running", "sql": kept}, expected=stored.version)
    return {
        "run_id": run_id,
        "assign_sql": compiled.assign,
        "unload_sql": compiled.unload,
        "record_sql": compiled.record,
        "recipients": f"s3://{bucket}/{recipients_prefix(run_id)}",
    }


def _newest_snapshot(queries: QueryEngine) -> str | None:
    """None where nobody has written to `events` yet."""
    return next((row["snapshot_id"] for row in queries.all_rows(newest_snapshot_sql())), None)
