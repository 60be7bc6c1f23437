"""SQS, when a delay is over -> the queue of `advance`: tells the worker whose time has come, in the order in which it takes what is theirs."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from regulars import wiring
from regulars.observability import logger
from regulars.usecases.remind import remind

log = logger("remind")


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> None:
    reminded = remind([record["body"] for record in event["Records"]], queue=wiring.journey_queue())
    for because in reminded.unreadable:
        log.error("what is due could not be read, and is left to the sweep", detail=because)
    log.info("reminded", inputs=reminded.sent)
