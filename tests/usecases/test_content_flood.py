"""A source that suddenly publishes all that it has: people hear of the best of it, or as often as their cap allows, and nobody's state grows."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from regulars.domain.journeys.affinity import told
from regulars.domain.journeys.inputs import Trigger
from tests.usecases.journey_world import NOW, JourneyWorld

ITEMS = 1_000
CALL = 50
"""Inputs of a person that one call of the worker has in hand."""

LIKES = {"event": "Article Read", "where": [{"property": "category", "in": {"content": "tags"}}], "within": "90d"}
EACH = {"tell": {"message": {"push": {"title": "{{ event.title }}"}}, "then": None}}
DIGEST = {
    "gather": {"collect": {"content": {}}, "until": {"time": "18:00", "timezone": "UTC"}, "top": 3, "then": "tell"},
    "tell": {"message": {"push": {"title": "{{ collected.size }}: {% for item in collected %}{{ item.title }} {% endfor %}"}}, "then": None},
}


def published(world: JourneyWorld, journey: dict[str, Any]) -> Sequence[Trigger]:
    """All items at one moment, as `announce` tells them to Ann, who likes each more than the one before."""
    world.launch({"id": "news", "name": "News", "start": next(iter(journey["steps"])), **journey})
    items = [{"id": str(number), "title": f"Item {number}"} for number in range(ITEMS)]
    return [Trigger("ann", "content", "news", NOW, f"content-{n:04}", told(item, n / ITEMS)) for n, item in enumerate(items)]


def worked(world: JourneyWorld, inputs: Sequence[Trigger]) -> None:
    for first in range(0, len(inputs), CALL):
        world.work(inputs[first : first + CALL])


@pytest.fixture
def world() -> JourneyWorld:
    world = JourneyWorld()
    world.knows("ann", device="tok-ann")
    return world


def test_one_message_an_item_is_no_more_than_the_cap_a_day(world: JourneyWorld) -> None:
    inputs = published(world, {"entry": {"content": {}}, "steps": EACH, "delivery": {"cap": {"count": 3, "within": "24h"}}})
    worked(world, inputs)
    assert len(world.titles("ann")) == 3
    skipped = [event["properties"]["reason"] for event in world.told("ann") if event["event"] == "Message Skipped"]
    assert skipped == ["capped"] * (ITEMS - 3)
    worked(world, inputs)
    assert len(world.titles("ann")) == 3, "nor when all of it is told again"


def test_a_digest_is_one_message_of_the_best_and_one_state(world: JourneyWorld) -> None:
    inputs = published(world, {"entry": {"content": {}, "affinity": LIKES}, "reentry": {"after": "1m"}, "steps": DIGEST})
    worked(world, inputs)
    assert world.titles("ann") == [] and [len(kept.state.collected) for kept, _ in world.journeys.kept.values()] == [3]
    world.sweep(later=timedelta(hours=9))
    assert world.titles("ann") == ["3: Item 999 Item 998 Item 997 "]
    worked(world, inputs)
    world.sweep(later=timedelta(days=2))
    assert len(world.titles("ann")) == 1, "items that are told again begin no other digest"
