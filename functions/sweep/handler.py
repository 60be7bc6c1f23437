"""Every quarter of an hour: concludes the runs that nobody else will conclude."""

from dataclasses import asdict
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from regulars import wiring
from regulars.domain.errors import InfrastructureError
from regulars.observability import count, logger
from regulars.usecases.sweep import sweep

log = logger("sweep")


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    swept = sweep(
        runs=wiring.runs(),
        progress=wiring.progress(),
        lake=wiring.lake(),
        campaign_runner=wiring.campaign_runner(),
        queries=wiring.queries(),
        clock=wiring.clock(),
    )
    told = asdict(swept)
    log.info("swept", extra=told)
    count("sweep", OrphansStopping=len(swept.stopping), OrphansConcluded=len(swept.concluded))
    if swept.failed:
        raise InfrastructureError(f"not swept: {swept.failed}")
    return told
