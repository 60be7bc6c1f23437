"""Who is in a segment as of a moment: start a query, look at it, read its people page by page. Nothing here waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, assert_never

from sqlglot import exp

from regulars.domain.errors import NotFoundError
from regulars.domain.lake.sql import printed, statement
from regulars.domain.prices import athena_usd
from regulars.domain.segments import audience_sql, reachable_segments
from regulars.ports import DefinitionStore, QueryEngine, QueryState

EvaluationKind = Literal["count", "members"]

PAGE = 1_000
"""Members on a page, at most: what Athena gives at once (API reference, GetQueryResults, MaxResults)."""


@dataclass(frozen=True)
class Evaluation:
    """How an evaluation stands. `count` is there for a count that succeeded, `reason` for what did not succeed; money is an estimate."""

    state: QueryState
    reason: str = ""
    count: int | None = None
    bytes_scanned: int = 0
    cost_usd: float = 0.0


def members_sql(segment_id: str, *, as_of: datetime, definitions: DefinitionStore) -> str:
    """The SELECT of a segment's people, laid out to be read. Raises NotFoundError and InvalidRuleError."""
    return printed(_audience(segment_id, as_of, definitions), pretty=True)


def start_evaluation(segment_id: str, *, kind: EvaluationKind, as_of: datetime, definitions: DefinitionStore, queries: QueryEngine) -> str:
    """Starts counting or listing the people and returns the evaluation's id. Raises NotFoundError and InvalidRuleError."""
    people = exp.Subquery(this=_audience(segment_id, as_of, definitions))
    match kind:
        case "count":
            asked = statement("SELECT count(*) AS people FROM :people AS audience", {"people": people})
        case "members":
            asked = statement("SELECT audience.user_id AS user_id FROM :people AS audience ORDER BY audience.user_id", {"people": people})
        case _:
            assert_never(kind)
    return queries.start(printed(asked))


def look_at_evaluation(evaluation_id: str, *, kind: EvaluationKind, queries: QueryEngine) -> Evaluation:
    """How far it is. A failed query costs nothing; a cancelled one what it had scanned (Athena pricing)."""
    query = queries.look(evaluation_id)
    if query.state in ("queued", "running"):
        return Evaluation(query.state)
    cost = 0.0 if query.state == "failed" else athena_usd(query.bytes_scanned)
    count = _count(evaluation_id, queries) if kind == "count" and query.state == "succeeded" else None
    return Evaluation(query.state, query.reason, count, query.bytes_scanned, cost)


def members_page(evaluation_id: str, *, page: str = "", queries: QueryEngine) -> tuple[Sequence[str], str]:
    """User ids in order, and the name of the next page ("" at the end). Raises NotFoundError where the evaluation has no members to show."""
    rows, following = queries.rows(evaluation_id, page=page, size=PAGE)
    members = [row.get("user_id") for row in rows]
    if None in members:
        raise NotFoundError(f"{evaluation_id} is not an evaluation of kind members", field="evaluation_id")
    return [member for member in members if member is not None], following


def _audience(segment_id: str, as_of: datetime, definitions: DefinitionStore) -> exp.Select:
    documents = {stored.document["id"]: stored.document for stored in definitions.all("segment")}
    if segment_id not in documents:
        raise NotFoundError(f"there is no segment {segment_id}")
    segments = reachable_segments([segment_id], documents)
    return audience_sql(segments[segment_id].rule, as_of, segments, within=segment_id)


def _count(evaluation_id: str, queries: QueryEngine) -> int:
    rows, _ = queries.rows(evaluation_id)
    people = rows[0].get("people") if rows else None
    if people is None:
        raise NotFoundError(f"{evaluation_id} is not an evaluation of kind count", field="evaluation_id")
    return int(people)
