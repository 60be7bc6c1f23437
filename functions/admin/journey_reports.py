"""What a journey changed, why somebody is in it or never came in, and which ones they are in."""

from typing import Annotated

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import Field

from regulars import wiring
from regulars.domain.documents import JsonObject
from regulars.domain.journeys.registry import Listed, Standing
from regulars.domain.tickets import JourneyReportTicket, JourneyWhyTicket, unsealed

from .access import READ
from .answers import JourneyReportLook, JourneysOfPerson, JourneyWhyLook, RenderedReport
from .requests import Moment, Request

router = APIGatewayHttpRouter()


class JourneyReportRequest(Request):
    """`since`: who came in from then on, without it for 90 days; `version`: whose arms, goal and steps are told, without it the launched one's."""

    since: Moment | None = None
    version: Annotated[int, Field(ge=1)] | None = None


class JourneyWhyRequest(Request):
    """Whose way is asked about."""

    user_id: Annotated[str, Field(min_length=1)]


@router.post("/admin/journeys/<journey_id>/reports", summary="Start reporting what a journey changed", status_code=202, security=READ)
def start(journey_id: str, request: JourneyReportRequest) -> JourneyReportLook:
    from regulars.usecases.report_journey import start_journey_report

    listed = _listed(journey_id)
    return start_journey_report(
        _document(journey_id, request.version or _launched(listed)),
        _standing(listed),
        since=request.since,
        queries=wiring.queries(),
        catalog=wiring.table_catalog(),
        lake=wiring.lake(),
        journeys=wiring.journeys(),
        clock=wiring.clock(),
    )


@router.get("/admin/journey-reports/<ticket>", summary="How the report of a journey stands, and the report once it is there", security=READ)
def look(ticket: str) -> JourneyReportLook:
    from regulars.usecases.report_journey import look_at_journey_report

    started = unsealed(ticket, JourneyReportTicket)
    return look_at_journey_report(
        ticket,
        _document(started.journey_id, started.version),
        _standing(_listed(started.journey_id)),
        queries=wiring.queries(),
        lake=wiring.lake(),
        journeys=wiring.journeys(),
    )


@router.get("/admin/journey-reports/<ticket>/page", summary="The same as a page of HTML that needs no other file", security=READ)
def page(ticket: str) -> RenderedReport:
    from regulars.usecases.render_report import render_journey_report

    started = unsealed(ticket, JourneyReportTicket)
    return render_journey_report(
        ticket,
        _document(started.journey_id, started.version),
        _standing(_listed(started.journey_id)),
        queries=wiring.queries(),
        lake=wiring.lake(),
        journeys=wiring.journeys(),
    )


# In a body, as in `whys`: a user id is in no access log then.
@router.post(
    "/admin/journeys/<journey_id>/why",
    summary="Start asking where a person is in a journey, or why not",
    status_code=202,
    security=READ,
)
def start_why(journey_id: str, request: JourneyWhyRequest) -> JourneyWhyLook:
    from regulars.usecases.explain_journey import start_explaining_journey

    document = _document(journey_id, _launched(_listed(journey_id)))
    return start_explaining_journey(document, request.user_id, definitions=wiring.definitions(), queries=wiring.queries(), clock=wiring.clock())


@router.get("/admin/journey-whys/<ticket>", summary="How that stands, and the answer once it is there", security=READ)
def look_why(ticket: str) -> JourneyWhyLook:
    from regulars.usecases.explain_journey import look_at_journey_explained

    journey_id = unsealed(ticket, JourneyWhyTicket).journey_id
    return look_at_journey_explained(
        ticket,
        _document(journey_id, _launched(_listed(journey_id))),
        wiring.live_journeys()().books.get(journey_id),
        journeys=wiring.journeys(),
        definitions=wiring.definitions(),
        queries=wiring.queries(),
    )


@router.post("/admin/journey-runs", summary="Which journeys a person is in now, and at which step", security=READ)
def runs_of(request: JourneyWhyRequest) -> JourneysOfPerson:
    from regulars.usecases.list_journeys_of_person import list_journeys_of_person

    return list_journeys_of_person(request.user_id, wiring.live_journeys()().books, journeys=wiring.journeys())


def _listed(journey_id: str) -> Listed | None:
    """None where it was never launched."""
    return wiring.journey_registry().get().value.journeys.get(journey_id)


def _standing(listed: Listed | None) -> Standing:
    return listed.standing if listed else "stopped"


def _launched(listed: Listed | None) -> int | None:
    return listed.versions[-1] if listed else None


def _document(journey_id: str, version: int | None) -> JsonObject:
    """The newest where no version is named."""
    found = wiring.definitions().get("journey", journey_id, version)
    return {**found.document, "version": found.version}
