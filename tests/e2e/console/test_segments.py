"""The editor of segments: a rule is written by keyboard, counted while it is written, and nothing of it is ever lost."""

import json
import re
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.e2e.conftest import Installation
from tests.e2e.console.conftest import Held, Visit

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


def asked(installation: Installation, segment: str, put: dict[str, Any] | None = None) -> Any:
    """What the admin API says of a segment, or of putting it."""
    headers = {"Authorization": f"Bearer {installation.info['token']}", "Content-Type": "application/json"}
    body, method = (json.dumps(put).encode(), "PUT") if put else (None, "GET")
    request = urllib.request.Request(f"{installation.info['api']}/admin/segments/{segment}", body, headers, method=method)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.loads(answer.read())


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
    asked(installation, "editor-lapsed", LAPSED)
    return installation


@pytest.fixture
def lapsed(shop: Installation, mara: Visit) -> Iterator[Page]:
    mara.forget_drafts()
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
    kept = page.evaluate("Object.entries(sessionStorage)")
    return next(json.loads(text)["value"]["rule"] for key, text in kept if key.endswith(f"/segment.{segment}"))


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
    found = asked(shop, "editor-ordered-3-times-not-editor-ordered-in-60d")
    assert found["rule"] == {"all": [{"event": "Editor Ordered", "count": {"gte": 3}}, {"not": {"event": "Editor Ordered", "within": "60d"}}]}


def test_a_new_segment_never_takes_anothers_place_and_a_late_answer_takes_nobody_back(shop: Installation, mara: Visit) -> None:
    mara.forget_drafts()
    page = mara.open("/segments/new", "New segment")
    page.get_by_label("Add a condition").fill("e ord")
    page.keyboard.press("Enter")
    name = page.get_by_role("textbox", name="Name")
    name.fill("Editor lapsed")
    page.get_by_role("button", name="Save").click()
    expect(name).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("alert")).to_contain_text("There is one of this name already")
    assert asked(shop, "editor-lapsed")["rule"] == LAPSED["rule"]
    held = Held(page, "**/admin/segments/editor-other", "PUT")
    name.fill("Editor other")
    page.get_by_role("button", name="Save").click()
    name.fill("Editor other, said better")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Campaigns").click()
    page.get_by_role("heading", level=1, name="Campaigns").wait_for()
    held.only().continue_()
    expect(page.get_by_role("status").filter(has_text="Saved as version 1")).to_be_visible()
    expect(page.get_by_role("heading", level=1, name="Campaigns")).to_be_visible()
    page.unroute_all()
    mara.open("/segments/editor-other", "Editor other, said better").get_by_text("not saved").wait_for()
    mara.forget_drafts()


def test_each_condition_says_how_many_it_leaves_or_adds_and_a_late_answer_never_wins(lapsed: Page) -> None:
    expect(condition(lapsed, "1")).to_contain_text("leaves 3", timeout=PATIENCE)
    expect(condition(lapsed, "2.2")).to_contain_text("adds +1")
    expect(condition(lapsed, "2.2")).to_contain_text("1 alone")
    total = lapsed.get_by_role("region", name="Would be in this segment")
    expect(total.get_by_role("status")).to_have_text("3")
    held: list[Route] = []
    lapsed.route("**/admin/segment-previews", lambda route: route.continue_() if held else held.append(route))
    times = condition(lapsed, "2.1").get_by_label("Times")
    with lapsed.expect_request("**/admin/segment-previews"):
        times.fill("9")
    expect(total).to_contain_text("counting")
    with lapsed.expect_event("requestfailed"):  # The older question is given up, so no answer to it can come.
        times.fill("3")
    expect(total).not_to_contain_text("counting", timeout=PATIENCE)
    expect(condition(lapsed, "2.1")).to_contain_text("adds +2")
    lapsed.route("**/admin/segment-previews", lambda route: held.append(route))
    lapsed.keyboard.press("Control+z")
    expect(times).to_have_value("2")
    expect(total).not_to_contain_text("counting")  # What was counted before is known.
    assert len(held) == 1
    expect(total.get_by_role("status")).to_have_text("3")


def test_a_refusal_stands_beside_its_condition_and_a_name_that_nobody_sent_is_mended_by_a_button(lapsed: Page, mara: Visit) -> None:
    condition(lapsed, "1").get_by_label("editor_plan: value").fill("")
    expect(condition(lapsed, "1").get_by_role("alert")).to_be_visible()
    expect(condition(lapsed, "2.1").get_by_role("alert")).to_have_count(0)
    condition(lapsed, "1").get_by_label("editor_plan: value").fill("pro")
    condition(lapsed, "2.1").get_by_label("Event").fill("Editor Orderd")
    mend = condition(lapsed, "2.1").get_by_role("button", name="Say Editor Ordered instead")
    mend.wait_for()
    condition(lapsed, "2.2").get_by_label("editor_vip: value").fill("")
    lapsed.get_by_label("Add a condition").last.fill("ed")
    assert mara.flaws() == []
    mend.click()
    assert mara.focused() != "BODY"
    expect(condition(lapsed, "2.1").get_by_label("Event")).to_have_value("Editor Ordered")


def test_a_rule_is_moved_wrapped_turned_and_taken_back_by_keyboard_alone(lapsed: Page, mara: Visit) -> None:
    condition(lapsed, "1").get_by_label("editor_plan: value").focus()
    lapsed.keyboard.press("Alt+ArrowDown")
    assert written(lapsed)["all"][0]["any"][0] == LAPSED["rule"]["all"][0]
    assert mara.focused() == "INPUT"
    lapsed.keyboard.press("Control+z")
    assert written(lapsed) == LAPSED["rule"]
    lapsed.keyboard.press("Control+Shift+Z")
    assert len(written(lapsed)["all"]) == 1
    lapsed.keyboard.press("Control+z")
    for entry, done in {
        "Turn into its opposite": {"not": LAPSED["rule"]["all"][0]},
        "Put into a group": {"any": [{"not": LAPSED["rule"]["all"][0]}]},
    }.items():
        lapsed.get_by_label("More for condition 1", exact=True).press("Enter")
        lapsed.get_by_role("button", name=entry).press("Enter")
        assert written(lapsed)["all"][0] == done
        assert mara.focused() != "BODY"
    lapsed.get_by_label("More for condition 1.1").press("Enter")
    lapsed.get_by_role("button", name="Remove", exact=True).press("Enter")
    assert written(lapsed)["all"] == LAPSED["rule"]["all"][1:]
    assert mara.focused() != "BODY"


def test_an_operator_that_the_schema_has_from_today_on_is_chosen_and_written_and_what_cannot_be_drawn_is_kept(lapsed: Page) -> None:
    odd = {"score": "churn", "gt": 0.5}

    def schema(route: Route) -> None:
        told = route.fetch().json()
        told["operators"]["value"].append({"name": "sounds_like", "label": "sounds like {}", "value": "phonetic"})
        route.fulfill(json=told)

    def segment(route: Route) -> None:
        told = {**LAPSED, "rule": {"all": [odd, *LAPSED["rule"]["all"]]}, "version": 1}
        route.fulfill(json=told, headers={"ETag": '"1"'}) if route.request.method == "GET" else route.continue_()

    lapsed.route("**/admin/schema", schema)
    lapsed.route("**/admin/segments/editor-lapsed", segment)
    lapsed.reload()
    condition(lapsed, "2").get_by_label("editor_plan: how").select_option("sounds like")
    condition(lapsed, "2").get_by_label("editor_plan: value").fill("proh")
    assert written(lapsed)["all"][:2] == [odd, {"trait": "editor_plan", "sounds_like": "proh"}]
    condition(lapsed, "1").get_by_label("Condition 1 as JSON").fill('{"score": "churn", "gt": 0.9}')
    assert written(lapsed)["all"][0] == {"score": "churn", "gt": 0.9}
    condition(lapsed, "1").get_by_label("Condition 1 as JSON").fill('{"event": "Editor Ordered", "before": "2026-11-20"}')
    condition(lapsed, "1").get_by_label("Condition 1 as JSON").press("Tab")
    day = condition(lapsed, "1").get_by_label(re.compile("^(is )?before", re.I))
    day.press("Backspace")
    expect(day).to_have_attribute("type", "date")
    day.fill("2026-11-21")
    assert written(lapsed)["all"][0]["before"] == "2026-11-21"


def test_a_lost_connection_a_sign_out_and_somebody_who_was_first_lose_nothing_that_was_typed(lapsed: Page, shop: Installation) -> None:
    lapsed.route("**/admin/segment*/**", lambda route: route.abort())
    lapsed.route("**/admin/segment-previews", lambda route: route.abort())
    value = condition(lapsed, "1").get_by_label("editor_plan: value")
    value.fill("free")
    expect(lapsed.get_by_text("There is no connection. What you typed is kept, and counted as soon")).to_be_visible()
    lapsed.get_by_role("button", name="Save", exact=True).click()
    expect(lapsed.get_by_text("There is no connection. What you typed is kept; save again.")).to_be_visible()
    lapsed.unroute_all()
    lapsed.route("**/admin/segment-previews", lambda route: route.fulfill(status=401, json={"message": "Unauthorized"}))
    value.fill("free, team")
    lapsed.get_by_role("button", name="Sign in again").click()
    lapsed.unroute_all()
    lapsed.get_by_role("button", name="Mara").click()
    expect(value).to_have_value("free, team")
    asked(shop, "editor-lapsed", {**LAPSED, "name": "Theirs"})
    lapsed.get_by_role("button", name="Save", exact=True).click()
    both = lapsed.get_by_role("alert").filter(has_text="Somebody saved version")
    expect(both).to_contain_text('"name": "Theirs"')
    both.get_by_role("button", name="Save mine over it").click()
    expect(lapsed.get_by_role("status").filter(has_text="Saved as version")).to_be_visible()
    assert asked(shop, "editor-lapsed")["rule"]["all"][0]["in"] == ["free", "team"]


def test_whoever_may_only_look_changes_nothing(shop: Installation, ana: Visit) -> None:
    page = ana.open("/segments/editor-lapsed")
    expect(condition(page, "1").get_by_label("Trait")).to_be_disabled()
    expect(page.get_by_label("Add a condition")).to_have_count(0)
    expect(page.get_by_role("button", name="+")).to_have_count(0)
    expect(page.get_by_label("More for condition 1", exact=True)).to_have_count(0)
