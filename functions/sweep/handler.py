"""Every quarter of an hour: concludes the runs that nobody else will conclude, and looks after the schedules of campaigns."""

from dataclasses import asdict
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from regulars import wiring
from regulars.domain.errors import InfrastructureError
from regulars.observability import count, logger
from regulars.usecases.sweep import sweep
from regulars.usecases.watch_schedules import watch_schedules

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
    watched = watch_schedules(definitions=wiring.definitions(), runs=wiring.runs(), scheduler=wiring.campaign_scheduler(), clock=wiring.clock())
    told = {**asdict(swept), "schedules": asdict(watched)}
    log.info("swept", extra=told)
    count("sweep", OrphansStopping=len(swept.stopping), OrphansConcluded=len(swept.concluded))
    count("start_occurrence", OccurrencesMissed=len(watched.missed))  # as if its own call had found that: one alarm for both
    if failed := {**swept.failed, **watched.failed}:
        raise InfrastructureError(f"not swept: {failed}")
    return told
