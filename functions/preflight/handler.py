"""What a launch would do: started by the admin API, which asks after what this writes."""

from datetime import datetime, timedelta
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from regulars import wiring
from regulars.domain.delivery.rate import ProjectLimit
from regulars.observability import logger
from regulars.usecases.draft_campaign import with_draft
from regulars.usecases.preflight import preflight

log = logger("preflight")

KEPT_FOR_THE_RESULT = timedelta(seconds=30)
"""A window of people takes a second or two, and then there is one object to write."""


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    clock = wiring.clock()
    found = preflight(
        event["preflight_id"],
        event["campaign_id"],
        as_of=datetime.fromisoformat(event["as_of"]) if "as_of" in event else None,
        deadline=clock.now() + timedelta(milliseconds=context.get_remaining_time_in_millis()) - KEPT_FOR_THE_RESULT,
        limit=ProjectLimit(wiring.config().pushes_per_second),
        definitions=with_draft(event.get("document"), definitions=wiring.definitions(), clock=clock),
        runs=wiring.runs(),
        queries=wiring.queries(),
        profiles=wiring.profiles(),
        devices=wiring.devices(),
        contacts=wiring.contacts(),
        lake=wiring.lake(),
        clock=clock,
    )
    told = {"campaign_id": found.campaign_id, "audience": found.audience, "eligible": found.eligible, "messages": found.messages}
    log.info("foreseen", extra={**told, "reasons": dict(found.reasons), "problems": len(found.problems)})
    return told
