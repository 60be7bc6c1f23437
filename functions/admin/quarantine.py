"""The quarantine: events that were refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from regulars import wiring

from .access import READ
from .answers import QuarantinedEvent

router = APIGatewayHttpRouter()


@dataclass(frozen=True)
class Quarantine:
    """The newest first."""

    events: Sequence[QuarantinedEvent]


@router.get("/admin/quarantine", summary="Refused events, newest first", security=READ)
def list_events(limit: Annotated[int, Query(ge=1, le=200)] = 50) -> Quarantine:
    from regulars.usecases.list_quarantine import list_quarantine

    return Quarantine(list_quarantine(limit=limit, clock=wiring.clock(), lake=wiring.lake()))
