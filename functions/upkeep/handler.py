"""State Upkeep: what Athena is to be asked this night, so that the lake stays as quick and as cheap as it was."""

from dataclasses import asdict
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from regulars import wiring
from regulars.observability import logger
from regulars.usecases.upkeep import upkeep

log = logger("upkeep")


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    planned = upkeep(queries=wiring.queries())
    log.info("planned", extra={"optimize": len(planned.optimize), "vacuum": len(planned.vacuum), "left": planned.left})
    return asdict(planned)
