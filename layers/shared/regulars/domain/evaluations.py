"""Evaluations: each time that somebody asked who is in a segment, with all that is needed to show the same people again.

The list of who was found (the manifest) is the query's own result, kept under another name in the lake's bucket: docs/decisions/0035 says which
evaluations have one, and for how long.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from regulars.domain.campaigns.run import Run
from regulars.domain.lake.snapshots import Snapshots
from regulars.domain.language import Path
from regulars.domain.queries import Query, QueryState, query_usd

EvaluationKind = Literal["count", "members", "export", "audience"]
"""How many they are; who they are; who they are and what is known of them; or who was in the audience of a run."""


@dataclass(frozen=True)
class Evaluation:
    """Moments are in UTC; `count` is there once it has succeeded. A run's audience has the run's id."""

    id: str
    segment_id: str
    kind: EvaluationKind
    as_of: datetime
    started_at: datetime
    started_by: str
    versions: Mapping[str, int]
    """The version of the segment, and of every segment that it refers to."""
    sql: str
    """The SELECT of its people, which names the snapshots that it reads."""
    snapshots: Snapshots
    query_id: str = ""
    state: QueryState = "queued"
    reason: str = ""
    count: int | None = None
    bytes_scanned: int = 0
    manifest: str = ""
    """The key of the list of its people in the lake's bucket."""
    traits: tuple[Path, ...] = ()
    """What an export tells of each."""
    result: str = ""
    """The key of an export's rows in the lake's bucket, where they lie as long as any query's."""
    location: str = ""
    """The S3 address below which Athena writes an export."""
    again: str = ""
    """The evaluation that it shows again."""

    @property
    def version(self) -> int:
        return self.versions[self.segment_id]

    @property
    def is_over(self) -> bool:
        return self.state in ("succeeded", "failed", "cancelled")

    @property
    def cost_usd(self) -> float:
        return query_usd(self.state, self.bytes_scanned)

    def ended(self, query: Query, *, count: int | None = None, manifest: str = "", result: str = "") -> "Evaluation":
        found = replace(self, state=query.state, reason=query.reason, bytes_scanned=query.bytes_scanned)
        return replace(found, count=count, manifest=manifest, result=result)


@dataclass(frozen=True)
class EvaluationSummary:
    """An evaluation without its SQL. `listed`: who was found can be shown at once, whatever became of the snapshots."""

    id: str
    kind: EvaluationKind
    version: int
    as_of: datetime
    started_at: datetime
    started_by: str
    state: QueryState
    reason: str
    count: int | None
    bytes_scanned: int
    cost_usd: float
    snapshots: Snapshots
    listed: bool
    again: str


def summary(evaluation: Evaluation) -> EvaluationSummary:
    return EvaluationSummary(
        id=evaluation.id,
        kind=evaluation.kind,
        version=evaluation.version,
        as_of=evaluation.as_of,
        started_at=evaluation.started_at,
        started_by=evaluation.started_by,
        state=evaluation.state,
        reason=evaluation.reason,
        count=evaluation.count,
        bytes_scanned=evaluation.bytes_scanned,
        cost_usd=evaluation.cost_usd,
        snapshots=evaluation.snapshots,
        listed=evaluation.kind == "audience" or bool(evaluation.manifest),
        again=evaluation.again,
    )


def new_evaluation_id(started_at: datetime, request: str) -> str:
    """`<yyyymmddThhmmss and microseconds>-<6 hexadecimal digits of the request>`: it sorts by time."""
    return f"{started_at:%Y%m%dT%H%M%S%f}-{hashlib.sha256(request.encode()).hexdigest()[:6]}"


def manifest_key(segment_id: str, evaluation_id: str) -> str:
    return f"evaluations/{segment_id}/{evaluation_id}.csv"


def audience_of(run: Run, segment_id: str) -> Evaluation:
    """A run's audience as one of the evaluations of a segment that it depends on; its people are in `assignments`, for ever."""
    return Evaluation(
        id=run.run_id,
        segment_id=segment_id,
        kind="audience",
        as_of=run.as_of,
        started_at=run.launched_at,
        started_by=run.launched_by,
        versions={name: each.version for name, each in run.segments.items()},
        sql=run.plan.statements.assign if run.plan else "",
        snapshots=run.plan.snapshots if run.plan else {},
        state=_state_of(run),
        reason=run.error.message if run.error else "",
        count=run.counts.audience if run.has_ended else None,
        bytes_scanned=run.bytes_scanned.get("assign", 0),
    )


def _state_of(run: Run) -> QueryState:
    if run.shards is not None:
        return "succeeded"
    if run.has_ended:
        return "failed"
    return "running" if run.plan else "queued"


def newest_first(evaluations: Sequence[Evaluation]) -> Sequence[Evaluation]:
    return sorted(evaluations, key=lambda each: (each.started_at, each.id), reverse=True)
