"""The refresh handler over its real payloads."""

import json
from pathlib import Path
from typing import Any

import pytest

from functions.refresh.handler import lambda_handler
from regulars import wiring
from regulars.config import Config
from regulars.domain.errors import InfrastructureError
from tests.usecases.test_refresh import World

EVENTS = Path(__file__).parents[2] / "events/refresh"


class Context:
    @staticmethod
    def get_remaining_time_in_millis() -> int:
        return 840_000


def looked(world: World, payload: str) -> dict[str, Any]:
    wiring.install(
        config=Config({"LAKE_BUCKET": "lake"}),
        definitions=world.definitions,
        evaluations=world.evaluations,
        refreshes=world.refreshes,
        curate_state=world.curate,
        queries=world.queries,
        table_catalog=world.catalog,
        lake=world.lake,
        event_queue=world.queue,
        clock=world.clock,
    )
    try:
        return lambda_handler(json.loads((EVENTS / payload).read_text()), Context())  # type: ignore[arg-type]
    finally:
        wiring.install()


@pytest.fixture
def world() -> World:
    made = World()
    for segment_id in ("lapsing", "other"):
        made.put(segment_id)
    made.finds("ann")
    return made


def test_the_schedule_has_every_segment_looked_at(world: World) -> None:
    assert looked(world, "schedule.json") == {"refreshed": ["lapsing", "other"], "waiting": [], "failed": {}, "entered": 0, "exited": 0}


def test_whoever_asks_for_one_gets_one(world: World) -> None:
    assert looked(world, "now.json")["refreshed"] == ["lapsing"]


def test_what_failed_is_logged_counted_and_heard_by_the_alarm(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.put("broken", rule={"segment": "gone"})
    with pytest.raises(InfrastructureError, match="broken"):
        looked(world, "schedule.json")
    assert '"SegmentsNotRefreshed": 1' in capsys.readouterr().out
