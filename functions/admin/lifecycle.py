"""The customer life cycle: ready-made segments for a shop's own events, and who is in them."""

from typing import Annotated

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import Field

from regulars import wiring
from regulars.domain.language import MAX_NAME

from .access import READ
from .answers import LifecycleLook, Suggestions
from .requests import AsOf, Request

router = APIGatewayHttpRouter()

Name = Annotated[str, Field(max_length=MAX_NAME)]


class NamesRequest(Request):
    """What things are called here: what is left out is found in the catalog of events."""

    purchase: Name = ""
    revenue: Name = ""
    cart: Name = ""
    view: Name = ""
    visit: Name = ""
    comment: Name = ""
    like: Name = ""
    sign_up: Name = ""


class ViewRequest(AsOf):
    """Of which event people bought, and the property that says for how much; found in the catalog where they are left out."""

    purchase: Name = ""
    revenue: Name = ""


@router.post("/admin/ready-made-segments", summary="Segments by the life cycle that the events allow, and what is there of them", security=READ)
def suggest(request: NamesRequest) -> Suggestions:
    from regulars.domain.segments.lifecycle import ShopNames
    from regulars.usecases.suggest_segments import suggest_segments

    return suggest_segments(ShopNames(**request.model_dump()), definitions=wiring.definitions(), lake=wiring.lake())


@router.post("/admin/lifecycle-views", summary="Start counting who is where in the life cycle", status_code=202, security=READ)
def view(request: ViewRequest) -> LifecycleLook:
    from regulars.domain.segments.lifecycle import ShopNames
    from regulars.usecases.view_lifecycle import start_viewing_lifecycle

    return start_viewing_lifecycle(
        ShopNames(purchase=request.purchase, revenue=request.revenue),
        as_of=request.as_of,
        definitions=wiring.definitions(),
        lake=wiring.lake(),
        queries=wiring.queries(),
        catalog=wiring.table_catalog(),
        clock=wiring.clock(),
    )


@router.get("/admin/lifecycle-views/<ticket>", summary="How that stands, and the figures once they are there", security=READ)
def look(ticket: str) -> LifecycleLook:
    from regulars.usecases.view_lifecycle import look_at_lifecycle

    return look_at_lifecycle(ticket, queries=wiring.queries())
