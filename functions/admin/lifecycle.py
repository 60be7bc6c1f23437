"""The customer life cycle: ready-made segments for a shop's own events."""

from typing import Annotated

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import Field

from regulars import wiring
from regulars.domain.language import MAX_NAME

from .access import READ
from .answers import Suggestions
from .requests import Request

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


@router.post("/admin/ready-made-segments", summary="Segments by the life cycle that the events allow, and what is there of them", security=READ)
def suggest(request: NamesRequest) -> Suggestions:
    from regulars.domain.segments.lifecycle import ShopNames
    from regulars.usecases.suggest_segments import suggest_segments

    return suggest_segments(ShopNames(**request.model_dump()), definitions=wiring.definitions(), lake=wiring.lake())
