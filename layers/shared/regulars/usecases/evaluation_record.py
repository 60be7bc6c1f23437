"""Starting the query of an evaluation and finding out what became of it; both are written down."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from sqlglot import exp

from regulars.domain.errors import NotFoundError
from regulars.domain.evaluations import Evaluation, EvaluationKind, manifest_key
from regulars.domain.lake.results import read_lines
from regulars.domain.lake.snapshots import Snapshots
from regulars.domain.lake.sql import kept, printed, statement
from regulars.domain.queries import QueryState
from regulars.domain.tickets import EvaluationTicket, sealed
from regulars.ports import EvaluationStore, ObjectStore, QueryEngine

# Who they are and how many in one reading of the lake: the list is the result's first column, the number stands beside each.
_MEMBERS = "SELECT audience.user_id AS user_id, count(*) OVER () AS people FROM :people AS audience ORDER BY audience.user_id"
_COUNT = "SELECT count(*) AS people FROM :people AS audience"


@dataclass(frozen=True)
class EvaluationLook:
    """How an evaluation stands. `count` is there once it has succeeded, `reason` for what did not; money is an estimate."""

    ticket: str
    id: str
    state: QueryState
    kind: EvaluationKind
    version: int
    as_of: datetime
    snapshots: Snapshots
    reason: str | None = None
    count: int | None = None
    bytes_scanned: int = 0
    cost_usd: float = 0.0


def look_of(evaluation: Evaluation) -> EvaluationLook:
    return EvaluationLook(
        sealed(EvaluationTicket(evaluation.segment_id, evaluation.id)),
        evaluation.id,
        evaluation.state,
        evaluation.kind,
        evaluation.version,
        evaluation.as_of,
        evaluation.snapshots,
        evaluation.reason or None,
        evaluation.count,
        evaluation.bytes_scanned,
        evaluation.cost_usd,
    )


def begin(evaluation: Evaluation, *, evaluations: EvaluationStore, queries: QueryEngine) -> Evaluation:
    """Asks Athena for how many or who they are. Raises QueryFailedError, StoreUnavailableError."""
    match evaluation.kind:
        case "count":
            wanted = _COUNT
        case "members":
            wanted = _MEMBERS
        case "audience":
            raise AssertionError("the state machine takes a run's audience")
        case _:
            assert_never(evaluation.kind)
    asked = statement(wanted, {"people": exp.Subquery(this=kept(evaluation.sql))})
    begun = replace(evaluation, query_id=queries.start(printed(asked), token=evaluation.id))
    evaluations.put(begun)
    return begun


def settled(evaluation: Evaluation, *, evaluations: EvaluationStore, queries: QueryEngine, lake: ObjectStore) -> Evaluation:
    """As it stands now; once it is over, with what came of it, written down once. Raises NotFoundError where Athena has forgotten its query."""
    if evaluation.is_over:
        return evaluation
    query = queries.look(evaluation.query_id)
    if query.state != "succeeded":
        found = evaluation.ended(query) if query.is_over else replace(evaluation, state=query.state)
    elif evaluation.kind == "count":
        rows, _ = queries.rows(evaluation.query_id)
        found = evaluation.ended(query, count=int(rows[0]["people"] or 0))
    else:
        manifest = manifest_key(evaluation.segment_id, evaluation.id)
        lake.copy(query.result.split("/", 3)[3], manifest)
        found = evaluation.ended(query, count=_count(manifest, lake), manifest=manifest)
    if found.is_over:
        evaluations.put(found)
        _tell(found, evaluations)
    return found


def _count(manifest: str, lake: ObjectStore) -> int:
    lines, _ = read_lines(next(lake.chunks(manifest)), start=0)
    return int(lines[0][1] or 0) if lines else 0


def _tell(found: Evaluation, evaluations: EvaluationStore) -> None:
    """What is shown again has its list from now on."""
    if not (found.again and found.manifest):
        return
    try:
        shown = evaluations.get(found.segment_id, found.again)
    except NotFoundError:  # a run's audience, which has no record here
        return
    evaluations.put(replace(shown, manifest=found.manifest))
