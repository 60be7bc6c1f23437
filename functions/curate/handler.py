"""Every quarter of an hour, and when a flush asks: moves raw events into the lake."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from regulars import wiring
from regulars.observability import count, logger
from regulars.usecases.curate import curate

log = logger("curate")


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    result = curate(
        queries=wiring.queries(),
        objects=wiring.lake(),
        profiles=wiring.profiles(),
        state=wiring.curate_state(),
        clock=wiring.clock(),
        rows_per_statement=wiring.config().rows_per_statement,
        time_left=lambda: timedelta(milliseconds=context.get_remaining_time_in_millis()),
    )
    log.info("curated", extra=asdict(result))
    count("curate", RawRowsRead=result.rows)
    return asdict(result)
