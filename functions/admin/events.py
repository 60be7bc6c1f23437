"""The catalog of events: what was ever sent."""

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from regulars import wiring

from .access import READ
from .answers import ShownCatalog

router = APIGatewayHttpRouter()


@router.get("/admin/events", summary="Every event that was sent, with its properties, their types and values", security=READ)
def catalog() -> ShownCatalog:
    from regulars.usecases.show_catalog import show_catalog

    return show_catalog(lake=wiring.lake())
