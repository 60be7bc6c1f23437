"""The list of segments: who uses each, archiving and bringing back, and the ready-made ones with who is where in the life cycle."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import Installation
from tests.e2e.console.conftest import Visit

RULE = {"trait": "list_plan", "eq": "pro"}


@pytest.fixture(scope="module")
def shop(installation: Installation) -> Installation:
    for name in ("Idle", "Wanted"):
        assert installation.put("segment", {"id": f"list-{name.lower()}", "name": name, "rule": RULE, "refresh": "24h"}).returncode == 0
    campaign = {"id": "list-news", "name": "Good news", "audience": {"include": ["list-wanted"]}, "message": {"push": {"title": "x", "body": "y"}}}
    assert installation.put("campaign", campaign).returncode == 0
    return installation


@pytest.fixture
def page(shop: Installation, mara: Visit) -> Iterator[Page]:
    yield mara.page
    mara.page.unroute_all()


def suggested(number: int, standing: str) -> dict[str, Any]:
    document = {"id": f"ready-{number}", "name": f"Ready {number}", "rule": RULE}
    return {**document, "meaning": "bought once", "purpose": "retention", "standing": standing, "document": document, "changes": []}


def test_a_segment_is_archived_and_brought_back_by_keyboard_and_one_in_use_says_by_what(page: Page, mara: Visit) -> None:
    mara.open("/segments", "Segments")
    wanted = page.get_by_role("row").filter(has_text="Wanted")
    expect(wanted).to_contain_text("anew every 24h")
    expect(wanted.get_by_role("link", name="Good news")).to_be_visible()
    page.get_by_role("button", name="Archive Wanted").press("Enter")
    dialog = page.get_by_role("dialog", name="Archive Wanted?")
    expect(dialog.get_by_role("link", name="Good news")).to_be_visible()
    expect(dialog.get_by_role("button", name="Archive")).to_have_count(0)
    assert mara.flaws() == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Archive Wanted")).to_be_focused()
    page.get_by_role("button", name="Archive Idle").press("Enter")
    assert mara.flaws() == []
    page.get_by_role("dialog").get_by_role("button", name="Archive").press("Enter")
    expect(page.get_by_role("status").filter(has_text="Idle is archived")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="Idle")).to_have_count(0)
    assert mara.focused() != "BODY"
    page.get_by_label("Show archived segments, too").press("Space")
    expect(page.get_by_role("button", name="Bring back Idle")).to_be_visible()  # answered, before the next time is made to fail
    page.route("**/admin/segments?archived=true", lambda route: route.fulfill(status=500, json={"code": "internal", "message": "it broke"}))
    page.get_by_role("button", name="Bring back Idle").press("Enter")
    old = page.get_by_role("status").filter(has_text="These are the figures of")
    expect(old).to_contain_text("it broke")
    expect(page.get_by_role("button", name="Bring back Idle")).to_be_visible()
    assert mara.flaws() == []
    page.unroute_all()
    old.get_by_role("button", name="Try again").press("Enter")
    expect(page.get_by_role("button", name="Archive Idle")).to_be_visible()
    expect(old).to_have_count(0)
    expect(page.get_by_role("main").locator(":focus")).to_have_count(1)


def test_an_empty_list_offers_a_new_segment_and_the_ready_made_ones_which_take_nobodys_place(page: Page, mara: Visit) -> None:
    saved: dict[str, str | None] = {}

    def save(route: Route) -> None:
        saved[route.request.url.rpartition("/")[2]] = route.request.headers.get("if-match")
        route.fulfill(json={"id": "x", "version": 1, "unchanged": False, "warnings": [], "sentence": ""})

    page.route("**/admin/segments?archived=false", lambda route: route.fulfill(json={"segments": []}))
    standing = {"segments": [suggested(1, "new"), suggested(2, "new"), suggested(3, "yours")], "names": [], "left_out": []}
    page.route("**/admin/ready-made-segments", lambda route: route.fulfill(json=standing))
    page.route("**/admin/segments/ready-*", save)
    mara.open("/segments", "Segments")
    expect(page.get_by_text("There is no segment yet")).to_be_visible()
    expect(page.get_by_role("table", name="Ready-made segments").get_by_role("rowheader")).to_have_text(["Ready 1", "Ready 2"])
    assert mara.flaws() == []
    page.get_by_role("button", name="Add all 2").click()
    expect(page.get_by_role("status").filter(has_text="2 segments are added")).to_be_visible()
    assert saved == {"ready-1": '"0"', "ready-2": '"0"'}


def test_who_is_where_in_the_life_cycle_is_counted_when_it_is_asked_for(page: Page, mara: Visit) -> None:
    worth = {"people": 120, "share": 0.4, "reachable": 90, "orders": 300, "revenue": 4200.4, "average_order": 14.0}
    group = {"id": "at-risk", "name": "At risk", "purpose": "retention", "stage": "at risk", "worth": worth}
    look = {"ticket": "t", "state": "succeeded", "as_of": "2026-01-01T00:00:00Z", "reason": None, "everybody": {**worth, "people": 300, "share": 1}}
    look |= {"groups": [group], "bytes_scanned": 1_000_000, "cost_usd": 0.00005}
    page.route("**/admin/ready-made-segments", lambda route: route.fulfill(json={"segments": [suggested(3, "yours")]}))
    page.route("**/admin/lifecycle-views**", lambda route: route.fulfill(status=202, json=look))
    mara.open("/segments", "Segments")
    page.get_by_role("button", name="Count them").click()
    expect(page.get_by_text("300 people are known; a push reaches 90")).to_be_visible()
    expect(page.get_by_role("table", name="Life cycle").get_by_role("row").last).to_contain_text("At riskto keep them12040%904,20014")
    assert mara.flaws() == []


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"status": 500, "json": {"code": "internal_error", "message": "it broke"}}, "it broke"),
        ({"status": 403, "json": {"code": "forbidden", "message": "the scope regulars/read is needed"}}, "the scope regulars/read is needed"),
    ],
    ids=["error", "forbidden"],
)
def test_where_there_is_no_list_it_is_said_why(page: Page, mara: Visit, answer: dict[str, Any], said: str) -> None:
    page.route("**/admin/segments?archived=false", lambda route: route.fulfill(**answer))
    mara.open("/segments", "Segments")
    expect(page.get_by_text(said)).to_be_visible()
