"""Every night: what the runs of the last days changed, counted again, so that their newest reports and `results` are current."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from regulars import wiring
from regulars.domain.errors import InfrastructureError
from regulars.observability import count, logger
from regulars.usecases.measure import measure

log = logger("measure")


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    counted = measure(
        time_left=lambda: timedelta(milliseconds=context.get_remaining_time_in_millis()),
        runs=wiring.runs(),
        queries=wiring.queries(),
        catalog=wiring.table_catalog(),
        lake=wiring.lake(),
        clock=wiring.clock(),
    )
    told = asdict(counted)
    log.info("measured", extra=told)
    unmeasured = len(counted.failed) + len(counted.waiting) + len(counted.left)
    count("measure", RunsMeasured=len(counted.measured), RunsNotMeasured=unmeasured)
    if counted.failed:
        raise InfrastructureError(f"not measured: {counted.failed}")
    return told
