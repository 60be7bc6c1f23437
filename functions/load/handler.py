"""SQS -> load. All messages of the invocation become one object, so they succeed or come again together."""

from typing import Any

from regulars import wiring
from regulars.domain.collection.message import QueueMessage
from regulars.domain.errors import InfrastructureError
from regulars.observability import count, logger
from regulars.usecases.load import load

log = logger("load")


def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    messages = [QueueMessage(record["messageId"], record["body"]) for record in event["Records"]]
    try:
        loaded = load(messages, objects=wiring.lake(), profiles=wiring.profiles(), clock=wiring.clock())
    except InfrastructureError as error:
        log.error("messages will come again", code=error.code, detail=str(error), messages=len(messages))
        return {"batchItemFailures": [{"itemIdentifier": message.identity} for message in messages]}
    log.info("loaded", events=loaded.events, quarantined=loaded.quarantined, profiles=loaded.profiles, messages=len(messages))
    count("load", EventsLoaded=loaded.events, EventsQuarantined=sum(loaded.quarantined.values()))
    return {"batchItemFailures": []}
