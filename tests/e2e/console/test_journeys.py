"""Journeys in the console: written step by step beside their picture, launched after what that would do was shown; and where people are in them."""

import json
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Installation
from tests.e2e.console.conftest import Arrive, Visit

EXAMPLE = json.loads((Path(__file__).parents[3] / "examples/journeys/welcome.json").read_text())
# Without its purpose, which the settings of an installation that all tests have could no longer leave undeclared.
PROMISED = {name: value for name, value in EXAMPLE["delivery"].items() if name != "purpose"}
WELCOME = {**EXAMPLE, "id": "harbour", "name": "Harbour", "delivery": PROMISED}


def step(page: Page, name: str) -> Locator:
    """A step in the list, by its name."""
    return page.get_by_role("listitem").filter(has=page.get_by_role("heading", level=3, name=name, exact=True))


def box(page: Page, says: str) -> Locator:
    """A step in the picture."""
    return page.get_by_role("region", name="Picture").get_by_role("img", name=says)


def saved(installation: Installation, journey: str) -> dict[str, Any]:
    document: dict[str, Any] = installation.json("journey", "get", journey)
    return document


def inside(installation: Installation, journey: str, user_id: str) -> None:
    """Somebody signs up until they are in it: a launch is known everywhere within ten seconds."""
    begun = time.monotonic()
    while not installation.json("journey", "status", journey)["waiting"]:
        assert time.monotonic() - begun < 60
        installation.post("/v1/batch", {"batch": [{"type": "track", "userId": user_id, "event": "Signed Up"}]})
        time.sleep(0.5)


def test_a_journey_is_launched_paused_resumed_and_stopped_after_a_question_each(mara: Visit, installation: Installation) -> None:
    assert installation.put("journey", WELCOME).returncode == 0
    page = mara.open("/journeys", "Journeys")
    expect(page.get_by_role("row", name="Harbour")).to_contain_text("never launched")
    assert mara.flaws() == []
    page.get_by_role("link", name="Harbour").click()
    expect(page.get_by_role("heading", level=1, name="Harbour")).to_be_focused()
    expect(page.get_by_text("nobody is taken in yet")).to_be_visible()
    for verb, then in (("Launch", "live"), ("Pause", "paused"), ("Resume", "live"), ("Stop", "stopped")):
        page.get_by_role("button", name=f"{verb}…").click()
        page.get_by_role("dialog").get_by_role("button", name=verb, exact=True).click()
        expect(page.get_by_role("main")).to_contain_text(then)
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(page.locator("main :focus")).to_have_count(1)
    for name in WELCOME["steps"]:
        expect(step(page, name)).to_have_count(1)
        expect(box(page, f"{name}: ")).to_be_visible()
    expect(box(page, "settle: wait 1d; 0 wait")).to_be_visible()
    assert mara.flaws() == []


def test_a_journey_is_written_step_by_step_and_what_is_wrong_is_told_at_its_step(mara: Visit, installation: Installation) -> None:
    page = mara.open("/journeys/new", "New journey")
    page.get_by_label("Name", exact=True).fill("Quay side")
    page.get_by_label("It begins with the event").fill("Signed Up")
    expect(step(page, "message").get_by_role("alert")).to_be_visible()
    step(page, "message").get_by_label("Title").fill("Hello")
    expect(step(page, "message").get_by_role("alert")).to_have_count(0)
    expect(box(page, "message: push: Hello")).to_be_visible()
    step(page, "message").get_by_label("Add a step after message").select_option("wait")
    expect(step(page, "wait")).to_be_focused()
    step(page, "wait").get_by_label("How long").fill("2 days or so")
    expect(step(page, "wait").get_by_role("alert")).to_be_visible()
    step(page, "wait").get_by_label("How long").fill("2d")
    step(page, "wait").get_by_label("Add a step after wait").select_option("branch")
    step(page, "branch").get_by_label("Add a condition").fill("harbour_plan")
    page.keyboard.press("Enter")
    step(page, "branch").get_by_label("harbour_plan: how").select_option("eq")
    step(page, "branch").get_by_label("harbour_plan: value").fill("pro")
    step(page, "branch").get_by_label("Then", exact=True).select_option("message")
    expect(page.get_by_text("say how many steps a run may take")).to_be_visible()
    assert mara.flaws() == []
    page.get_by_label("Steps of one run, at most").fill("10")
    expect(box(page, "branch: which?")).to_be_visible()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1, name="Quay side")).to_be_focused()
    expect(page.get_by_text("nobody is taken in yet")).to_be_visible()
    told = saved(installation, "quay-side")
    assert list(told["steps"]) == ["message", "wait", "branch"] and told["steps"]["message"]["then"] == "wait"
    assert told["steps"]["branch"] == {"branch": [{"if": {"all": [{"trait": "harbour_plan", "eq": "pro"}]}, "then": "message"}], "else": None}


def test_json_and_the_list_are_one_draft_and_a_save_that_comes_too_late_shows_both_sides(mara: Visit, installation: Installation) -> None:
    assert installation.put("journey", {**WELCOME, "id": "pier", "name": "Pier"}).returncode == 0
    page = mara.open("/journeys/pier", "Pier")
    step(page, "settle").get_by_label("How long").fill("3d")
    step(page, "nudge").get_by_role("button", name="Remove").click()
    expect(step(page, "nudge")).to_have_count(0)
    expect(page.locator("main :focus")).to_have_count(1)
    page.keyboard.press("Control+z")
    expect(step(page, "look").get_by_label("Else", exact=True)).to_have_value("nudge")
    page.keyboard.press("Control+Shift+z")
    expect(step(page, "look").get_by_label("Else", exact=True)).to_have_value("")
    page.get_by_role("tab", name="JSON").click()
    text = page.get_by_label("The journey as JSON")
    written = json.loads(text.input_value())
    assert written["steps"]["settle"] == {"wait": "3d", "then": "morning"} and "nudge" not in written["steps"]
    text.fill(json.dumps({**written, "name": "Pier two"}))
    expect(page.get_by_role("heading", level=1, name="Pier two")).to_be_visible()
    text.fill("{")
    expect(page.get_by_role("alert")).to_contain_text("This is no JSON yet")
    page.get_by_role("button", name="Back to the draft").click()
    assert mara.flaws() == []
    assert installation.put("journey", {**WELCOME, "id": "pier", "name": "Theirs"}).returncode == 0
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert").filter(has_text="Nothing of yours is lost")).to_be_visible()
    page.get_by_role("button", name="Save mine over it").click()
    expect(page.get_by_text("not saved")).to_have_count(0)
    assert saved(installation, "pier")["name"] == "Pier two"


def test_a_launch_shows_what_it_would_do_and_is_off_while_something_is_wrong(mara: Visit, installation: Installation) -> None:
    assert installation.put("journey", {**WELCOME, "id": "mole", "name": "Mole"}).returncode == 0
    wrong = {"errors": [{"path": "entry.segment", "message": "there is no segment gone"}], "warnings": [], "seen": None, "inside": []}
    page = mara.page
    page.route("**/preflight", lambda route: route.fulfill(json=wrong))
    mara.open("/journeys/mole", "Mole")
    page.get_by_role("button", name="Launch…").click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("there is no segment gone")
    expect(page.get_by_role("dialog").get_by_role("button", name="Launch", exact=True)).to_have_attribute("aria-disabled", "true")
    page.get_by_role("button", name="Leave it").click()
    page.unroute("**/preflight")


def test_whoever_may_not_write_or_send_sees_how_a_journey_stands_without_its_buttons(arrivals: Arrive, installation: Installation) -> None:
    assert installation.put("journey", {**WELCOME, "id": "quay", "name": "Quay"}).returncode == 0
    page = arrivals("Ana").open("/journeys/quay", "Quay")
    expect(page.get_by_text("nobody is taken in yet")).to_be_visible()
    expect(page.get_by_role("button", name="Launch…")).to_have_count(0)
    expect(step(page, "settle").get_by_label("How long")).to_be_disabled()
    expect(page.get_by_label("Add a step after settle")).to_have_count(0)


def test_a_person_says_which_journeys_they_are_in_and_why(mara: Visit, installation: Installation) -> None:
    assert installation.put("journey", {**WELCOME, "id": "landing", "name": "Landing", "holdout": {"percent": 0}}).returncode == 0
    installation.cli("journey", "launch", "landing", "--yes")
    inside(installation, "landing", "landing-ann")
    installation.cli("flush")
    page = mara.open("/people/landing-ann", "landing-ann")
    card = page.get_by_role("region", name="Journeys")
    expect(card.get_by_role("link", name="Landing")).to_be_visible()
    expect(card).to_contain_text("at the step settle")
    card.get_by_label("Why they are in it, or not").select_option("landing")
    expect(card).to_contain_text("inside since")
    assert mara.flaws() == []
