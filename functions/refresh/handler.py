"""Every quarter of an hour, and for one segment when somebody asks: who entered the segments that are refreshed, and who exited."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from regulars import wiring
from regulars.domain.errors import InfrastructureError
from regulars.observability import count, logger
from regulars.usecases.refresh import refresh

log = logger("refresh")


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    looked = refresh(
        str(event.get("segment_id", "")),
        time_left=lambda: timedelta(milliseconds=context.get_remaining_time_in_millis()),
        bucket=wiring.config().lake_bucket,
        definitions=wiring.definitions(),
        evaluations=wiring.evaluations(),
        refreshes=wiring.refreshes(),
        curate_state=wiring.curate_state(),
        queries=wiring.queries(),
        catalog=wiring.table_catalog(),
        lake=wiring.lake(),
        queue=wiring.event_queue(),
        clock=wiring.clock(),
    )
    told = asdict(looked)
    log.info("refreshed", extra=told)
    refreshed, not_refreshed = len(looked.refreshed), len(looked.failed)
    count("refresh", SegmentsRefreshed=refreshed, SegmentsNotRefreshed=not_refreshed, PeopleEntered=looked.entered, PeopleExited=looked.exited)
    if looked.failed:
        raise InfrastructureError(f"not refreshed: {looked.failed}")
    return told
