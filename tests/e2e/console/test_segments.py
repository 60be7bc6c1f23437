"""The editor of segments: a rule is written by keyboard, counted while it is written, and nothing of it is ever lost."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Installation
from tests.e2e.console.conftest import Visit

PATIENCE = 20_000
"""Milliseconds for what asks Athena."""

LAPSED: dict[str, Any] = {
    "id": "editor-lapsed",
    "name": "Lapsed",
    "rule": {
        "all": [
            {"trait": "editor_plan", "in": ["pro", "team"]},
            {"any": [{"event": "Editor Ordered", "count": {"gte": 2}}, {"trait": "editor_vip", "eq": True}]},
        ]
    },
}


@pytest.fixture(scope="module")
def shop(installation: Installation) -> Installation:
    """Four people; two of them ordered three times, one of these again a week ago."""
    now = datetime.now(UTC)
    batch: list[dict[str, Any]] = []
    for n in range(4):
        who = {"userId": f"editor-{n}", "timestamp": (now - timedelta(days=200)).isoformat()}
        batch.append({**who, "type": "identify", "traits": {"editor_plan": ["pro", "team", "free", "pro"][n], "editor_vip": n == 3}})
        days = {0: [100, 110, 120], 1: [7, 100, 120], 2: [90]}.get(n, [])
        batch += [{**who, "type": "track", "event": "Editor Ordered", "timestamp": (now - timedelta(days=day)).isoformat()} for day in days]
    assert installation.post("/v1/batch", {"batch": batch})[0] == 200
    installation.cli("flush")
    assert installation.put("segment", LAPSED).returncode == 0
    return installation


@pytest.fixture
def lapsed(shop: Installation, mara: Visit) -> Iterator[Page]:
    mara.page.evaluate("for (const id of ['editor-lapsed', 'new']) sessionStorage.removeItem('regulars.draft.segment.' + id)")
    mara.open("/segments/editor-lapsed", "Lapsed").get_by_role("group", name="Condition 1", exact=True).wait_for()
    yield mara.page
    mara.page.unroute_all()


def condition(page: Page, number: str) -> Locator:
    return page.get_by_role("group", name=f"Condition {number}", exact=True)


def offered(page: Page) -> Locator:
    """What Enter would add."""
    return page.get_by_role("listbox", name="What can be added").get_by_role("option", selected=True)


def written(page: Page, segment: str = "editor-lapsed") -> Any:
    """The rule as it is kept in the tab."""
    return json.loads(page.evaluate(f"sessionStorage.getItem('regulars.draft.segment.{segment}')"))["value"]["rule"]


def test_ordered_three_times_but_not_in_sixty_days_is_built_with_at_most_25_key_presses(shop: Installation, mara: Visit) -> None:
    page = mara.open("/segments", "Segments")
    page.get_by_role("link", name="New segment").wait_for()
    pressed: list[str] = []

    def press(*keys: str) -> None:
        for key in keys:
            page.keyboard.press(key)
            pressed.append(key)

    press("n")
    add = page.get_by_label("Add a condition")
    expect(add).to_be_focused()
    press(*"e ord")
    expect(offered(page)).to_have_text("did Editor Ordered")
    press("Enter", "3", "Enter", *"not e ord")
    expect(offered(page)).to_have_text("did not Editor Ordered")
    press("Enter", *"60")
    expect(condition(page, "2").get_by_text("leaves 1")).to_be_visible(timeout=PATIENCE)
    press("Control+s")
    heading = page.get_by_role("heading", level=1, name="Editor Ordered 3 times, not Editor Ordered in 60d")
    expect(heading).to_be_focused(timeout=PATIENCE)
    assert len(pressed) <= 25, pressed
    found = shop.json("segment", "get", "editor-ordered-3-times-not-editor-ordered-in-60d")
    assert found["rule"] == {"all": [{"event": "Editor Ordered", "count": {"gte": 3}}, {"not": {"event": "Editor Ordered", "within": "60d"}}]}
