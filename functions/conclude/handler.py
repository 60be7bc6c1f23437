"""States Conclude and ConcludeFailed: ends the run with its counts. The latter has `failure`, Step Functions' {"Error", "Cause"}."""

import json
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from regulars import wiring
from regulars.domain.campaigns.run import summary
from regulars.observability import count, logger
from regulars.usecases.conclude import conclude

log = logger("conclude")


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    error = _error(event["failure"]) if "failure" in event else None
    record = conclude(
        event["run_id"],
        error=error,
        statistics=event.get("statistics"),
        runs=wiring.runs(),
        queries=wiring.queries(),
        clock=wiring.clock(),
    )
    succeeded = record["state"] == "succeeded"
    log.info(
        "concluded",
        extra={
            "run_id": record["run_id"],
            "state": record["state"],
            "error": record["error"],
            "counts": record["counts"],
        },
    )
    count("conclude", RunsSucceeded=int(succeeded), RunsFailed=int(not succeeded))
    return summary(record)


def _error(failure: dict[str, Any]) -> dict[str, str]:
    """The cause is a Lambda's error, a failed query, or a sentence; what a person can use is taken out of it."""
    cause = str(failure.get("Cause", ""))
    try:
        told = json.loads(cause)
    except ValueError:
        told = {}
    query = told.get("Status", {}) if isinstance(told, dict) else {}
    message = (told.get("errorMessage") if isinstance(told, dict) else None) or query.get("StateChangeReason") or cause
    return {"code": str(failure.get("Error", "States.Unknown")), "message": str(message)[:2000]}
