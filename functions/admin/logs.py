"""The functions' logs, which carry ids and no traits."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from regulars import wiring

from .access import READ
from .answers import LogPage
from .requests import Moment

router = APIGatewayHttpRouter()


@dataclass(frozen=True)
class Functions:
    functions: Sequence[str]


@router.get("/admin/functions", summary="Whose logs there are", security=READ)
def list_functions() -> Functions:
    return Functions(wiring.logs().functions())


@router.get("/admin/logs", summary="What the functions logged, the oldest line first: of one function, or of all", security=READ)
def list_events(function: str = "", since: Moment | None = None, page: str = "", limit: Annotated[int, Query(ge=1, le=1000)] = 1000) -> LogPage:
    from regulars.usecases.read_logs import read_logs

    functions = [function] if function else []
    return read_logs(functions, since=since, page=page, limit=limit, clock=wiring.clock(), logs=wiring.logs())
