"""Flush: waiting until what was accepted can be queried."""

from datetime import timedelta

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from regulars import wiring

from .access import WRITE
from .answers import FlushProgress
from .requests import Request

router = APIGatewayHttpRouter()


class FlushRequest(Request):
    """`ticket` is that of the last answer; the first call has none."""

    ticket: str = ""


@router.post("/admin/flush", summary="Wait until every event accepted so far can be queried, a look at a time", security=WRITE)
def look(request: FlushRequest) -> FlushProgress:
    from regulars.usecases.flush import flush

    return flush(
        request.ticket,
        settle=timedelta(seconds=wiring.config().queue_settle_seconds),
        clock=wiring.clock(),
        queue=wiring.event_queue(),
        curate_state=wiring.curate_state(),
        curate_trigger=wiring.curate_trigger(),
    )
