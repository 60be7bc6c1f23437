import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from functions.wake.handler import lambda_handler
from regulars import wiring
from regulars.domain.journeys.inputs import Due
from tests.usecases.journey_world import NOW, JourneyWorld

EVENTS = Path(__file__).parents[2] / "events" / "wake"


class Context:
    def get_remaining_time_in_millis(self) -> int:
        return 50_000


@pytest.fixture
def world() -> Iterator[JourneyWorld]:
    world = JourneyWorld()
    world.install()
    yield world
    wiring.install()


@pytest.mark.parametrize("case", sorted(path.stem for path in EVENTS.glob("*.json")))
def test_whose_time_is_over_is_told_to_the_worker(case: str, world: JourneyWorld) -> None:
    world.knows("ann", device="tok-ann")
    world.launch("welcome")
    world.knows("ann", device="tok-ann")
    world.happens("ann", "Signed Up")
    world.clock.moment = NOW + timedelta(days=2)
    event: dict[str, Any] = json.loads((EVENTS / f"{case}.json").read_text())
    told = lambda_handler(event, Context())  # type: ignore[arg-type]
    assert (told["sent"], told["left"]) == (1, False)
    assert [type(this) for this in world.queue.sent[-1:]] == [Due]
    assert datetime(2026, 1, 1, tzinfo=UTC) < NOW
