"""Evaluations, asked after by the ticket that started them."""

from typing import Annotated, Literal

from aws_lambda_powertools.event_handler.openapi.params import Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from regulars import wiring

from .access import READ
from .answers import EvaluationLook, ExportPage, Members

Format = Annotated[
    Literal["csv", "ndjson"], Query(alias="format", description="CSV with cells that no spreadsheet takes for formulas, or JSON lines.")
]

router = APIGatewayHttpRouter()


@router.get("/admin/evaluations/<ticket>", summary="How an evaluation stands, and its result", security=READ)
def get(ticket: str) -> EvaluationLook:
    from regulars.usecases.evaluate_segment import look_at_evaluation

    return look_at_evaluation(ticket, evaluations=wiring.evaluations(), queries=wiring.queries(), lake=wiring.lake())


@router.get("/admin/evaluations/<ticket>/members", summary="One page of the people of an evaluation", security=READ)
def members(ticket: str, page: str = "") -> Members:
    from regulars.usecases.evaluate_segment import members_page

    return members_page(ticket, page=page, evaluations=wiring.evaluations(), lake=wiring.lake())


@router.get("/admin/evaluations/<ticket>/export", summary="One piece of the file of an export", security=READ)
def exported(ticket: str, form: Format = "csv", page: str = "") -> ExportPage:
    from regulars.usecases.export_segment import export_page

    return export_page(ticket, form, page=page, evaluations=wiring.evaluations(), lake=wiring.lake())
