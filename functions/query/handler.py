"""The lake, asked by people in SQL of their own, for the admin API, which waits: with rights to read it, and no more.

A refusal is an answer, `{"refused": {"error", "message", "field"}}`: it is the caller's to mend, and no failure of this function. No statement is
logged, for it may name people.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, Final

from aws_lambda_powertools.utilities.typing import LambdaContext

from regulars import wiring
from regulars.domain.errors import RefusedError
from regulars.observability import logger
from regulars.usecases.plan_query import plan_query
from regulars.usecases.query_lake import look_at_query, query_export, query_rows, start_query, stop_query
from regulars.usecases.show_lake import show_lake

log = logger("query")

logging.getLogger("sqlglot").setLevel(logging.CRITICAL)  # it logs statements that it knows only in part

CALLS: Final[Mapping[str, Callable[..., Any]]] = {
    "plan": lambda sql: plan_query(sql, limit=wiring.config().bytes_per_query, catalog=wiring.table_catalog(), clock=wiring.clock()),
    "start": lambda sql, by: start_query(sql, by, queries=wiring.queries()),
    "look": lambda ticket, by: look_at_query(ticket, by, queries=wiring.queries()),
    "stop": lambda ticket, by: stop_query(ticket, by, queries=wiring.queries()),
    "rows": lambda ticket, by, page: query_rows(ticket, by, page, queries=wiring.queries()),
    "export": lambda ticket, by, page: query_export(ticket, by, page, queries=wiring.queries(), lake=wiring.lake()),
    "tables": lambda: show_lake(catalog=wiring.table_catalog()),
}
"""`ports.LakeAnalyst`, by the names of its methods."""


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    call, arguments = event["call"], {name: value for name, value in event.items() if name != "call"}
    try:
        told = asdict(CALLS[call](**arguments))
    except RefusedError as error:
        message = str(error).removeprefix(f"{error.field}: ")
        log.info("refused", extra={"call": call, "field": error.field, "error": error.code})
        return {"refused": {"error": type(error).__name__, "message": message, "field": error.field}}
    log.info("answered", extra={"call": call, **{name: told[name] for name in ("ticket", "state", "bytes_scanned") if name in told}})
    return told
