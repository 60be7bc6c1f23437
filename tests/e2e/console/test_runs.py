"""Runs in the console: a rehearsal and a launch over the FCM double, watched, paused, resumed, ended; and what they changed."""

import json
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Installation
from tests.e2e.console.conftest import Visit

PEOPLE = 100
REGATTA: dict[str, Any] = {
    "id": "regatta",
    "name": "Regatta",
    "audience": {"include": ["rowers"]},
    "message": {"push": {"title": "Regatta", "body": "On Sunday"}},
    "control": {"percent": 25},
    "goal": {"event": "Boat Hired", "within": "2d", "value": "revenue", "currency": "EUR"},
    "delivery": {"per_second": 20},
}
# A minute long, so that it is not over before somebody on a machine that does much else has paused it.
LONG: dict[str, Any] = {**REGATTA, "id": "long-regatta", "name": "Long regatta", "delivery": {"per_second": 1}}


def admin(installation: Installation, path: str, body: dict[str, Any] | None = None) -> Any:
    """What the admin API answers: to a POST where there is a body."""
    headers = {"Authorization": f"Bearer {installation.info['token']}", "Content-Type": "application/json"}
    request = urllib.request.Request(f"{installation.info['api']}/admin/{path}", None if body is None else json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.loads(answer.read())


@pytest.fixture(scope="module")
def rowers(installation: Installation) -> Installation:
    """A hundred people, three in four with a telephone; half of them hired a boat three days ago."""
    now = datetime.now(UTC)
    batch: list[dict[str, Any]] = []
    for n in range(PEOPLE):
        device = {"device": {"id": f"rower-phone-{n}", "type": "ios", "token": f"rower{n}:APA91b{'t' * 100}"}} if n % 4 else {}
        joined = (now - timedelta(days=6)).isoformat()
        batch.append({"type": "identify", "userId": f"rower-{n}", "timestamp": joined, "traits": {"rower": True}, "context": device})
        if n % 2:
            hired = (now - timedelta(days=3)).isoformat()
            batch.append(
                {"type": "track", "event": "Boat Hired", "userId": f"rower-{n}", "timestamp": hired, "properties": {"revenue": n, "currency": "EUR"}}
            )
    assert installation.post("/v1/batch", {"batch": batch})[0] == 200
    installation.cli("flush")
    assert installation.put("segment", {"id": "rowers", "name": "Rowers", "rule": {"trait": "rower", "eq": True}}).returncode == 0
    assert installation.put("campaign", REGATTA).returncode == 0
    return installation


@pytest.fixture(scope="module")
def rehearsal(rowers: Installation) -> str:
    """The id of one of four days ago."""
    as_of = (datetime.now(UTC) - timedelta(days=4)).isoformat()
    return str(admin(rowers, "campaigns/regatta/runs", {"as_of": as_of})["run_id"])


@pytest.fixture
def tab(mara: Visit) -> Iterator[Page]:
    yield mara.page
    mara.page.unroute_all()


def people(page: Page) -> list[int]:
    """Of all rows at one moment: while a run ends, the next look moves people from one to another."""
    rows = page.get_by_role("group", name="What became of everybody").get_by_role("row")
    return [int(told) for told in rows.evaluate_all("rows => rows.slice(1).map(row => row.querySelector('td').innerText)")]


def test_a_rehearsal_is_watched_to_its_end_and_everybody_of_its_audience_is_there_once(rehearsal: str, mara: Visit, tab: Page) -> None:
    page = mara.open(f"/runs/{rehearsal}", "Run of Regatta")
    expect(page.get_by_text("This was a rehearsal: nothing was sent.")).to_be_visible()
    expect(page.get_by_text("Rehearsed: the message was made, and not sent")).to_be_visible()
    assert sum(people(page)) == PEOPLE
    assert mara.flaws() == []
    page.get_by_label("User id").press_sequentially("rower-0")
    page.keyboard.press("Enter")
    expect(page.get_by_role("list", name="Gates")).to_be_visible()
    page.get_by_role("link", name="Runs", exact=True).first.click()
    expect(page.get_by_role("row").filter(has_text="Regatta").filter(has_text="rehearsal")).to_contain_text("done")
    assert mara.flaws() == []


def test_a_run_is_paused_resumed_and_ended_by_keyboard_alone(rowers: Installation, rehearsal: str, mara: Visit, tab: Page) -> None:
    assert rowers.put("campaign", LONG).returncode == 0
    run = admin(rowers, "campaigns/long-regatta/runs", {})["run_id"]
    page = mara.open(f"/runs/{run}", "Run of")
    expect(page.get_by_role("cell", name="On its way")).to_be_visible()
    for button, state in (("Pause", "paused"), ("Resume", "running")):
        page.get_by_role("button", name=button).press("Enter")
        expect(page.get_by_text(state, exact=True)).to_be_visible()
        expect(page.get_by_role("heading", level=1)).to_be_focused()
    page.get_by_role("button", name="End it").press("Enter")
    expect(page.get_by_role("button", name="Leave it")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("aborted", exact=True).first).to_be_visible()
    assert mara.focused() != "BODY"
    expect(page.get_by_role("button", name="Go on with whoever is left")).to_be_visible()
    expect(page.get_by_text("Nothing, unless somebody goes on with it")).to_be_visible()
    assert sum(people(page)) == PEOPLE
    status = admin(rowers, f"runs/{run}")
    assert status["state"] == "aborted" and 0 < status["counts"]["sent"] < PEOPLE


def test_whoever_may_only_look_stops_nothing_and_a_refusal_says_why(rehearsal: str, mara: Visit, ana: Visit, tab: Page) -> None:
    running = {"state": "running", "concluded_at": None, "rehearsal": False}
    for visit in (ana, mara):
        visit.page.route(f"**/admin/runs/{rehearsal}", lambda route: route.fulfill(json={**route.fetch().json(), **running}))
    page = ana.open(f"/runs/{rehearsal}", "Run of")
    expect(page.get_by_text("people had their turn")).to_be_visible()
    expect(page.get_by_role("button", name="Pause")).to_have_count(0)
    ana.page.unroute_all()
    page = mara.open(f"/runs/{rehearsal}", "Run of")
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("alert")).to_contain_text("conflict")
    assert mara.flaws() == []


def test_what_a_run_changed_is_counted_once_then_there_at_once_and_a_page_to_keep(rehearsal: str, mara: Visit, tab: Page) -> None:
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.method) if request.url.endswith("/reports") else None)
    page = mara.open(f"/runs/{rehearsal}/effect", "What it changed")
    expect(page.get_by_text("rehearsal: nothing was sent", exact=True)).to_be_visible()
    expect(page.get_by_role("img", name="From the audience to the goal")).to_be_visible()
    for heading in ("In people and money", "What it must not do", "Everybody, by arm", "How far it came", "How this is computed"):
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
    assert mara.flaws() == []
    mara.open(f"/runs/{rehearsal}/effect").get_by_text("rehearsal: nothing was sent", exact=True).wait_for()
    assert asked == ["POST"]
    with page.expect_download() as download:
        page.get_by_role("button", name="Download as a page").click()
    assert download.value.path().read_text().startswith("<!doctype html>")


def test_a_count_that_fails_says_why_and_can_be_tried_again(rehearsal: str, mara: Visit, tab: Page) -> None:
    tab.route("**/report/page", lambda route: route.fulfill(status=404, json={"code": "not_found", "message": "not counted yet"}))
    tab.route("**/reports", lambda route: route.fulfill(status=409, json={"code": "conflict", "message": "the run has not ended"}))
    page = mara.open(f"/runs/{rehearsal}/effect", "What it changed")
    expect(page.get_by_role("alert")).to_contain_text("the run has not ended")
    tab.unroute_all()
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="How far it came")).to_be_visible()


def test_there_is_a_first_run_to_come_and_campaigns_and_today_lead_to_those_that_were(rehearsal: str, mara: Visit, tab: Page) -> None:
    tab.route("**/admin/runs?limit=50", lambda route: route.fulfill(json={"runs": [], "next": ""}))
    page = mara.open("/runs", "Runs")
    expect(page.get_by_text("Nothing was launched yet")).to_be_visible()
    mara.open("/", "Today").get_by_role("region", name="runs").get_by_role("link", name="regatta").first.click()
    expect(page.get_by_role("heading", level=1, name="Run of")).to_be_focused()
