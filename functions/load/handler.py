"""SQS -> load. All messages of the invocation become one object of rows; those that could not be brought to their end come again."""

from datetime import timedelta
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from regulars import wiring
from regulars.domain.cleaning.values import UNCLEAR
from regulars.domain.collection.message import QueueMessage
from regulars.observability import count, logger
from regulars.usecases.load import load

log = logger("load")


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    messages = [_message(record) for record in event["Records"]]
    loaded = load(
        messages,
        objects=wiring.lake(),
        profiles=wiring.profiles(),
        devices=wiring.devices(),
        names=wiring.event_names(),
        live_journeys=wiring.live_journeys(),
        journey_queue=wiring.journey_queue(),
        plans=wiring.current_plans(),
        queue=wiring.event_queue(),
        clock=wiring.clock(),
        standards=wiring.standards(),
        matcher=wiring.place_matcher(),
        time_left=lambda: timedelta(milliseconds=context.get_remaining_time_in_millis()),
    )
    if loaded.undone:
        log.error("messages will come again", detail=loaded.trouble or "out of time", undone=len(loaded.undone), messages=len(messages))
    if loaded.not_matched:
        log.error("places not matched", detail=loaded.not_matched)
    log.info(
        "loaded",
        events=loaded.events,
        quarantined=loaded.quarantined,
        corrections=loaded.corrections,
        traffic=loaded.traffic,
        profiles=loaded.profiles,
        devices=loaded.devices,
        other_names=loaded.other_names,
        violations=loaded.violations,
        passages=loaded.passages,
        journey_inputs=loaded.journey_inputs,
        messages=len(messages),
    )
    count(
        "load",
        EventsLoaded=loaded.events,
        EventsQuarantined=sum(loaded.quarantined.values()),
        EventsNamedOther=loaded.other_names,
        EventsAgainstPlan=loaded.violations,
        ValuesCorrected=sum(number for rule, number in loaded.corrections.items() if not rule.endswith(UNCLEAR)),
        ValuesUnclear=sum(number for rule, number in loaded.corrections.items() if rule.endswith(UNCLEAR)),
    )
    return {"batchItemFailures": [{"itemIdentifier": identity} for identity in loaded.undone]}


def _message(record: dict[str, Any]) -> QueueMessage:
    return QueueMessage(record["messageId"], record["body"], record["receiptHandle"], int(record["attributes"]["ApproximateReceiveCount"]))
