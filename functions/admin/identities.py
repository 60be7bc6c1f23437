"""Identities: which ids a person has, and how a merge is undone."""

from typing import Annotated

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import Field

from regulars import wiring
from regulars.domain.people.identities import Decision, IdentityKind, Verdict

from .access import READ, WRITE, author
from .answers import IdentitiesLook
from .requests import Request

router = APIGatewayHttpRouter()

Id = Annotated[str, Field(min_length=1, max_length=255)]


class IdentitiesRequest(Request):
    """Whose identities."""

    user_id: Id


class DecisionRequest(Request):
    """`separated`: from now on this id is not this person's. `joined`: it was never separated."""

    user_id: Id
    kind: IdentityKind = "anonymous"
    id: Id
    decision: Verdict


@router.post("/admin/identities", summary="Start asking which ids a person has, since when and by which event", security=READ)
def start(request: IdentitiesRequest) -> IdentitiesLook:
    from regulars.usecases.explain_identities import start_identities

    return start_identities(request.user_id, queries=wiring.queries(), clock=wiring.clock())


@router.get("/admin/identities/<ticket>", summary="How that stands, and the ids once they are there", security=READ)
def look(ticket: str) -> IdentitiesLook:
    from regulars.usecases.explain_identities import look_at_identities

    return look_at_identities(ticket, queries=wiring.queries())


@router.post("/admin/identities/decisions", summary="Undo a merge, or take that back", security=WRITE)
def decide(request: DecisionRequest) -> Decision:
    from regulars.usecases.decide_identity import decide_identity

    return decide_identity(
        request.user_id,
        request.kind,
        request.id,
        request.decision,
        by=author(router),
        objects=wiring.lake(),
        clock=wiring.clock(),
        curate_trigger=wiring.curate_trigger(),
    )
