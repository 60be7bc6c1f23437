import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from functions.advance.handler import lambda_handler
from regulars import wiring
from tests.usecases.journey_world import JourneyWorld

EVENTS = Path(__file__).parents[2] / "events" / "advance"


class Context:
    aws_request_id = "call-1"

    def get_remaining_time_in_millis(self) -> int:
        return 50_000


@pytest.fixture
def world() -> Iterator[JourneyWorld]:
    world = JourneyWorld()
    world.install()
    world.launch("welcome")
    yield world
    wiring.install()


def handled(case: str) -> dict[str, Any]:
    return lambda_handler(json.loads((EVENTS / f"{case}.json").read_text()), Context())  # type: ignore[arg-type]


@pytest.mark.parametrize("case", sorted(path.stem for path in EVENTS.glob("*.json")))
def test_every_payload_is_answered_with_what_comes_again(case: str, world: JourneyWorld) -> None:
    assert set(handled(case)) == {"batchItemFailures"}


def test_what_cannot_be_read_comes_again_and_costs_nobody_else_anything(world: JourneyWorld) -> None:
    world.knows("ann", device="tok-ann")
    world.knows("bob", device="tok-bob")
    (failed,) = handled("somebody_signs_up")["batchItemFailures"]
    assert failed["itemIdentifier"].endswith("2")
    assert sorted(world.titles("ann") + world.titles("bob")) == ["Hello Ann from Rome", "Hello friend from "]
