"""A run's record: one launch of one campaign, with everything that is needed to show its audience again.

    {"run_id", "campaign_id", "campaign": document, "campaign_version", "segments": {id: {"version", and the document}},
     "as_of", "planned_at", "launched_at", "launched_by", "concluded_at", "state", "counts", "error", "cost",
     "snapshot", "sql": {"assign", "unload", "record"}, "manifest": key, "shards": n, "statistics": {query: {"bytes_scanned"}}}

Moments are ISO 8601 in UTC. `planned_at` is where outcome windows begin: the as-of moment where one was given, else the launch.
`snapshot` is the Iceberg snapshot of `events` that the audience is taken from: its id as text, since many readers of JSON round integers above
2**53, or null where there were no events at all.
`state` goes planned -> running -> succeeded or failed.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from regulars.domain.campaigns.outcomes import no_counts
from regulars.domain.errors import InvalidRuleError

RunRecord = dict[str, Any]

ENDED = frozenset({"succeeded", "failed"})

MAX_STATEMENTS_BYTES = 180_000
"""Step Functions passes at most 262,144 bytes from state to state (https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html),
Athena takes as many in a query, and DynamoDB 400 KB for the record that keeps them."""

PARALLEL_WORKERS = 4
"""How many shards are delivered at once: MaxConcurrency of the state machine's map, over which `per_second` is shared."""

WINDOW = 500
"""Recipients of a shard that are claimed, sent and recorded together: what a crash can leave in doubt."""


def new_run_id(campaign_id: str, launched_at: datetime, request: str) -> str:
    """`<campaign>-<yyyymmddThhmmss>-<6 hexadecimal digits of the request>`: it sorts by time, and the same request has the same run."""
    return f"{campaign_id}-{launched_at:%Y%m%dT%H%M%S}-{hashlib.sha256(request.encode()).hexdigest()[:6]}"


def recipients_prefix(run_id: str) -> str:
    """Where UNLOAD writes the shards, in the lake's bucket."""
    return f"runs/{run_id}/recipients/"


def manifest_key(run_id: str) -> str:
    """Where the state machine's map finds the list of shards."""
    return f"runs/{run_id}/manifest.json"


def outcomes_prefix(run_id: str) -> str:
    """The run's partition of raw_deliveries."""
    return f"raw/deliveries/run_id={run_id}/"


def new_record(
    run_id: str,
    *,
    campaign: Mapping[str, Any],
    version: int,
    segments: Mapping[str, Any],
    as_of: datetime | None,
    now: datetime,
    by: str,
) -> RunRecord:
    planned_at = as_of or now
    return {
        "run_id": run_id,
        "campaign_id": campaign["id"],
        "campaign": dict(campaign),
        "campaign_version": version,
        "segments": dict(segments),
        "as_of": planned_at.isoformat(),
        "planned_at": planned_at.isoformat(),
        "launched_at": now.isoformat(),
        "launched_by": by,
        "state": "planned",
        "counts": no_counts(),
        "error": None,
        "cost": None,
    }


def summary(record: Mapping[str, Any]) -> dict[str, Any]:
    """What `launch` and `status` answer."""
    shown = (
        "run_id",
        "campaign_id",
        "campaign_version",
        "state",
        "counts",
        "as_of",
        "snapshot",
        "planned_at",
        "launched_at",
        "concluded_at",
        "shards",
        "cost",
        "error",
    )
    return {name: record[name] for name in shown if record.get(name) is not None}


def check_size(statements_bytes: int) -> None:
    """Raises InvalidRuleError for SQL that no run could carry."""
    if statements_bytes > MAX_STATEMENTS_BYTES:
        raise InvalidRuleError(
            f"compiles to {statements_bytes:,} bytes of SQL, and {MAX_STATEMENTS_BYTES:,} are allowed; "
            "make its segments smaller, for instance with a trait in place of a long list of users",
            field="audience",
        )
