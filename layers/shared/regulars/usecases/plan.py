"""The first step of a run: its audience as SQL, for the state machine to give to Athena."""

from regulars.domain.campaigns.audience import statements
from regulars.domain.campaigns.run import recipients_prefix
from regulars.ports import Document, RunStore


def plan(run_id: str, *, bucket: str, runs: RunStore) -> Document:
    """`{"run_id", "assign_sql", "unload_sql", "record_sql", "recipients"}`, compiled from what the run's record says and from nothing else.

    `bucket` is the lake's; `recipients` is where UNLOAD writes. The record keeps the SQL and is running from now on.
    Raises NotFoundError, InvalidRuleError.
    """
    stored = runs.get(run_id)
    compiled = statements(stored.document, bucket)
    kept = {"assign": compiled.assign, "unload": compiled.unload, "record": compiled.record}
    runs.put(run_id, {**stored.document, "state": "running", "sql": kept}, expected=stored.version)
    return {
        "run_id": run_id,
        "assign_sql": compiled.assign,
        "unload_sql": compiled.unload,
        "record_sql": compiled.record,
        "recipients": f"s3://{bucket}/{recipients_prefix(run_id)}",
    }
