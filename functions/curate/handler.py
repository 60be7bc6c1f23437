"""Every quarter of an hour, and when a flush asks: moves raw events into the lake."""

from datetime import timedelta
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from regulars import wiring
from regulars.observability import count, logger
from regulars.usecases.curate import CurateResult, curate

log = logger("curate")


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    result = curate(
        queries=wiring.queries(),
        state=wiring.state(),
        clock=wiring.clock(),
        rows_per_statement=wiring.config().rows_per_statement,
        time_left=lambda: timedelta(milliseconds=context.get_remaining_time_in_millis()),
    )
    log.info("curated", extra=_shown(result))
    count("curate", RowsCurated=result.rows)
    return _shown(result)


def _shown(result: CurateResult) -> dict[str, Any]:
    return {
        "finished": result.finished,
        "busy": result.busy,
        "rows": result.rows,
        "statements": result.statements,
        "bytes_scanned": result.bytes_scanned,
    }
