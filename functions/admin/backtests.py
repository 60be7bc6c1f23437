"""Backtests: who a segment would have had, day by day."""

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import Field

from regulars import wiring
from regulars.domain.errors import InvalidRequestError
from regulars.domain.language import Value, read_span

from .access import READ
from .answers import BacktestLook
from .requests import Moment, Request

router = APIGatewayHttpRouter()


class BacktestRequest(Request):
    """From one moment to another, both included, at equal steps."""

    start: Moment = Field(alias="from")
    end: Moment = Field(alias="to")
    every: str = "1d"


@router.post("/admin/segments/<segment_id>/backtests", summary="Start counting a segment day by day", status_code=202, security=READ)
def start(segment_id: str, request: BacktestRequest) -> BacktestLook:
    from regulars.usecases.backtest_segment import start_backtest

    return start_backtest(
        segment_id,
        start=request.start,
        end=request.end,
        every=read_span(Value(request.every, InvalidRequestError, "every")),
        definitions=wiring.definitions(),
        queries=wiring.queries(),
        catalog=wiring.table_catalog(),
        clock=wiring.clock(),
    )


@router.get("/admin/backtests/<ticket>", summary="How a backtest stands, and its days", security=READ)
def look(ticket: str) -> BacktestLook:
    from regulars.usecases.backtest_segment import look_at_backtest

    return look_at_backtest(ticket, queries=wiring.queries())
