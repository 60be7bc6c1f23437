"""State Plan: what Athena is to be asked in this run."""

from dataclasses import asdict
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from regulars import wiring
from regulars.observability import logger
from regulars.usecases.plan import plan

log = logger("plan")


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    catalog, clock = wiring.table_catalog(), wiring.clock()
    planned = plan(event["run_id"], bucket=wiring.config().lake_bucket, runs=wiring.runs(), catalog=catalog, clock=clock)
    log.info("planned", extra={"run_id": event["run_id"], "assign_bytes": len(planned.assign_sql)})
    return asdict(planned)
