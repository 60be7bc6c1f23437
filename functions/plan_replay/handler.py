"""State PlanReplay: what a look back reads, and in how many shards."""

from dataclasses import asdict
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from regulars import wiring
from regulars.observability import logger
from regulars.usecases.look_back import question_of
from regulars.usecases.plan_replay import plan_replay

log = logger("plan_replay")


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    planned = plan_replay(
        event["look_back_id"],
        event["journey_id"],
        question_of(event["question"]),
        draft=event["document"],
        bucket=wiring.config().lake_bucket,
        definitions=wiring.definitions(),
        queries=wiring.queries(),
        lake=wiring.lake(),
        clock=wiring.clock(),
    )
    log.info("planned", extra={"look_back_id": event["look_back_id"], "events": planned.events, "shards": len(planned.shards)})
    return {**asdict(planned), "shards": list(planned.shards)}
