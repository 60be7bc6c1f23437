"""Why a rule finds whom it finds: of a saved segment, and of a rule before it is saved; and why somebody is among them or not."""

from typing import Annotated, Any

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import Field

from regulars import wiring

from .access import READ
from .answers import Explanation, ExplanationLook, PersonExplained
from .requests import AsOf

router = APIGatewayHttpRouter()


class PreviewRequest(AsOf):
    rule: Any
    """As in a segment."""


class PersonExplanationRequest(AsOf):
    """Whose membership is explained."""

    user_id: Annotated[str, Field(min_length=1)]


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
        lake=wiring.lake(),
        queries=wiring.queries(),
        catalog=wiring.table_catalog(),
        clock=wiring.clock(),
    )


@router.get("/admin/explanations/<ticket>", summary="How an explanation stands, and its figures", security=READ)
def look(ticket: str) -> ExplanationLook:
    from regulars.usecases.explain_segment import look_at_explanation

    return look_at_explanation(ticket, queries=wiring.queries())


# In a body, not in a path: a user id may have a "/" or a "?", and is in no access log then.
@router.post(
    "/admin/segments/<segment_id>/person-explanations", summary="Start asking why a person is in a segment or not", status_code=202, security=READ
)
def explain_person(segment_id: str, request: PersonExplanationRequest) -> PersonExplained:
    from regulars.usecases.explain_person import start_explaining_person

    return start_explaining_person(
        segment_id,
        request.user_id,
        as_of=request.as_of,
        definitions=wiring.definitions(),
        queries=wiring.queries(),
        catalog=wiring.table_catalog(),
        clock=wiring.clock(),
    )


@router.get("/admin/person-explanations/<ticket>", summary="How that stands, and the answer clause by clause once it is there", security=READ)
def person_explained(ticket: str) -> PersonExplained:
    from regulars.usecases.explain_person import look_at_person_explained

    return look_at_person_explained(ticket, definitions=wiring.definitions(), queries=wiring.queries())
