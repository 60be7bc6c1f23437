"""What the last days cost."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from regulars import wiring

from .access import READ
from .answers import Costs

router = APIGatewayHttpRouter()


@router.get("/admin/costs", summary="What Athena cost each day, and which services are not counted", security=READ)
def count(days: Annotated[int, Query(ge=1, le=30)] = 7) -> Costs:
    from regulars.usecases.count_costs import count_costs

    return count_costs(days, history=wiring.query_history(), clock=wiring.clock())
