"""What a journey changed. Started by one request and fetched by others, as a run's report is (`report_run`), and kept like it."""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Final

from regulars.domain.documents import JsonObject
from regulars.domain.errors import InvalidRequestError, NotFoundError
from regulars.domain.journeys.journey import Journey
from regulars.domain.journeys.parse import parse_journey
from regulars.domain.journeys.registry import Standing
from regulars.domain.lake.sql import printed
from regulars.domain.lake.time_travel import iceberg_tables, read_at
from regulars.domain.measure.journey_query import journey_outcomes
from regulars.domain.measure.journey_report import (
    JOURNEY_ASKED,
    JOURNEY_OUTCOMES,
    JourneyOutcomes,
    JourneyQuery,
    JourneyReport,
    journey_asked_key,
    journey_outcomes_key,
)
from regulars.domain.measure.journey_steps import steps_sql
from regulars.domain.queries import QueryState
from regulars.domain.tickets import JourneyReportTicket, sealed, unsealed
from regulars.ports import Clock, JourneyStore, ObjectStore, QueryEngine, TableCatalog
from regulars.usecases.pin_snapshots import pin_snapshots

USUAL_SPAN: Final = timedelta(days=90)
"""So far back people are counted where nobody says since when."""


@dataclass(frozen=True)
class JourneyReportLook:
    """How a report stands: `report` is there once `state` is succeeded, `reason` where it failed."""

    ticket: str
    state: QueryState
    reason: str | None = None
    report: JourneyReport | None = None


def start_journey_report(
    document: JsonObject,
    standing: Standing,
    *,
    since: datetime | None = None,
    queries: QueryEngine,
    catalog: TableCatalog,
    lake: ObjectStore,
    journeys: JourneyStore,
    clock: Clock,
) -> JourneyReportLook:
    """The queries of a report as of now, or, where nothing can have changed since, the newest report that there is. `document` is a version of the
    journey. Raises InvalidRequestError, InvalidJourneyError, StoreUnavailableError."""
    journey, as_of = parse_journey(document), clock.now()
    start = since or _usual_start(as_of)
    if start >= as_of:
        raise InvalidRequestError(f"{start.isoformat()} is not past", field="since")
    effect, steps = journey_outcomes(journey, since=start, as_of=as_of), steps_sql(journey.id, since=start, as_of=as_of)
    snapshots = pin_snapshots(iceberg_tables(effect), at=as_of, catalog=catalog)
    asked = JourneyQuery("", "", as_of, start, document, standing, snapshots)
    kept = _kept(journey, start, lake)
    if kept and kept.hold(asked):
        return _told(kept, standing, journeys)
    for each in (effect, steps):
        read_at(each, snapshots)
    asked = replace(asked, query_id=queries.start(printed(effect)), steps_id=queries.start(printed(steps)))
    lake.put(journey_asked_key(journey, start), JOURNEY_ASKED.dump_json(asked))
    return JourneyReportLook(_ticket(asked), "queued")


def look_at_journey_report(
    ticket: str, document: JsonObject, standing: Standing, *, queries: QueryEngine, lake: ObjectStore, journeys: JourneyStore
) -> JourneyReportLook:
    """`document` is the journey's version that the ticket names. Keeps what the newest query has found. Raises InvalidRequestError for a ticket of
    another kind, or of a report that was asked for anew since, NotFoundError, StoreUnavailableError."""
    started, journey = unsealed(ticket, JourneyReportTicket), parse_journey(document)
    if (journey.id, journey.version) != (started.journey_id, started.version):
        raise InvalidRequestError(f"is of version {started.version} of the journey {started.journey_id}", field="ticket")
    kept = _kept(journey, started.since, lake)
    if kept and kept.asked.query_id == started.query_id:
        return _told(kept, standing, journeys)
    asked = JOURNEY_ASKED.validate_json(lake.get(journey_asked_key(journey, started.since)))
    if asked.query_id != started.query_id:
        raise InvalidRequestError("the report was asked for anew since: start again and bring what that answers", field="ticket")
    found = [queries.look(each) for each in (asked.query_id, asked.steps_id)]
    for query in found:
        if query.state != "succeeded":
            return JourneyReportLook(ticket, query.state, query.reason or None)
    rows, steps = (list(queries.fetched(query.query_id)) for query in found)
    outcomes = JourneyOutcomes(asked, rows, steps, sum(query.cost_usd for query in found))
    lake.put(journey_outcomes_key(journey, started.since), JOURNEY_OUTCOMES.dump_json(outcomes))
    return _told(outcomes, standing, journeys)


def _usual_start(as_of: datetime) -> datetime:
    """The beginning of a day, so that a report of the same day can be the one that is kept."""
    return datetime.combine((as_of - USUAL_SPAN).date(), time(), as_of.tzinfo)


def _kept(journey: Journey, since: datetime, lake: ObjectStore) -> JourneyOutcomes | None:
    try:
        return JOURNEY_OUTCOMES.validate_json(lake.get(journey_outcomes_key(journey, since)))
    except NotFoundError:
        return None


def _told(found: JourneyOutcomes, standing: Standing, journeys: JourneyStore) -> JourneyReportLook:
    journey = found.asked.journey
    waiting = {name: journeys.waiting(journey.id, name).people for name in journey.steps if journey.waits_in(name)}
    return JourneyReportLook(_ticket(found.asked), "succeeded", report=found.report(waiting, standing))


def _ticket(asked: JourneyQuery) -> str:
    journey = asked.journey
    return sealed(JourneyReportTicket(asked.query_id, journey.id, journey.version, asked.since))
