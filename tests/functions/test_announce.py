"""The announce handler over its real payloads."""

import json
from pathlib import Path
from typing import Any

import pytest

from functions.announce.handler import lambda_handler
from regulars import wiring
from regulars.domain.journeys.published import Published
from tests.usecases.test_announce import World

EVENTS = Path(__file__).parents[2] / "events/announce"


class Context:
    def get_remaining_time_in_millis(self) -> int:
        return 600_000


def announced(world: World, payload: str, **changes: str) -> dict[str, Any]:
    asked = {"definitions": world.definitions, "queries": world.queries, "journey_queue": world.queue, "announce_trigger": world.trigger}
    wiring.install(live_journeys=lambda: Published(world.books), **asked)
    try:
        return lambda_handler({**json.loads((EVENTS / f"{payload}.json").read_text()), **changes}, Context())  # type: ignore[arg-type]
    finally:
        wiring.install()


def test_an_item_goes_to_every_journey_that_begins_with_it() -> None:
    world = World()
    assert announced(world, "all")["journeys"] == ["news"]
    assert [each.journey_id for each in world.trigger.started] == ["news"]


def test_what_corrects_an_item_is_nothing_to_a_journey_in_which_nobody_waits_for_it() -> None:
    world = World()
    assert announced(world, "corrected")["journeys"] == [] and not world.trigger.started


def test_a_call_that_goes_on_asks_nothing_anew_and_people_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    world = World()
    done = announced(world, "going_on", query_id=world.queries.start("SELECT user_id"))
    assert done["people"] == 1 and world.told == [("news", "cem")] and len(world.queries.ran) == 1
    assert '"PeopleAnnouncedTo": 1' in capsys.readouterr().out
