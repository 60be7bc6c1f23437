"""Who is in a segment as of a moment: start a query, look at it, read its people page by page. Nothing here waits, and all of it is recorded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlglot import exp

from regulars.domain.errors import ConflictError, InvalidRequestError
from regulars.domain.evaluations import Evaluation, EvaluationKind, new_evaluation_id
from regulars.domain.lake.results import page_start
from regulars.domain.lake.sql import printed
from regulars.domain.lake.time_travel import iceberg_tables, read_at
from regulars.domain.segments import audience_sql
from regulars.domain.tickets import AskedKind, EvaluationTicket, unsealed
from regulars.ports import Clock, DefinitionStore, EvaluationStore, ObjectStore, QueryEngine, TableCatalog
from regulars.usecases.evaluation_record import EvaluationLook, begin, look_of, question, settled
from regulars.usecases.pin_snapshots import pin_snapshots
from regulars.usecases.reach_segments import reached
from regulars.usecases.result_page import result_page


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
    return SegmentSql(printed(_audience(segment_id, moment, definitions)[0], pretty=True), moment)


def start_evaluation(
    segment_id: str,
    *,
    kind: AskedKind,
    as_of: datetime | None,
    request: str,
    by: str,
    definitions: DefinitionStore,
    evaluations: EvaluationStore,
    queries: QueryEngine,
    catalog: TableCatalog,
    clock: Clock,
) -> EvaluationLook:
    """Starts counting or listing the people, as of now where no moment is given, in the lake as it is now. `request` names the caller's request.

    Raises NotFoundError and InvalidRuleError.
    """
    found, people = compiled(segment_id, kind, as_of=as_of, request=request, by=by, definitions=definitions, clock=clock)
    snapshots = pin_snapshots(iceberg_tables(people), at=found.started_at, catalog=catalog)
    read_at(people, snapshots)
    evaluation = replace(found, sql=printed(people), snapshots=snapshots)
    return look_of(begin(evaluation, question(kind, people), evaluations=evaluations, queries=queries))


def compiled(
    segment_id: str, kind: EvaluationKind, *, as_of: datetime | None, request: str, by: str, definitions: DefinitionStore, clock: Clock
) -> tuple[Evaluation, exp.Select]:
    """An evaluation that has not begun, and the SELECT of its people, which reads the lake as it is."""
    now = clock.now()
    moment = as_of or now
    people, versions = _audience(segment_id, moment, definitions)
    return Evaluation(new_evaluation_id(now, request), segment_id, kind, moment, now, by, versions, "", {}), people


def look_at_evaluation(ticket: str, *, evaluations: EvaluationStore, queries: QueryEngine, lake: ObjectStore) -> EvaluationLook:
    """How far it is.

    Raises InvalidRequestError for a ticket that is not an evaluation's, NotFoundError where the evaluation, or Athena's query, is forgotten.
    """
    started = unsealed(ticket, EvaluationTicket)
    evaluation = evaluations.get(started.segment_id, started.evaluation_id)
    return look_of(settled(evaluation, evaluations=evaluations, queries=queries, lake=lake))


def members_page(ticket: str, *, page: str = "", evaluations: EvaluationStore, lake: ObjectStore) -> Members:
    """Raises InvalidRequestError where the evaluation has no members to show, ConflictError where it has not succeeded, as far as somebody looked."""
    started = unsealed(ticket, EvaluationTicket)
    evaluation = evaluations.get(started.segment_id, started.evaluation_id)
    if not evaluation.manifest:
        if evaluation.kind != "members":
            raise InvalidRequestError(f"this is a {evaluation.kind}; start an evaluation of kind members to list people", field="ticket")
        raise ConflictError(f"evaluation {evaluation.id} is {evaluation.state}: look at it until it has succeeded")
    rows, following = result_page(evaluation.manifest, page_start(page), lake=lake)
    return Members([row[0] for row in rows if row[0] is not None], following)


def _audience(segment_id: str, as_of: datetime, definitions: DefinitionStore) -> tuple[exp.Select, Mapping[str, int]]:
    """The query, and the versions of all segments in it."""
    found = reached(segment_id, definitions.all("segment"), definitions=definitions)
    return audience_sql(found.segment.rule, as_of, found.segments, within=segment_id), found.versions
