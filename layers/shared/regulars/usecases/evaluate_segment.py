"""Who is in a segment as of a moment: start a query, look at it, read its people page by page. Nothing here waits."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from sqlglot import exp

from regulars.domain.definitions import documents_of
from regulars.domain.errors import InvalidRequestError, NotFoundError
from regulars.domain.lake.sql import printed, statement
from regulars.domain.prices import athena_usd
from regulars.domain.queries import QueryState
from regulars.domain.segments import audience_sql, reachable_segments
from regulars.domain.tickets import EvaluationKind, EvaluationTicket, sealed, unsealed
from regulars.ports import Clock, DefinitionStore, QueryEngine

PAGE = 1_000
"""Members on a page, at most: what Athena gives at once (API reference, GetQueryResults, MaxResults)."""


@dataclass(frozen=True)
class Evaluation:
    """How an evaluation stands. `count` is there for a count that succeeded, `reason` for what did not succeed; money is an estimate."""

    ticket: str
    state: QueryState
    kind: EvaluationKind
    as_of: datetime
    reason: str | None = None
    count: int | None = None
    bytes_scanned: int = 0
    cost_usd: float = 0.0


@dataclass(frozen=True)
class SegmentSql:
    """The SELECT of a segment's people as of a moment, laid out to be read."""

    sql: str
    as_of: datetime


@dataclass(frozen=True)
class Members:
    """One page of user ids, sorted; `next` is the name of the page after it, empty at the end."""

    members: Sequence[str]
    next: str


def members_sql(segment_id: str, *, as_of: datetime | None, definitions: DefinitionStore, clock: Clock) -> SegmentSql:
    """As of now where no moment is given. Raises NotFoundError and InvalidRuleError."""
    moment = as_of or clock.now()
    return SegmentSql(printed(_audience(segment_id, moment, definitions), pretty=True), moment)


def start_evaluation(
    segment_id: str, *, kind: EvaluationKind, as_of: datetime | None, definitions: DefinitionStore, queries: QueryEngine, clock: Clock
) -> Evaluation:
    """Starts counting or listing the people, as of now where no moment is given. Raises NotFoundError and InvalidRuleError."""
    moment = as_of or clock.now()
    people = exp.Subquery(this=_audience(segment_id, moment, definitions))
    match kind:
        case "count":
            asked = statement("SELECT count(*) AS people FROM :people AS audience", {"people": people})
        case "members":
            asked = statement("SELECT audience.user_id AS user_id FROM :people AS audience ORDER BY audience.user_id", {"people": people})
        case _:
            assert_never(kind)
    query_id = queries.start(printed(asked))
    return Evaluation(sealed(EvaluationTicket(query_id, kind, moment)), "queued", kind, moment)


def look_at_evaluation(ticket: str, *, queries: QueryEngine) -> Evaluation:
    """How far it is. A failed query costs nothing; a cancelled one what it had scanned (Athena pricing).

    Raises InvalidRequestError for a ticket that is not an evaluation's, NotFoundError where Athena has forgotten it.
    """
    started = unsealed(ticket, EvaluationTicket)
    query = queries.look(started.query_id)
    found = Evaluation(ticket, query.state, started.kind, started.as_of)
    if query.state in ("queued", "running"):
        return found
    cost = 0.0 if query.state == "failed" else athena_usd(query.bytes_scanned)
    counted = started.kind == "count" and query.state == "succeeded"
    count = _count(started.query_id, queries) if counted else None
    return replace(found, reason=query.reason or None, count=count, bytes_scanned=query.bytes_scanned, cost_usd=cost)


def members_page(ticket: str, *, page: str = "", queries: QueryEngine) -> Members:
    """Raises InvalidRequestError where the evaluation has no members to show."""
    started = unsealed(ticket, EvaluationTicket)
    if started.kind != "members":
        raise InvalidRequestError("this evaluation counts people; start one of kind members to list them", field="ticket")
    rows, following = queries.rows(started.query_id, page=page, size=PAGE)
    return Members([member for row in rows if (member := row.get("user_id")) is not None], following)


def _audience(segment_id: str, as_of: datetime, definitions: DefinitionStore) -> exp.Select:
    documents = documents_of(definitions.all("segment"))
    if segment_id not in documents:
        raise NotFoundError(f"there is no segment {segment_id}")
    segments = reachable_segments([segment_id], documents)
    return audience_sql(segments[segment_id].rule, as_of, segments, within=segment_id)


def _count(query_id: str, queries: QueryEngine) -> int:
    rows, _ = queries.rows(query_id)
    return int(rows[0]["people"] or 0)
