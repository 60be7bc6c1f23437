"""Called by EventBridge Scheduler when a campaign is due: starts its run."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from regulars import wiring
from regulars.observability import count, logger
from regulars.usecases.start_occurrence import start_occurrence

log = logger("start_occurrence")


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    answer = start_occurrence(
        event["campaign_id"],
        datetime.fromisoformat(event["scheduled"]),
        definitions=wiring.definitions(),
        runs=wiring.runs(),
        campaign_runner=wiring.campaign_runner(),
        clock=wiring.clock(),
    )
    told = asdict(answer)
    log.info("due", extra={**event, **told})
    count("start_occurrence", OccurrencesStarted=int(answer.outcome == "started"), OccurrencesMissed=int(answer.outcome == "missed"))
    return told
