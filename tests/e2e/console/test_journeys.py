"""Journeys in the console: how one stands, where people are in it, and what can be done with it."""

import json
from pathlib import Path

from playwright.sync_api import expect

from tests.e2e.conftest import Installation
from tests.e2e.console.conftest import Arrive, Visit

WELCOME = {**json.loads((Path(__file__).parents[3] / "examples/journeys/welcome.json").read_text()), "id": "harbour", "name": "Harbour"}


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
    for step in WELCOME["steps"]:
        expect(page.get_by_role("rowheader", name=step, exact=True)).to_be_visible()
    assert mara.flaws() == []


def test_whoever_may_not_send_sees_how_a_journey_stands_without_its_buttons(arrivals: Arrive, installation: Installation) -> None:
    assert installation.put("journey", {**WELCOME, "id": "quay", "name": "Quay"}).returncode == 0
    page = arrivals("Ana").open("/journeys/quay", "Quay")
    expect(page.get_by_text("nobody is taken in yet")).to_be_visible()
    expect(page.get_by_role("button", name="Launch…")).to_have_count(0)
