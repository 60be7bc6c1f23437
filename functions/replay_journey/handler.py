"""What a journey would have done in the past: started by the admin API, which asks after what this writes."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from regulars import wiring
from regulars.observability import logger
from regulars.usecases.replay_journey import question_of, replay_journey

log = logger("replay_journey")


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    found = replay_journey(
        event["backtest_id"],
        event["journey_id"],
        question_of(event["question"]),
        draft=event.get("document"),
        definitions=wiring.definitions(),
        queries=wiring.queries(),
        lake=wiring.lake(),
    )
    told = {"journey_id": found.journey_id, "events": found.events, "people": found.people, "entries": found.entries, "messages": found.all_messages}
    log.info("replayed", extra=told)
    return told
