"""SQS -> ingest. A message is one part of an import; what time does not allow goes on with the next message."""

from datetime import timedelta
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from regulars import wiring
from regulars.domain.errors import ConflictError, InfrastructureError
from regulars.observability import count, logger
from regulars.usecases.ingest import ingest

log = logger("ingest")


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    undone = [record["messageId"] for record in event["Records"] if not _done(record["body"], context)]
    return {"batchItemFailures": [{"itemIdentifier": identity} for identity in undone]}


def _done(body: str, context: LambdaContext) -> bool:
    import_id, _, number = body.partition("|")
    try:
        ingested = ingest(
            import_id,
            int(number),
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
            time_left=lambda: timedelta(milliseconds=context.get_remaining_time_in_millis()),
        )
    except (InfrastructureError, ConflictError) as error:
        log.error("a part will come again", import_id=import_id, part=number, detail=str(error))
        return False
    log.info(
        "ingested",
        import_id=import_id,
        part=number,
        events=ingested.events,
        quarantined=ingested.refused,
        profiles=ingested.profiles,
        goes_on=ingested.goes_on,
        error=ingested.error,
    )
    count("ingest", EventsLoaded=ingested.events, EventsQuarantined=ingested.refused)
    return True
