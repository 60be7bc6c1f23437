"""State ReplayShard: the people of one shard, through the journeys. `statistics` are those of the UNLOAD."""

from dataclasses import asdict
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from regulars import wiring
from regulars.observability import logger
from regulars.usecases.replay_shard import replay_shard

log = logger("replay_shard")


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    # Athena leaves the field out where it wrote nothing, which JSONPath could not express.
    manifest = event["statistics"].get("DataManifestLocation", "")
    replayed = replay_shard(event["look_back_id"], event["shard"], manifest=manifest, lake=wiring.lake(), clock=wiring.clock())
    log.info("replayed", extra={"look_back_id": event["look_back_id"], **asdict(replayed)})
    return asdict(replayed)
