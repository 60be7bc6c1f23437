"""How the months went, asked after by ticket."""

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from regulars import wiring

from .access import READ
from .answers import OverviewLook
from .requests import AsOf

router = APIGatewayHttpRouter()

DEFAULT_MONTHS = 12


class OverviewRequest(AsOf):
    """Of so many months up to the moment; the last may be unfinished."""

    months: int = DEFAULT_MONTHS


@router.post("/admin/overviews", summary="Start asking how the months went", status_code=202, security=READ)
def start(request: OverviewRequest) -> OverviewLook:
    from regulars.usecases.view_overview import start_overview

    return start_overview(
        request.months,
        as_of=request.as_of,
        definitions=wiring.definitions(),
        lake=wiring.lake(),
        queries=wiring.queries(),
        catalog=wiring.table_catalog(),
        clock=wiring.clock(),
    )


@router.get("/admin/overviews/<ticket>", summary="How that stands, and the figures once they are there", security=READ)
def look(ticket: str) -> OverviewLook:
    from regulars.usecases.view_overview import look_at_overview

    return look_at_overview(ticket, queries=wiring.queries())
