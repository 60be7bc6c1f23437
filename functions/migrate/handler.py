"""A custom resource of the stack: brings the lake's tables to this version at deploy."""

from typing import Any

from regulars import wiring
from regulars.observability import logger
from regulars.usecases.migrate import Migrated, migrate

log = logger("migrate")


def lambda_handler(event: dict[str, Any], context: object) -> None:
    """Create and Update apply the migrations; Delete keeps the tables (and with them the company's data).

    Every error is answered, whichever it is: CloudFormation waits for an answer, not for the function.
    """
    if event["RequestType"] == "Delete":
        wiring.answer_cloudformation(event, succeeded=True, reason="tables are kept", data={})
        return
    try:
        done = _migrate()
    except Exception as error:
        log.exception("migration failed")
        wiring.answer_cloudformation(event, succeeded=False, reason=str(error) or type(error).__name__, data={})
        return
    reason = f"{len(done.applied)} statements"
    if done.ahead:
        reason += f"; a newer version was deployed before, and the lake keeps its {', '.join(done.ahead)}"
    log.info("migrated", extra={"applied": done.applied, "ahead": done.ahead})
    wiring.answer_cloudformation(event, succeeded=True, reason=reason, data={})


def _migrate() -> Migrated:
    return migrate(
        files=wiring.migration_files(),
        bucket=wiring.config().lake_bucket,
        queries=wiring.queries(),
        catalog=wiring.table_catalog(),
        migration_log=wiring.migration_log(),
        clock=wiring.clock(),
    )
