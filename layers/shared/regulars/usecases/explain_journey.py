"""Where somebody is in a journey, or why they never came in. Started by one request and fetched by others, because Athena may take longer than a
request may."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from regulars.domain.definitions import documents_of
from regulars.domain.documents import JsonObject
from regulars.domain.errors import InvalidRequestError, QueryFailedError
from regulars.domain.journeys.book import Book
from regulars.domain.journeys.journey import Journey
from regulars.domain.journeys.parse import parse_journey
from regulars.domain.journeys.person import with_entry
from regulars.domain.journeys.rules import without_entry
from regulars.domain.journeys.told import Told, read_told, told_sql
from regulars.domain.journeys.whereabouts import JourneyWhereabouts, begun_by, whereabouts
from regulars.domain.lake.sql import printed
from regulars.domain.queries import QueryState
from regulars.domain.segments import Segment
from regulars.domain.segments.evaluate import Reason, reasons
from regulars.domain.segments.person_history import history_sql, person_of, ranks_asked
from regulars.domain.tickets import JourneyWhyTicket, sealed, unsealed
from regulars.ports import Clock, DefinitionStore, JourneyStore, QueryEngine
from regulars.usecases.reach_segments import reach_segments

LOOKED_BACK: Final = timedelta(days=400)
"""No step waits for longer than a year."""


@dataclass(frozen=True)
class JourneyWhyLook:
    """How the answer stands: `why` is there once `state` is succeeded, `reason` where it failed."""

    ticket: str
    state: QueryState
    reason: str | None = None
    why: JourneyWhereabouts | None = None


def start_explaining_journey(
    document: JsonObject, user_id: str, *, definitions: DefinitionStore, queries: QueryEngine, clock: Clock
) -> JourneyWhyLook:
    """`document` is the journey's version that takes people in. Raises InvalidRequestError for nobody, InvalidJourneyError, InvalidRuleError."""
    if not user_id:
        raise InvalidRequestError("of whom?", field="user_id")
    journey, now = parse_journey(document), clock.now()
    told = queries.start(printed(told_sql(journey, user_id, since=now - LOOKED_BACK, as_of=now)))
    history = None
    if journey.entry.condition is not None:
        asked = history_sql(without_entry(journey.entry.condition), user_id, now, _segments(journey, definitions))
        history = queries.start(printed(asked))
    return JourneyWhyLook(sealed(JourneyWhyTicket(told, history, journey.id, user_id, now)), "queued")


def look_at_journey_explained(
    ticket: str, document: JsonObject, book: Book | None, *, journeys: JourneyStore, definitions: DefinitionStore, queries: QueryEngine
) -> JourneyWhyLook:
    """`book` is what runs of the journey. Raises InvalidRequestError for a ticket of another kind or journey, NotFoundError."""
    started, journey = unsealed(ticket, JourneyWhyTicket), parse_journey(document)
    if started.journey_id != journey.id:
        raise InvalidRequestError(f"is of the journey {started.journey_id}", field="ticket")
    found = [queries.look(each) for each in (started.query_id, started.history_id) if each]
    for query in found:
        if query.state != "succeeded":
            return JourneyWhyLook(ticket, query.state, query.reason or None)
    told = read_told(queries.fetched(started.query_id))
    try:
        clauses = _clauses(started, journey, told, _segments(journey, definitions), queries)
    except QueryFailedError as error:
        return JourneyWhyLook(ticket, "failed", str(error))
    why = whereabouts(started.user_id, journey, book, journeys.of(started.user_id), told, clauses)
    return JourneyWhyLook(ticket, "succeeded", why=why)


def _clauses(
    started: JourneyWhyTicket, journey: Journey, told: Sequence[Told], segments: Mapping[str, Segment], queries: QueryEngine
) -> Sequence[Reason]:
    """Of the entry's rule, as of the question, with what they last did to come in."""
    rule = journey.entry.condition
    if rule is None or started.history_id is None:
        return ()
    ranks = ranks_asked(without_entry(rule), segments)
    history = person_of(started.user_id, queries.fetched(started.history_id), started.as_of, ranks).history
    begun = begun_by(journey, told)
    found = reasons(rule, with_entry(history, begun.properties) if begun else history, started.as_of, segments)
    return [replace(each, path=f"entry.if{each.path.removeprefix('rule')}") for each in found]


def _segments(journey: Journey, definitions: DefinitionStore) -> Mapping[str, Segment]:
    return reach_segments(sorted(journey.segments), documents_of(definitions.all("segment")), definitions=definitions)
