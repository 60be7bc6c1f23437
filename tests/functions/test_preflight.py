"""The preflight handler over its real payloads."""

import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from functions.preflight.handler import lambda_handler
from regulars import wiring
from regulars.config import Config
from regulars.usecases.preflight import preflight_key
from tests.fakes.services import result_key
from tests.usecases.test_preflight import World, csv

EVENTS = Path(__file__).parents[2] / "events/preflight"


@pytest.fixture
def world() -> Iterator[World]:
    world = World()
    world.lake.content[result_key("0")] = csv(world.rows)
    names = ("definitions", "runs", "queries", "profiles", "devices", "contacts", "lake", "clock")
    wiring.install(config=Config({"PUSHES_PER_SECOND": "9000"}), **{name: getattr(world, name) for name in names})
    yield world
    wiring.install()


@pytest.mark.parametrize("payload", ["now.json", "as_of.json"])
def test_what_is_foreseen_lies_where_the_admin_api_looks_for_it(world: World, payload: str) -> None:
    event = json.loads((EVENTS / payload).read_text())
    context: Any = SimpleNamespace(get_remaining_time_in_millis=lambda: 900_000)
    told = lambda_handler(event, context)
    assert told == {"campaign_id": "spring", "audience": 4, "eligible": 2, "messages": 3}
    found = json.loads(world.lake.content[preflight_key(event["preflight_id"])])["found"]
    assert found["as_of"] == ("2017-10-01T00:00:00Z" if "as_of" in event else "2026-11-21T22:15:00Z")


def test_a_draft_is_foreseen_in_place_of_what_is_saved(world: World) -> None:
    event = json.loads((EVENTS / "draft.json").read_text())
    context: Any = SimpleNamespace(get_remaining_time_in_millis=lambda: 900_000)
    lambda_handler(event, context)
    found = json.loads(world.lake.content[preflight_key(event["preflight_id"])])["found"]
    assert found["version"] == 0
    assert {each["push"]["title"] for each in found["examples"]} == {"Hi"}
    assert "control.percent" in [problem["path"] for problem in found["problems"]]
