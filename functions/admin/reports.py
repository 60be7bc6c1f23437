"""Reports, asked after by the ticket that started them."""

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from regulars import wiring

from .access import READ
from .answers import RenderedReport, ReportLook

router = APIGatewayHttpRouter()


@router.get("/admin/reports/<ticket>", summary="How a report stands, and the report once it is there", security=READ)
def get(ticket: str) -> ReportLook:
    from regulars.usecases.report_run import look_at_report

    return look_at_report(ticket, runs=wiring.runs(), queries=wiring.queries(), lake=wiring.lake())


@router.get("/admin/reports/<ticket>/page", summary="A report as a page of HTML that needs no other file", security=READ)
def page(ticket: str) -> RenderedReport:
    from regulars.usecases.render_report import render_report

    return render_report(ticket, runs=wiring.runs(), queries=wiring.queries(), lake=wiring.lake())
