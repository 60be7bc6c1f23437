"""Why a rule finds whom it finds, clause by clause: of a segment that is saved, or of a rule that is not. Nothing here waits.

What is known at once (the sentences, the SQL) comes with the start, the figures with a look; both name a clause by its path.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from regulars.domain.definitions import PutWarning, documents_of
from regulars.domain.lake.sql import printed
from regulars.domain.queries import QueryState, ResultRow
from regulars.domain.segments import Rule, Segment, audience_sql, parse_rule, rule_references
from regulars.domain.segments.compile.funnel import COUNT, KNOWN, REACHED, column_of, funnel, paths_of
from regulars.domain.segments.conversions import check_goals, with_goals
from regulars.domain.segments.sentence import sentence
from regulars.domain.tickets import ExplanationTicket, sealed, unsealed
from regulars.ports import Clock, DefinitionStore, ObjectStore, QueryEngine, TableCatalog
from regulars.usecases.pin_snapshots import pinned
from regulars.usecases.put_warnings import rule_warnings
from regulars.usecases.reach_segments import goals_asked_for, reach_segment, reach_segments


@dataclass(frozen=True)
class ReadClause:
    """A clause, or a group of clauses, in words. `adds`: it is one of an `any`."""

    path: str
    sentence: str
    adds: bool


@dataclass(frozen=True)
class Explanation:
    """The rule in words, and the SQL of its people; `ticket` is for the figures. `warnings` are those that a put of the rule would answer; of what is
    saved there are none."""

    ticket: str
    sentence: str
    sql: str
    clauses: Sequence[ReadClause]
    as_of: datetime
    state: QueryState = "queued"
    warnings: Sequence[PutWarning] = ()


@dataclass(frozen=True)
class CountedClause:
    """How many people the clause finds `alone`, and how many it `leaves`: of whom it and all before it in the same `all` are true; in an `any`, it or
    one before it."""

    path: str
    alone: int
    leaves: int


@dataclass(frozen=True)
class ExplanationLook:
    """How the query stands. The figures are there once it succeeded, `reason` where it did not; money is an estimate. Of a rule that is not saved
    there is also how many people are `known`, and how many of the selected are `reached` by push."""

    ticket: str
    state: QueryState
    as_of: datetime
    reason: str | None = None
    count: int | None = None
    known: int | None = None
    reached: int | None = None
    clauses: Sequence[CountedClause] | None = None
    bytes_scanned: int = 0
    cost_usd: float = 0.0


def explain_segment(
    segment_id: str, *, as_of: datetime | None, definitions: DefinitionStore, queries: QueryEngine, catalog: TableCatalog, clock: Clock
) -> Explanation:
    """Starts counting, clause by clause, as of now where no moment is given. Raises NotFoundError and InvalidRuleError."""
    segments = reach_segment(segment_id, definitions.all("segment"), definitions=definitions)
    return _started(segments[segment_id].rule, segments, segment_id, as_of=as_of, queries=queries, catalog=catalog, clock=clock)


def preview_rule(
    rule: object,
    *,
    as_of: datetime | None,
    definitions: DefinitionStore,
    lake: ObjectStore,
    queries: QueryEngine,
    catalog: TableCatalog,
    clock: Clock,
) -> Explanation:
    """The same of a rule that is not saved, for whoever is writing it: also whom a push reaches, and what is odd about it. It may name segments that
    are saved. Raises InvalidRuleError."""
    parsed = parse_rule(rule)
    goals = goals_asked_for([parsed], definitions=definitions)
    check_goals(parsed, goals)
    segments = reach_segments(rule_references(parsed), documents_of(definitions.all("segment")), definitions=definitions)
    whole = with_goals(parsed, goals)
    begun = _started(whole, segments, "", reach=True, as_of=as_of, queries=queries, catalog=catalog, clock=clock)
    return replace(begun, warnings=rule_warnings(parsed, definitions=definitions, lake=lake))


def look_at_explanation(ticket: str, *, queries: QueryEngine) -> ExplanationLook:
    """How far it is. A failed query costs nothing; a cancelled one what it had scanned (Athena pricing).

    Raises InvalidRequestError for a ticket that is not an explanation's, NotFoundError where Athena has forgotten it.
    """
    started = unsealed(ticket, ExplanationTicket)
    query = queries.look(started.query_id)
    look = ExplanationLook(ticket, query.state, started.as_of)
    if not query.is_over:
        return look
    look = replace(look, reason=query.reason or None, bytes_scanned=query.bytes_scanned, cost_usd=query.cost_usd)
    if query.state != "succeeded":
        return look
    (row,), _ = queries.rows(started.query_id)
    known, reached = (int(row[name] or 0) if name in row else None for name in (KNOWN, REACHED))
    return replace(look, count=int(row[COUNT] or 0), known=known, reached=reached, clauses=list(_counted(row)))


def _started(
    rule: Rule,
    segments: Mapping[str, Segment],
    within: str,
    *,
    reach: bool = False,
    as_of: datetime | None,
    queries: QueryEngine,
    catalog: TableCatalog,
    clock: Clock,
) -> Explanation:
    now = clock.now()
    moment = as_of or now
    found = funnel(rule, moment, segments, within=within, reach=reach)
    people = audience_sql(rule, moment, segments, within=within)
    query_id = queries.start(pinned(found.sql, at=now, catalog=catalog))
    clauses = [ReadClause(part.path, sentence(part.rule), part.adds) for part in found.parts]
    return Explanation(sealed(ExplanationTicket(query_id, moment)), sentence(rule), printed(people, pretty=True), clauses, moment)


def _counted(row: ResultRow) -> Iterator[CountedClause]:
    for path in paths_of(row):
        yield CountedClause(path, int(row[column_of(path, "alone")] or 0), int(row[column_of(path, "leaves")] or 0))
