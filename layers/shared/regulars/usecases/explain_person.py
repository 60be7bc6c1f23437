"""Why somebody is in a segment, or not: start fetching what the rule asks about them, and read the answer. Nothing here waits."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from regulars.domain.errors import InvalidRequestError, QueryFailedError
from regulars.domain.queries import QueryState
from regulars.domain.segments import Rule, Segment, inlined
from regulars.domain.segments.evaluate import Reason, reasons
from regulars.domain.segments.person_history import history_sql, person_of, ranks_asked
from regulars.domain.tickets import PersonExplanationTicket, sealed, unsealed
from regulars.ports import Clock, DefinitionStore, QueryEngine, TableCatalog
from regulars.usecases.pin_snapshots import pinned
from regulars.usecases.reach_segments import reach_segment


@dataclass(frozen=True)
class PersonExplained:
    """How the question stands. `member`, `clauses` (outside in, the whole rule first) and `became`, who they had become by then, are there once
    `state` is succeeded; `reason` where it did not succeed. Money is an estimate."""

    ticket: str
    state: QueryState
    user_id: str
    as_of: datetime
    reason: str | None = None
    member: bool | None = None
    clauses: Sequence[Reason] = ()
    became: str | None = None
    bytes_scanned: int = 0
    cost_usd: float = 0.0


def start_explaining_person(
    segment_id: str,
    user_id: str,
    *,
    as_of: datetime | None,
    definitions: DefinitionStore,
    queries: QueryEngine,
    catalog: TableCatalog,
    clock: Clock,
) -> PersonExplained:
    """As of now where no moment is given. Raises NotFoundError, InvalidRequestError and InvalidRuleError."""
    if not user_id:
        raise InvalidRequestError("whose membership?", field="user_id")
    now = clock.now()
    moment = as_of or now
    rule, segments = _rule(segment_id, definitions)
    asked = history_sql(rule, user_id, moment, segments, within=segment_id)
    query_id = queries.start(pinned(asked, at=now, catalog=catalog))
    ticket = PersonExplanationTicket(query_id, segment_id, _digest(rule, segments), user_id, moment)
    return PersonExplained(sealed(ticket), "queued", user_id, moment)


def look_at_person_explained(ticket: str, *, definitions: DefinitionStore, queries: QueryEngine) -> PersonExplained:
    """Raises InvalidRequestError for a ticket of another kind and where the rule has changed since, NotFoundError where Athena has forgotten it."""
    started = unsealed(ticket, PersonExplanationTicket)
    query = queries.look(started.query_id)
    look = PersonExplained(ticket, query.state, started.user_id, started.as_of, query.reason or None)
    if not query.is_over:
        return look
    look = replace(look, bytes_scanned=query.bytes_scanned, cost_usd=query.cost_usd)
    if query.state != "succeeded":
        return look
    rule, segments = _rule(started.segment_id, definitions)
    if _digest(rule, segments) != started.rule:
        raise InvalidRequestError(f"{started.segment_id} was changed meanwhile, and what was fetched is not what it asks about now: ask again")
    try:
        found = person_of(started.user_id, queries.fetched(started.query_id), started.as_of, ranks_asked(rule, segments))
    except QueryFailedError as error:
        return replace(look, state="failed", reason=str(error))
    clauses = reasons(rule, found.history, started.as_of, segments)
    return replace(look, reason=None, member=clauses[0].verdict is True, clauses=clauses, became=found.became)


def _rule(segment_id: str, definitions: DefinitionStore) -> tuple[Rule, Mapping[str, Segment]]:
    segments = reach_segment(segment_id, definitions.all("segment"), definitions=definitions)
    return segments[segment_id].rule, segments


def _digest(rule: Rule, segments: Mapping[str, Segment]) -> str:
    """The same for the same rule with the same segments in it."""
    return hashlib.sha256(repr(inlined(rule, segments)).encode()).hexdigest()[:16]
