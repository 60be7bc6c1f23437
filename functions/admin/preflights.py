"""Before a campaign goes out: what a launch would do, and what one person would get."""

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from regulars import wiring

from .access import READ
from .answers import PreflightLook, Rendered
from .requests import AsOf, Request

router = APIGatewayHttpRouter()


@router.post("/admin/campaigns/<campaign_id>/preflight", summary="Start finding out what a launch would do", status_code=202, security=READ)
def start(campaign_id: str, request: AsOf) -> PreflightLook:
    from regulars.usecases.start_preflight import start_preflight

    return start_preflight(
        campaign_id,
        as_of=request.as_of,
        request=router.current_event.request_context.request_id,
        definitions=wiring.definitions(),
        trigger=wiring.preflight_trigger(),
        clock=wiring.clock(),
    )


@router.get("/admin/preflights/<ticket>", summary="How a preflight stands, and what it found", security=READ)
def look(ticket: str) -> PreflightLook:
    from regulars.usecases.start_preflight import look_at_preflight

    return look_at_preflight(ticket, lake=wiring.lake(), clock=wiring.clock())


class Reader(Request):
    """Whose message is rendered; `variant`: this one alone."""

    user_id: str
    variant: str = ""


# In a body, not in a path: a user id may have a "/" or a "?", and is in no access log then.
@router.post("/admin/campaigns/<campaign_id>/renderings", summary="A campaign's messages as one person would get them; nobody does", security=READ)
def render(campaign_id: str, request: Reader) -> Rendered:
    from regulars.usecases.render_message import render_message

    return render_message(
        campaign_id,
        request.user_id,
        request.variant,
        definitions=wiring.definitions(),
        profiles=wiring.profiles(),
        devices=wiring.devices(),
        clock=wiring.clock(),
    )
