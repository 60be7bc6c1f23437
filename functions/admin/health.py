"""How the platform itself does."""

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from regulars import wiring

from .access import READ
from .answers import Health

router = APIGatewayHttpRouter()


@router.get("/admin/health", summary="Alarms, dead letters, curate and failed runs, and what to do about them", security=READ)
def look() -> Health:
    from regulars.usecases.check_health import check_health

    return check_health(
        clock=wiring.clock(),
        alarms=wiring.alarms(),
        dead_letters=wiring.dead_letters(),
        curate_state=wiring.curate_state(),
        runs=wiring.runs(),
    )
