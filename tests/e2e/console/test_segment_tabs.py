"""What there is of a segment besides its rule: its people and why they are in it, a file of them, the days before, its versions, SQL and JSON."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import Installation
from tests.e2e.console.conftest import Visit

KEEN: dict[str, Any] = {
    "id": "tabs-keen",
    "name": "Keen",
    "rule": {"all": [{"any": [{"trait": "tabs_plan", "eq": "pro"}, {"trait": "tabs_vip", "eq": True}]}, {"not": {"event": "Tabs Left"}}]},
}


@pytest.fixture(scope="module")
def shop(installation: Installation) -> Installation:
    """Three people: two have the plan, one of them left ten days ago."""
    now = datetime.now(UTC)
    batch: list[dict[str, Any]] = []
    for n, plan in enumerate(["pro", "pro", "free"]):
        batch.append({"userId": f"tabs-{n}", "type": "identify", "timestamp": (now - timedelta(days=30)).isoformat(), "traits": {"tabs_plan": plan}})
    batch.append({"userId": "tabs-1", "type": "track", "event": "Tabs Left", "timestamp": (now - timedelta(days=10)).isoformat()})
    assert installation.post("/v1/batch", {"batch": batch})[0] == 200
    installation.cli("flush")
    assert installation.put("segment", KEEN).returncode == 0
    return installation


@pytest.fixture
def page(shop: Installation, mara: Visit) -> Iterator[Page]:
    mara.forget_drafts()
    yield mara.page
    mara.page.unroute_all()


def tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name, exact=True).click()


def test_its_people_are_listed_explained_and_saved_as_a_file_with_what_is_known_of_them(page: Page, mara: Visit) -> None:
    mara.open("/segments/tabs-keen?tab=people", "Keen")
    page.get_by_role("button", name="List them").click()
    people = page.get_by_role("table", name="People of the segment")
    expect(people.get_by_role("rowheader")).to_have_text(["tabs-0"])
    page.get_by_role("button", name="tabs_plan").click()
    page.get_by_label("Format").select_option("ndjson")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Export").click()
    assert saved.value.suggested_filename == "tabs-keen.ndjson"
    assert [json.loads(line) for line in Path(saved.value.path()).read_text().splitlines()] == [{"user_id": "tabs-0", "traits": {"tabs_plan": "pro"}}]
    assert mara.flaws() == []
    people.get_by_role("link", name="Why is tabs-0 in it?").click()
    expect(page.get_by_text("tabs-0 is in it as of")).to_be_visible()
    person = page.get_by_label("Person")
    person.fill("tabs-1")
    person.press("Enter")
    expect(page.get_by_text("tabs-1 is not in it as of")).to_be_visible()
    left = page.get_by_role("listitem").filter(has_text="not this").last
    expect(left).to_contain_text('"Tabs Left" at')
    assert mara.flaws() == []
    tab(page, "People")
    expect(people).to_be_visible()
    page.get_by_label("as of").fill("2026-01-02")
    tab(page, "Rule")
    expect(page.get_by_label("as of")).to_have_value("2026-01-02")


def test_the_focus_stays_at_the_end_of_a_list_that_grew_on_the_open_tab_and_on_the_heading_that_one_comes_back_to(
    page: Page, shop: Installation, mara: Visit
) -> None:
    members = [*(f"m-{n}" for n in range(149)), "w" * 200]

    def listed(route: Route) -> None:
        _, later, _ = route.request.url.partition("?page=")
        route.fulfill(json={"members": members[100:], "next": ""} if later else {"members": members[:100], "next": "2"})

    page.route("**/admin/evaluations/*", lambda route: route.fulfill(body=route.fetch().text().replace('"count":1', f'"count":{len(members)}')))
    page.route("**/admin/evaluations/*/members*", listed)
    mara.open("/segments/tabs-keen?tab=people", "Keen").get_by_role("button", name="List them").click()
    page.get_by_role("button", name="Show more").press("Enter")
    expect(page.get_by_role("link", name=f"Why is {members[-1]} in it?")).to_be_focused()
    assert mara.flaws() == []
    tab(page, "JSON")
    page.get_by_label("The segment as JSON").fill(json.dumps({**KEEN, "name": "Mine"}))
    tab(page, "People")
    assert shop.put("segment", {**KEEN, "name": "Theirs"}).returncode == 0
    page.keyboard.press("Control+s")
    page.get_by_role("button", name="Take theirs").press("Enter")
    expect(page.get_by_role("tab", name="People")).to_be_focused()
    page.get_by_role("navigation", name="Where you are").get_by_role("link").press("Enter")
    expect(page.get_by_role("heading", level=1, name="Segments")).to_be_focused()
    page.go_back()
    expect(page.get_by_role("heading", level=1, name="Theirs")).to_be_focused()
    assert shop.put("segment", KEEN).returncode == 0


def test_the_days_before_are_counted_by_keyboard_alone_and_are_a_table_too(page: Page, mara: Visit) -> None:
    mara.open("/segments/tabs-keen", "Keen").get_by_role("tab", name="Rule").focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Backtest")).to_be_focused()
    page.get_by_label("From").wait_for()
    while not page.get_by_role("button", name="Count these days").evaluate("element => element === document.activeElement"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("img", name="People, day by day")).to_be_visible()
    expect(page.get_by_role("paragraph").filter(has_text="1 person on")).to_contain_text("between 0 and 2 in all these days: 2 came, 1 went")
    assert mara.focused() == "BUTTON"
    assert mara.flaws() == []
    page.get_by_text("As a table").click()
    expect(page.get_by_role("table", name="People, day by day").get_by_role("row")).to_have_count(92)
    page.get_by_label("To").fill("2099-01-01")
    page.get_by_role("button", name="Count these days").click()
    expect(page.get_by_role("alert")).to_contain_text("nobody knows yet")


def test_as_json_it_is_the_same_draft_and_what_is_no_segment_is_kept_as_it_is_typed(page: Page, shop: Installation, mara: Visit) -> None:
    mara.open("/segments/tabs-keen?tab=json", "Keen")
    text = page.get_by_label("The segment as JSON")
    text.fill('{"name": "Keener", "rule": ')
    expect(page.get_by_role("alert")).to_contain_text("This is no JSON yet")
    page.reload()
    expect(text).to_have_value('{"name": "Keener", "rule": ')
    expect(page.get_by_role("button", name="Save", exact=True)).to_have_count(0)
    text.fill('{"name": "Keener", "rule": {"everyone": true}, "rule": {"trait": "tabs_plan", "eq": "pro"}}')
    expect(page.get_by_role("alert")).to_contain_text("rule is written twice, and only the last would count")
    text.fill(json.dumps({**KEEN, "name": "Keener", "rule": {"trait": "tabs_plan", "equals": "pro"}}))
    expect(page.get_by_role("alert")).to_contain_text("rule.equals: `equals` is not known here (did you mean `eq`?)")
    assert mara.flaws() == []
    text.fill(json.dumps({**KEEN, "name": "Keener", "rule": {"trait": "tabs_plan", "eq": "prp"}}))
    expect(page.get_by_text("rule.eq: nobody's")).to_be_visible()
    tab(page, "SQL")
    expect(page.get_by_label("SQL of the segment")).to_contain_text("'prp'")
    assert mara.flaws() == []
    tab(page, "Why?")
    expect(page.get_by_text(re.compile(r"This is about version \d"))).to_be_visible()
    page.keyboard.press("Control+s")
    expect(page.get_by_role("heading", level=1, name="Keener")).to_be_visible()
    expect(page.get_by_text("not saved")).to_have_count(0)
    tab(page, "Versions")
    expect(page.get_by_text("name: Keen -> Keener")).to_be_visible()
    assert mara.flaws() == []
    page.get_by_role("button", name="Restore version 1").click()
    expect(page.get_by_role("heading", level=1, name="Keen", exact=True)).to_be_visible()
    assert shop.put("segment", KEEN).stdout.find("unchanged") >= 0


def test_a_question_that_failed_says_why_and_one_that_is_asked_again_keeps_the_last_answer(page: Page, mara: Visit) -> None:
    page.route("**/person-explanations", lambda route: route.fulfill(status=500, json={"code": "internal_error", "message": "it broke"}))
    mara.open("/segments/tabs-keen?tab=why&person=tabs-0", "Keen")
    expect(page.get_by_role("alert")).to_contain_text("it broke")
    page.unroute_all()
    page.get_by_role("button", name="Why?").click()
    expect(page.get_by_text("tabs-0 is in it")).to_be_visible()
    look = {"ticket": "t", "state": "failed", "reason": "more than 100 GiB", "user_id": "tabs-0", "as_of": "2026-01-01T00:00:00Z"}
    page.route("**/person-explanations", lambda route: route.fulfill(status=202, json=look))
    page.get_by_role("button", name="Why?").click()
    expect(page.get_by_role("alert")).to_contain_text("more than 100 GiB")
    expect(page.get_by_text("tabs-0 is in it")).to_be_visible()
