"""State Shard: the files that Athena unloaded, as shards to deliver. `statistics` are those of the UNLOAD."""

from dataclasses import asdict
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from regulars import wiring
from regulars.observability import logger
from regulars.usecases.shard import shard

log = logger("shard")


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    # Athena leaves the field out where it wrote nothing, which JSONPath could not express.
    manifest = event["statistics"].get("DataManifestLocation", "")
    sharded = shard(
        event["run_id"],
        manifest=manifest,
        lake=wiring.lake(),
        runs=wiring.runs(),
        contacts=wiring.contacts(),
        definitions=wiring.definitions(),
        queries=wiring.queries(),
        clock=wiring.clock(),
    )
    log.info("sharded", extra={"run_id": event["run_id"], "shards": sharded.shards})
    return asdict(sharded)
