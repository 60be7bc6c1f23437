"""Saving a campaign: what it says of a goal that nobody ever reached."""

from typing import Any

import pytest

from regulars.domain.quality.catalog import Catalog, CatalogedEvent, CatalogedProperty
from regulars.domain.quality.catalog_document import KEY, written
from regulars.usecases.put_campaign import put_campaign
from tests.fakes.clock import MOMENT, MovableClock
from tests.fakes.stores import MemoryDefinitions, MemoryObjects

REVENUE = {"revenue": CatalogedProperty("revenue", {"number": 1})}
LAKE = MemoryObjects({KEY: written(Catalog(MOMENT, (CatalogedEvent("Order Completed", "track", 1, MOMENT, MOMENT, properties=REVENUE),)))})


def warned(goal: dict[str, Any] | None, lake: MemoryObjects = LAKE) -> dict[str, str]:
    definitions = MemoryDefinitions()
    definitions.put("segment", "all", {"id": "all", "name": "All", "rule": {"everyone": True}}, at=MOMENT, by="ann")
    document = {"id": "spring", "audience": {"include": ["all"]}, "message": {"push": {"title": "Hi"}}}
    if goal:
        document["goal"] = {"within": "7d", **goal}
    saved = put_campaign(document, by="ann", definitions=definitions, lake=lake, clock=MovableClock())
    assert saved.version == 1
    return {warning.path: warning.message for warning in saved.warnings}


@pytest.mark.parametrize(
    ("goal", "path", "meant"),
    [
        ({"event": "Order Complted"}, "goal.event", "did you mean `Order Completed`?"),
        ({"event": "Order Completed", "value": "revenu"}, "goal.value", "did you mean `revenue`?"),
    ],
)
def test_a_goal_that_nobody_ever_sent_is_warned_of_and_saved(goal: dict[str, Any], path: str, meant: str) -> None:
    (found,) = warned(goal).items()
    assert found[0] == path and meant in found[1]


def test_a_goal_that_somebody_sent_none_at_all_and_a_broken_catalog_are_no_matter() -> None:
    assert warned({"event": "Order Completed", "value": "revenue"}) == {}
    assert warned(None) == {}
    assert warned({"event": "Order Complted"}, MemoryObjects({KEY: b"{broken"})) == {}
