"""Before a campaign goes out: what a launch would do, what it can show, and what one person would get."""

from typing import Annotated

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import Field, model_validator

from regulars import wiring

from .access import READ
from .answers import PowerLook, PreflightLook, Rendered
from .definitions import Draft, draft_of
from .requests import AsOf, Request

router = APIGatewayHttpRouter()


class Foreseen(AsOf):
    """Of the campaign's newest version, or of a `document` that is not saved, which has the version 0 then."""

    document: Draft = None


@router.post("/admin/campaigns/<campaign_id>/preflight", summary="Start finding out what a launch would do", status_code=202, security=READ)
def start(campaign_id: str, request: Foreseen) -> PreflightLook:
    from regulars.usecases.start_preflight import start_preflight

    return start_preflight(
        campaign_id,
        as_of=request.as_of,
        draft=draft_of(request.document, campaign_id),
        request=router.current_event.request_context.request_id,
        definitions=wiring.definitions(),
        trigger=wiring.preflight_trigger(),
        clock=wiring.clock(),
    )


@router.get("/admin/preflights/<ticket>", summary="How a preflight stands, and what it found", security=READ)
def look(ticket: str) -> PreflightLook:
    from regulars.usecases.start_preflight import look_at_preflight

    return look_at_preflight(ticket, lake=wiring.lake(), clock=wiring.clock())


class PowerRequest(AsOf):
    """Of which effect: an increase by `lift` per cent of what it would be anyhow, or by so many percentage `points`; ten per cent where neither is
    said. `days`: how far back the audience is taken whose past it is known from."""

    lift: Annotated[float | None, Field(gt=0, le=10_000, allow_inf_nan=False)] = None
    points: Annotated[float | None, Field(gt=0, le=100, allow_inf_nan=False)] = None
    days: Annotated[int | None, Field(ge=1, le=366)] = None

    @model_validator(mode="after")
    def _one_of_the_two(self) -> "PowerRequest":
        if self.lift is not None and self.points is not None:
            raise ValueError("lift or points, not both: they are two ways to say how large the effect is")
        return self


@router.post(
    "/admin/campaigns/<campaign_id>/power", summary="Start finding out what a campaign's control group can show", status_code=202, security=READ
)
def assess(campaign_id: str, request: PowerRequest) -> PowerLook:
    from regulars.domain.measure.power_figures import AskedEffect
    from regulars.usecases.assess_power import TEN_PERCENT, start_assessing_power

    lift, points = (None if percent is None else percent / 100 for percent in (request.lift, request.points))
    return start_assessing_power(
        campaign_id,
        asked=TEN_PERCENT if lift is points is None else AskedEffect(lift, points),
        days=request.days,
        as_of=request.as_of,
        definitions=wiring.definitions(),
        queries=wiring.queries(),
        catalog=wiring.table_catalog(),
        clock=wiring.clock(),
    )


@router.get("/admin/powers/<ticket>", summary="How that stands, and what it can show once it is known", security=READ)
def look_at_power(ticket: str) -> PowerLook:
    from regulars.usecases.assess_power import look_at_power

    return look_at_power(ticket, definitions=wiring.definitions(), queries=wiring.queries())


class Reader(Request):
    """Whose message is rendered: that of somebody of whom nothing is known, without a `user_id`. `variant`: this one alone. `locale`: as if the
    devices spoke this language. `document`: of this one, which is not saved."""

    user_id: str = ""
    variant: str = ""
    locale: str = ""
    document: Draft = None


# In a body, not in a path: a user id may have a "/" or a "?", and is in no access log then.
@router.post("/admin/campaigns/<campaign_id>/renderings", summary="A campaign's messages as one person would get them; nobody does", security=READ)
def render(campaign_id: str, request: Reader) -> Rendered:
    from regulars.usecases.draft_campaign import with_draft
    from regulars.usecases.render_message import render_message

    clock, draft = wiring.clock(), draft_of(request.document, campaign_id)
    return render_message(
        campaign_id,
        request.user_id,
        request.variant,
        request.locale,
        definitions=with_draft(draft, definitions=wiring.definitions(), clock=clock),
        profiles=wiring.profiles(),
        devices=wiring.devices(),
        clock=clock,
    )
