"""Profiles: what is known of a person, and who a person is."""

from typing import Annotated

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import Field

from regulars import wiring
from regulars.domain.person import AddressKind
from regulars.usecases.show_profile import ShownProfile, show_profile

from .access import READ, WRITE, author
from .answers import PeopleFound, RecordedConsent, ViewLook
from .requests import Moment, Request

router = APIGatewayHttpRouter()


class FindingRequest(Request):
    """Whose trait it is. `country` (ISO 3166 alpha-2) is whose a telephone number without `+` is; default: the installation's."""

    kind: AddressKind
    address: Annotated[str, Field(min_length=1, max_length=255)]
    country: Annotated[str, Field(pattern="^[A-Za-z]{2}$")] | None = None


class ViewRequest(Request):
    """Whose view it is, of what happened since when (default: ever), with how many of the newest events. `segments` are those to look into, at most
    ten; default: the first by their ids. `consents`: every yes and no that they said, too."""

    user_id: Annotated[str, Field(min_length=1)]
    since: Moment | None = None
    events: Annotated[int, Field(ge=1, le=1000)] = 20
    segments: tuple[str, ...] = ()
    consents: bool = False


class ConsentRequest(Request):
    """A yes or no to a purpose, by a channel, or to everything; and where they said so."""

    agreed: bool
    purpose: str = ""
    channel: str = ""
    source: str


class AnyonesConsentRequest(ConsentRequest):
    """The same, and whose it is."""

    user_id: Annotated[str, Field(min_length=1)]


@router.get("/admin/profiles", summary="What is known of a person now", security=READ)
def get(user_id: str) -> ShownProfile:
    return show_profile(user_id, profiles=wiring.profiles(), devices=wiring.devices(), definitions=wiring.definitions())


@router.get("/admin/profiles/<user_id>", summary="The same, for an id that a path can hold: one without / or ?", security=READ)
def get_by_path(user_id: str) -> ShownProfile:
    return get(user_id)


@router.post("/admin/consents", summary="Record what somebody agreed to, or refused", status_code=202, security=WRITE)
def consent(request: AnyonesConsentRequest) -> RecordedConsent:
    return _recorded(request.user_id, request)


@router.post("/admin/profiles/<user_id>/consents", summary="The same, for an id that a path can hold", status_code=202, security=WRITE)
def consent_by_path(user_id: str, request: ConsentRequest) -> RecordedConsent:
    return _recorded(user_id, request)


def _recorded(user_id: str, request: ConsentRequest) -> RecordedConsent:
    from regulars.usecases.record_consent import record_consent

    return record_consent(
        user_id,
        purpose=request.purpose,
        channel=request.channel,
        agreed=request.agreed,
        source=request.source,
        by=author(router),
        request=router.current_event.request_context.request_id,
        queue=wiring.event_queue(),
        profiles=wiring.profiles(),
        clock=wiring.clock(),
    )


# In a body, not in a query: an address is in no access log then.
@router.post("/admin/profile-searches", summary="Start asking who has an e-mail address or a telephone number", status_code=202, security=READ)
def find(request: FindingRequest) -> PeopleFound:
    from regulars.usecases.find_people import start_finding

    country = (request.country or "").upper() or wiring.standards().country
    return start_finding(request.kind, request.address, country=country, queries=wiring.queries(), clock=wiring.clock())


@router.get("/admin/profile-searches/<ticket>", summary="How that stands, and the people once they are there", security=READ)
def found(ticket: str) -> PeopleFound:
    from regulars.usecases.find_people import look_at_finding

    return look_at_finding(ticket, queries=wiring.queries())


@router.post(
    "/admin/profile-views", summary="Start asking what a person did, was sent, and in which segments they are", status_code=202, security=READ
)
def view(request: ViewRequest) -> ViewLook:
    from regulars.usecases.view_person import start_view

    return start_view(
        request.user_id,
        since=request.since,
        events=request.events,
        segments=request.segments,
        consents=request.consents,
        definitions=wiring.definitions(),
        queries=wiring.queries(),
        clock=wiring.clock(),
    )


@router.get("/admin/profile-views/<ticket>", summary="How that stands, and what was found once all is there, or with `now` so far", security=READ)
def viewed(ticket: str, now: bool = False) -> ViewLook:
    from regulars.usecases.view_person import look_at_view

    return look_at_view(ticket, now=now, definitions=wiring.definitions(), queries=wiring.queries())
