"""State ReplayShard: the people of one shard, through the journeys. `statistics` are those of the UNLOAD."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from regulars import wiring
from regulars.observability import logger
from regulars.usecases.replay_shard import replay_shard

log = logger("replay_shard")

_SELDOM = 200_000
"""Objects between two searches for circles, in place of some hundred: lives are millions of tuples without any, and a sixth of the time went so."""


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    # Athena leaves the field out where it wrote nothing, which JSONPath could not express.
    manifest = event["statistics"].get("DataManifestLocation", "")
    with _seldom_collected():
        replayed = replay_shard(event["look_back_id"], event["shard"], manifest=manifest, lake=wiring.lake(), clock=wiring.clock())
    log.info("replayed", extra={"look_back_id": event["look_back_id"], **asdict(replayed)})
    return asdict(replayed)


@contextmanager
def _seldom_collected() -> Iterator[None]:
    usual = gc.get_threshold()
    gc.set_threshold(_SELDOM, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)
