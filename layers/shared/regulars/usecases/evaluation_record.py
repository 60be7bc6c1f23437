"""Starting the query of an evaluation and finding out what became of it; both are written down."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from sqlglot import exp

from regulars.domain.errors import NotFoundError
from regulars.domain.evaluations import Evaluation, EvaluationKind, manifest_key
from regulars.domain.lake.snapshots import Snapshots
from regulars.domain.lake.sql import printed, statement
from regulars.domain.queries import Query, QueryState
from regulars.domain.tickets import AskedKind, EvaluationTicket, sealed
from regulars.ports import EvaluationStore, ObjectStore, QueryEngine
from regulars.usecases.result_page import result_page

# Who they are and how many in one reading of the lake: the list is the result's first column, the number stands beside each.
_MEMBERS = "SELECT audience.user_id AS user_id, count(*) OVER () AS people FROM :people AS audience ORDER BY audience.user_id"
_COUNT = "SELECT count(*) AS people FROM :people AS audience"


@dataclass(frozen=True)
class EvaluationLook:
    """How an evaluation stands. `count` is there once it has succeeded, but not for an export to S3, whose files are below `location`; `reason` says
    why one did not. Money is an estimate."""

    ticket: str
    id: str
    state: QueryState
    kind: EvaluationKind
    version: int
    as_of: datetime
    snapshots: Snapshots
    location: str | None = None
    reason: str | None = None
    count: int | None = None
    bytes_scanned: int = 0
    cost_usd: float = 0.0


def look_of(evaluation: Evaluation) -> EvaluationLook:
    return EvaluationLook(
        ticket=sealed(EvaluationTicket(evaluation.segment_id, evaluation.id)),
        id=evaluation.id,
        state=evaluation.state,
        kind=evaluation.kind,
        version=evaluation.version,
        as_of=evaluation.as_of,
        snapshots=evaluation.snapshots,
        location=evaluation.location or None,
        reason=evaluation.reason or None,
        count=evaluation.count,
        bytes_scanned=evaluation.bytes_scanned,
        cost_usd=evaluation.cost_usd,
    )


def begin(evaluation: Evaluation, sql: str, *, evaluations: EvaluationStore, queries: QueryEngine) -> Evaluation:
    """Asks Athena this on behalf of the evaluation. Raises QueryFailedError, StoreUnavailableError."""
    begun = replace(evaluation, query_id=queries.start(sql, token=evaluation.id))
    evaluations.put(begun)
    return begun


def question(kind: AskedKind, people: exp.Expression) -> str:
    """How many these are, or who."""
    match kind:
        case "count":
            wanted = _COUNT
        case "members":
            wanted = _MEMBERS
        case _:
            assert_never(kind)
    return printed(statement(wanted, {"people": exp.Subquery(this=people)}))


def settled(evaluation: Evaluation, *, evaluations: EvaluationStore, queries: QueryEngine, lake: ObjectStore) -> Evaluation:
    """As it stands now; once it is over, with what came of it, written down once. Raises NotFoundError where Athena has forgotten its query."""
    if evaluation.is_over:
        return evaluation
    query = queries.look(evaluation.query_id)
    if not query.is_over:
        return replace(evaluation, state=query.state)
    found = _succeeded(evaluation, query, queries, lake) if query.state == "succeeded" else evaluation.ended(query)
    evaluations.put(found)
    _tell(found, evaluations)
    return found


def _succeeded(evaluation: Evaluation, query: Query, queries: QueryEngine, lake: ObjectStore) -> Evaluation:
    """A list is kept longer than Athena's result is; an export, which tells more of people, is not."""
    match evaluation.kind:
        case "count":
            rows, _ = queries.rows(query.query_id)
            return evaluation.ended(query, count=int(rows[0]["people"] or 0))
        case "members":
            manifest = manifest_key(evaluation.segment_id, evaluation.id)
            lake.copy(_key(query.result), manifest)
            return evaluation.ended(query, count=_count(manifest, lake), manifest=manifest)
        case "export":
            result = "" if evaluation.location else _key(query.result)
            return evaluation.ended(query, count=_count(result, lake) if result else None, result=result)
        case "audience":
            raise AssertionError("the state machine takes a run's audience")
        case _:
            assert_never(evaluation.kind)


def _key(url: str) -> str:
    return url.split("/", 3)[3]


def _count(key: str, lake: ObjectStore) -> int:
    rows, _ = result_page(key, 0, lake=lake)
    return int(rows[0][1] or 0) if rows else 0


def _tell(found: Evaluation, evaluations: EvaluationStore) -> None:
    """What is shown again has its list from now on."""
    if not (found.again and found.manifest):
        return
    try:
        shown = evaluations.get(found.segment_id, found.again)
    except NotFoundError:  # a run's audience, which has no record here
        return
    evaluations.put(replace(shown, manifest=found.manifest))
