"""SQL of one's own on the lake: what it would read, asked before; run, asked after by ticket; its rows in pages, or as CSV."""

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from regulars import wiring

from .access import QUERY, caller
from .answers import LakeShown, QueryExport, QueryLook, QueryPlan, QueryRows
from .requests import Request

router = APIGatewayHttpRouter()


class Sql(Request):
    """One statement that reads: SELECT, WITH, SHOW, DESCRIBE or EXPLAIN, as Athena engine version 3 takes it."""

    sql: str


@router.get("/admin/lake-tables", summary="The tables and views that may be asked in SQL, and what their columns mean", security=QUERY)
def tables() -> LakeShown:
    return wiring.lake_analyst().tables()


@router.post("/admin/query-plans", summary="What a statement would read at most, and cost; nothing is run", security=QUERY)
def plan(request: Sql) -> QueryPlan:
    return wiring.lake_analyst().plan(request.sql)


@router.post("/admin/queries", summary="Start a statement", status_code=202, security=QUERY)
def start(request: Sql) -> QueryLook:
    return wiring.lake_analyst().start(request.sql, caller(router))


@router.get("/admin/queries/<ticket>", summary="How it stands, what it read and cost; of whoever started it", security=QUERY)
def look(ticket: str) -> QueryLook:
    return wiring.lake_analyst().look(ticket, caller(router))


@router.post("/admin/queries/<ticket>/cancel", summary="Stop it; what it read until then is paid", security=QUERY)
def cancel(ticket: str) -> QueryLook:
    return wiring.lake_analyst().stop(ticket, caller(router))


@router.get("/admin/queries/<ticket>/rows", summary="A page of its rows; long values are cut", security=QUERY)
def rows(ticket: str, page: str = "") -> QueryRows:
    return wiring.lake_analyst().rows(ticket, caller(router), page)


@router.get("/admin/queries/<ticket>/export", summary="A part of its rows as CSV, whole values", security=QUERY)
def export(ticket: str, page: str = "") -> QueryExport:
    return wiring.lake_analyst().export(ticket, caller(router), page)
