"""From nothing to a first report, in the browser: an installation of its own, a button, an audience, a campaign, a rehearsal."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.e2e.conftest import Installation
from tests.e2e.console.conftest import PATIENCE_MS, Visit

HOUSEHOLDS = 40
"""Of 2,469, by the same code: a whole year takes a minute."""

PATIENCE = 120_000
"""Milliseconds, for a busy machine: idle it takes five seconds."""

FREQUENT = {"id": "frequent", "name": "Frequent", "rule": {"event": "Order Completed", "count": {"gte": 3}}}


@pytest.fixture(scope="module")
def empty() -> Iterator[Installation]:
    started = Installation()
    yield started
    assert started.stop() == 0


@pytest.fixture
def newcomer(browser: Browser, empty: Installation) -> Iterator[Visit]:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB", reduced_motion="reduce")
    visit = Visit(context.new_page(), empty.info["console"])
    visit.page.set_default_timeout(PATIENCE_MS)
    visit.open("/").get_by_role("button", name="Mara").click()
    visit.page.get_by_role("navigation", name="Main").get_by_role("link").first.wait_for()
    yield visit
    context.close()
    assert not visit.problems


def fewer(route: Route) -> None:
    """The button's request, of a part of the year."""
    if route.request.method == "POST":
        route.continue_(post_data=json.dumps({"households": HOUSEHOLDS}))
    else:
        route.continue_()


def test_today_leads_from_nothing_to_the_first_report(empty: Installation, newcomer: Visit) -> None:
    page = newcomer.page
    page.route("**/__admin/retailers-year", fewer)
    minutes = page.get_by_role("region", name="The first five minutes")
    expect(minutes.get_by_role("link", name="Make a source of your own")).to_be_visible()
    assert newcomer.flaws() == []
    minutes.get_by_role("button", name="Load the retailer's year").dblclick()
    expect(minutes.get_by_role("status")).to_contain_text("events are in")
    assert newcomer.focused() != "BODY"
    minutes.get_by_role("link", name="Make the first audience").click(timeout=PATIENCE)
    expect(page.get_by_role("heading", level=1, name="New segment")).to_be_visible()
    assert empty.put("segment", FREQUENT).returncode == 0
    newcomer.open("/")
    minutes.get_by_role("link", name="Write the first campaign").click()
    page.get_by_label("Name", exact=True).fill("Hello again")
    page.get_by_label("People in any of").select_option("Frequent")
    page.get_by_role("tab", name="2 Message").click()
    page.get_by_label("Title").fill("Hello again")
    page.get_by_role("link", name="Review and launch").click()
    page.get_by_role("button", name="Save this version").click()
    expect(page.get_by_role("status").filter(has_text="Saved as version 1")).to_be_visible()
    newcomer.open("/")
    minutes.get_by_role("link", name="Rehearse it on the past").click()
    expect(page.get_by_text("It names no goal")).to_be_visible()
    page.get_by_label("As of").fill("2017-10-01")
    page.get_by_role("button", name="Rehearse", exact=True).click()
    expect(page.get_by_text("would have been sent it. This was a rehearsal: nothing was sent.")).to_be_visible(timeout=PATIENCE)
    newcomer.open("/")
    minutes.get_by_role("link", name="Open its report").click()
    expect(page.get_by_role("button", name="Count it again")).to_be_enabled(timeout=PATIENCE)
    newcomer.open("/", "Today")
    expect(page.get_by_role("region", name="What hello-again changed")).to_be_visible()
    expect(minutes).to_have_count(0)


def test_what_loading_came_to_is_said_and_elsewhere_no_year_is_offered(empty: Installation, newcomer: Visit) -> None:
    page = newcomer.page
    names = {"catalog": "empty", "events": [], "traits": [], "segments": [], "campaigns": [], "purposes": []}
    page.route("**/admin/suggestions", lambda route: route.fulfill(json=names))
    page.route("**/admin/runs?*", lambda route: route.fulfill(json={"runs": []}))
    page.route(
        "**/__admin/retailers-year", lambda route: route.fulfill(json={"state": "failed", "events": 300, "of": 158317, "message": "503: full"})
    )
    newcomer.open("/", "Today")
    expect(page.get_by_role("alert")).to_contain_text("503: full")
    expect(page.get_by_role("button", name="Load the retailer's year")).to_be_enabled()
    page.route("**/__admin/retailers-year", lambda route: route.fulfill(json={"state": "sending", "events": 300, "of": 158317, "message": ""}))
    newcomer.open("/", "Today")
    expect(page.get_by_text("300 of 158,317 events are in.")).to_be_visible()
    page.route("**/__admin/retailers-year", lambda route: route.fulfill(status=404, json={"message": "Not Found"}))
    newcomer.open("/", "Today")
    expect(page.get_by_role("link", name="Make a source of your own")).to_be_visible()
    expect(page.get_by_role("button", name="Load the retailer's year")).to_have_count(0)


def test_a_launch_is_not_told_as_a_rehearsal(empty: Installation, newcomer: Visit) -> None:
    page = newcomer.page
    saved = {"id": "a", "name": "A"}
    names = {"catalog": "ready", "events": [], "traits": [], "segments": [saved], "campaigns": [saved], "purposes": []}
    run = {"run_id": "a-1", "campaign_id": "a", "state": "succeeded", "rehearsal": False, "launched_at": "2026-11-27T12:00:00Z"}
    page.route("**/admin/suggestions", lambda route: route.fulfill(json=names))
    page.route("**/admin/runs?*", lambda route: route.fulfill(json={"runs": [run | {"counts": {"audience": 1, "sent": 1}}]}))
    page.route("**/admin/runs/a-1/report", lambda route: route.fulfill(status=404, json={"code": "not_found", "message": "none yet"}))
    newcomer.open("/", "Today")
    step = page.get_by_role("region", name="The first five minutes").get_by_role("listitem").nth(3)
    expect(step).to_contain_text("Launch itdone")
    run["rehearsal"] = True
    newcomer.open("/", "Today")
    expect(step).to_contain_text("Rehearse itdone")
