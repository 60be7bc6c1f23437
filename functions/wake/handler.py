"""At a launch, and then every minute while a journey runs: tells the worker whose time in a step is over, and which errands may be tried again."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from regulars import wiring
from regulars.observability import count, logger
from regulars.usecases.wake import wake

log = logger("wake")


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    woken = wake(
        live=wiring.live_journeys(),
        journeys=wiring.journeys(),
        queue=wiring.journey_queue(),
        heartbeat=wiring.heartbeat(),
        clock=wiring.clock(),
        time_left=lambda: timedelta(milliseconds=context.get_remaining_time_in_millis()),
    )
    told = {**asdict(woken), "lateness": woken.lateness.total_seconds()}
    log.info("woken", extra=told)
    count("wake", InputsWoken=woken.sent, SecondsLate=int(woken.lateness.total_seconds()))
    return told
