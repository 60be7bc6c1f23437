"""SQS -> ingest. A message is one part of an import; what time does not allow goes on with the next message. What fails is put off, and the import
says so when it will hardly go better."""

from datetime import timedelta
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from regulars import wiring
from regulars.domain.collection.message import QueueMessage
from regulars.domain.errors import ConflictError
from regulars.observability import count, logger
from regulars.usecases.ingest import Ingested, ingest, read_ticket
from regulars.usecases.put_off_part import put_off, take_up

log = logger("ingest")


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    messages = [_message(record) for record in event["Records"]]
    return {"batchItemFailures": [{"itemIdentifier": message.identity} for message in messages if not _done(message, context)]}


def _message(record: dict[str, Any]) -> QueueMessage:
    return QueueMessage(record["messageId"], record["body"], record["receiptHandle"], int(record["attributes"]["ApproximateReceiveCount"]))


def _done(message: QueueMessage, context: LambdaContext) -> bool:
    try:
        take_up(message, time_left=_time_left(context), imports=wiring.imports(), queue=wiring.import_queue(), clock=wiring.clock())
        ingested = _ingest(message, context)
    except ConflictError as error:
        log.warning("somebody else reads this part, and has a message of their own", ticket=message.body, detail=str(error))
        return True
    except Exception as error:
        log.exception("a part will come again", ticket=message.body, receives=message.receives)
        _put_off(message, error)
        return False
    log.info(
        "ingested",
        ticket=message.body,
        events=ingested.events,
        quarantined=ingested.refused,
        profiles=ingested.profiles,
        goes_on=ingested.goes_on,
        error=ingested.error,
    )
    count("ingest", EventsLoaded=ingested.events, EventsQuarantined=ingested.refused)
    return True


def _ingest(message: QueueMessage, context: LambdaContext) -> Ingested:
    return ingest(
        *read_ticket(message.body),
        imports=wiring.imports(),
        bucket=wiring.bucket,
        lake=wiring.lake(),
        profiles=wiring.profiles(),
        devices=wiring.devices(),
        names=wiring.event_names(),
        plans=wiring.current_plans(),
        standards=wiring.standards(),
        queue=wiring.import_queue(),
        clock=wiring.clock(),
        time_left=lambda: _time_left(context),
    )


def _time_left(context: LambdaContext) -> timedelta:
    return timedelta(milliseconds=context.get_remaining_time_in_millis())


def _put_off(message: QueueMessage, error: Exception) -> None:
    try:
        put_off(message, error, imports=wiring.imports(), queue=wiring.import_queue(), clock=wiring.clock())
    except Exception:
        log.exception("the import does not say that it failed", ticket=message.body)
