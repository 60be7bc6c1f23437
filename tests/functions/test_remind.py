import json
from pathlib import Path
from typing import Any

import pytest

from functions.remind.handler import lambda_handler
from regulars import wiring
from regulars.domain.journeys.inputs import Due
from tests.fakes.journeys import MemoryJourneyQueue

EVENTS = Path(__file__).parents[2] / "events" / "remind"


@pytest.mark.parametrize("case", sorted(path.stem for path in EVENTS.glob("*.json")))
def test_what_is_due_goes_to_the_worker_and_what_nobody_can_read_costs_it_nothing(case: str) -> None:
    queue = MemoryJourneyQueue()
    event: dict[str, Any] = json.loads((EVENTS / f"{case}.json").read_text())
    event["Records"].append({**event["Records"][0], "body": "{"})
    wiring.install(journey_queue=queue)
    try:
        lambda_handler(event, None)  # type: ignore[arg-type]
    finally:
        wiring.install()
    assert [type(this) for this in queue.sent] == [Due]
