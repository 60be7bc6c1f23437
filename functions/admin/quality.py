"""How good the data are lately, asked after by ticket."""

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from regulars import wiring

from .access import READ
from .answers import QualityLook
from .requests import Moment, Request

router = APIGatewayHttpRouter()


class CheckRequest(Request):
    """Of what came into the lake `since` then; default: seven days."""

    since: Moment | None = None


@router.post("/admin/quality-checks", summary="Start asking how good the data are", status_code=202, security=READ)
def start(request: CheckRequest) -> QualityLook:
    from regulars.usecases.check_quality import start_check

    return start_check(request.since, queries=wiring.queries(), clock=wiring.clock())


@router.get("/admin/quality-checks/<ticket>", summary="How that stands, and the figures once they are there", security=READ)
def get(ticket: str) -> QualityLook:
    from regulars.usecases.check_quality import look_at_check

    return look_at_check(ticket, queries=wiring.queries())
