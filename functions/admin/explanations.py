"""Why a rule finds whom it finds: of a saved segment, and of a rule before it is saved."""

from typing import Any

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from regulars import wiring

from .access import READ
from .answers import Explanation, ExplanationLook
from .requests import AsOf

router = APIGatewayHttpRouter()


class PreviewRequest(AsOf):
    rule: Any
    """As in a segment."""


@router.post("/admin/segments/<segment_id>/explanations", summary="A segment in words, and in figures", status_code=202, security=READ)
def explain(segment_id: str, request: AsOf) -> Explanation:
    from regulars.usecases.explain_segment import explain_segment

    return explain_segment(
        segment_id,
        as_of=request.as_of,
        definitions=wiring.definitions(),
        queries=wiring.queries(),
        catalog=wiring.table_catalog(),
        clock=wiring.clock(),
    )


@router.post("/admin/segment-previews", summary="The same of a rule that is not saved", status_code=202, security=READ)
def preview(request: PreviewRequest) -> Explanation:
    from regulars.usecases.explain_segment import preview_rule

    return preview_rule(
        request.rule,
        as_of=request.as_of,
        definitions=wiring.definitions(),
        queries=wiring.queries(),
        catalog=wiring.table_catalog(),
        clock=wiring.clock(),
    )


@router.get("/admin/explanations/<ticket>", summary="How an explanation stands, and its figures", security=READ)
def look(ticket: str) -> ExplanationLook:
    from regulars.usecases.explain_segment import look_at_explanation

    return look_at_explanation(ticket, queries=wiring.queries())
