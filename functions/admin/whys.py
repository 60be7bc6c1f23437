"""Why somebody got a run's message, or did not, gate by gate."""

from typing import Annotated

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import Field

from regulars import wiring

from .access import READ
from .answers import WhyLook
from .requests import Request

router = APIGatewayHttpRouter()


class WhyRequest(Request):
    """Whose outcome is explained."""

    user_id: Annotated[str, Field(min_length=1)]


# In a body, not in a path: a user id may have a "/" or a "?", and is in no access log then.
@router.post("/admin/runs/<run_id>/why", summary="Start asking why a person got a run's message or not", status_code=202, security=READ)
def start(run_id: str, request: WhyRequest) -> WhyLook:
    from regulars.usecases.explain_outcome import start_explaining_outcome

    return start_explaining_outcome(run_id, request.user_id, runs=wiring.runs(), queries=wiring.queries(), catalog=wiring.table_catalog())


@router.get("/admin/whys/<ticket>", summary="How that stands, and the answer gate by gate once it is there", security=READ)
def look(ticket: str) -> WhyLook:
    from regulars.usecases.explain_outcome import look_at_outcome_explained

    return look_at_outcome_explained(
        ticket,
        runs=wiring.runs(),
        queries=wiring.queries(),
        profiles=wiring.profiles(),
        devices=wiring.devices(),
        definitions=wiring.definitions(),
        clock=wiring.clock(),
    )
