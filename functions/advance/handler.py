"""SQS FIFO -> advance. Moves people through journeys; whoever could not be moved comes again, with everything that is theirs, and nobody else."""

from datetime import timedelta
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from regulars import wiring
from regulars.observability import count, logger
from regulars.usecases.advance import Record, advance
from regulars.usecases.perform import Performer
from regulars.usecases.prepare_messages import Preparation

log = logger("advance")


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    advanced = advance(
        [Record(record["messageId"], record["body"]) for record in event["Records"]],
        live=wiring.live_journeys(),
        performer=_performer(context.aws_request_id),
        journeys=wiring.journeys(),
        profiles=wiring.profiles(),
        devices=wiring.devices(),
        events=wiring.event_queue(),
        timers=wiring.journey_timers(),
        clock=wiring.clock(),
        time_left=lambda: timedelta(milliseconds=context.get_remaining_time_in_millis()),
    )
    if advanced.trouble:
        log.error("inputs will come again", undone=len(advanced.undone), because=sorted(set(advanced.trouble.values()))[:5])
    if advanced.untimed:
        log.warning("what is due soon waits for the sweep", detail=advanced.untimed)
    if advanced.refused:
        log.error("FCM takes nothing", detail=advanced.refused)
    log.info("advanced", inputs=advanced.inputs, entered=advanced.entered, errands=advanced.errands, put_off=advanced.put_off)
    count(
        "advance",
        InputsAdvanced=advanced.inputs,
        InputsUndone=len(advanced.undone),
        JourneysEntered=advanced.entered,
        ErrandsPutOff=advanced.put_off,
        FcmRefusals=int(bool(advanced.refused)),
    )
    return {"batchItemFailures": [{"itemIdentifier": identity} for identity in advanced.undone]}


def _performer(holder: str) -> Performer:
    preparation = Preparation(
        profiles=wiring.profiles(),
        devices=wiring.devices(),
        contacts=wiring.contacts(),
        definitions=wiring.definitions(),
        clock=wiring.clock(),
        load_window=timedelta(seconds=wiring.config().load_window_seconds),
    )
    return Performer(preparation, wiring.push_sender(), wiring.webhooks(), wiring.journey_queue(), holder)
