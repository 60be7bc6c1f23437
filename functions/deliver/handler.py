"""State Deliver: sends one shard, and says whether it is done or has to be called again. State Settle, whose event says so: nobody sends to the shard
any more, and what is in doubt of it is written down."""

import gc
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from regulars import wiring
from regulars.observability import count, logger
from regulars.usecases.deliver import deliver
from regulars.usecases.settle import settle

log = logger("deliver")

gc.set_threshold(50_000, 20, 100)
"""Looking for cycles after each 700 new objects (https://docs.python.org/3/library/gc.html) took an eighth of the CPU of a push, and found none: a
person's profile, device and push are let go as they are done with. In windows of 500 people that is some ten thousand objects."""

KEPT_FOR_DRAINING = timedelta(seconds=20)
"""An answer of FCM may take 15 seconds; the rest is for writing down what came back."""


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return _settle(event) if event.get("settle") else _deliver(event, context)


def _settle(event: dict[str, Any]) -> dict[str, Any]:
    unknown = settle(
        event["run_id"],
        event["shard"],
        execution=event.get("execution"),
        runs=wiring.runs(),
        progress=wiring.progress(),
        lake=wiring.lake(),
        clock=wiring.clock(),
    )
    told = {"run_id": event["run_id"], "shard": event["shard"], "unknown": unknown}
    log.info("settled", extra=told)
    count("deliver", PushesUnknown=unknown)
    return told


def _deliver(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    clock = wiring.clock()
    delivered = deliver(
        event["run_id"],
        event["shard"],
        execution=event.get("execution"),
        holder=context.aws_request_id,
        deadline=clock.now() + timedelta(milliseconds=context.get_remaining_time_in_millis()) - KEPT_FOR_DRAINING,
        runs=wiring.runs(),
        claims=wiring.claims(),
        progress=wiring.progress(),
        lake=wiring.lake(),
        profiles=wiring.profiles(),
        devices=wiring.devices(),
        contacts=wiring.contacts(),
        definitions=wiring.definitions(),
        push_sender=wiring.push_sender(),
        clock=clock,
    )
    log.info("delivered", extra=asdict(delivered))
    if delivered.waits_for:
        log.warning("waits", extra={"run_id": delivered.run_id, "shard": delivered.shard, "because": delivered.waits_for})
    count(
        "deliver",
        PushesSent=delivered.sent,
        PushesFailed=delivered.failed,
        PushesUnknown=delivered.unknown,
        PeopleSkipped=delivered.skipped,
    )
    return asdict(delivered)
