"""A custom resource of the stack: creates the lake's tables at deploy."""

from typing import Any

from regulars import wiring
from regulars.domain.errors import RegularsError
from regulars.observability import logger
from regulars.usecases.migrate import migrate

log = logger("migrate")


def lambda_handler(event: dict[str, Any], context: object) -> None:
    """Create and Update apply the DDL; Delete keeps the tables (and with them the company's data)."""
    if event["RequestType"] == "Delete":
        wiring.answer_cloudformation(event, succeeded=True, reason="tables are kept", data={})
        return
    try:
        applied = migrate(queries=wiring.queries(), ddl=wiring.ddl(), bucket=wiring.config().lake_bucket)
    except RegularsError as error:
        log.exception("migration failed")
        wiring.answer_cloudformation(event, succeeded=False, reason=str(error), data={})
        return
    log.info("migrated", extra={"files": applied})
    wiring.answer_cloudformation(event, succeeded=True, reason=f"{len(applied)} statements", data={})
