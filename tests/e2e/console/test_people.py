"""The screens of people: somebody is found, told in a sentence, with all that happened to them, why they got a message or not, and what they said."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import Installation
from tests.e2e.console.conftest import Visit

IRMA = "irma/ß #1?"
"""An id may hold whatever an address may not."""

ODD = ("..", "mail@example.com")
"""One that browsers take for a folder, and one that looks like an address that nobody told."""

SEGMENT = {"id": "irmas", "name": "Irmas", "rule": {"trait": "irma", "eq": True}}
CAMPAIGN: dict[str, Any] = {
    "id": "greeting",
    "name": "A greeting",
    "audience": {"include": ["irmas"]},
    "message": {"push": {"title": "Hello"}},
    "control": {"percent": 0},
}


def irma(**event: Any) -> dict[str, Any]:
    return {"userId": IRMA, "messageId": f"irma-{event['timestamp']}", **event}


@pytest.fixture(scope="module")
def known(installation: Installation) -> Installation:
    """Irma, who looked round before she said who she is, bought twice, said no to the news, and was sent a greeting on one of two devices."""
    long_ago = datetime.now(UTC) - timedelta(days=12)
    at = [(long_ago + timedelta(days=day)).isoformat() for day in range(10)]
    traits = {"irma": True, "name": "Irma K.", "email": "irma@shop.example", "country": "DE", "consent": {"news": False}}
    phone = {"id": "irma-phone", "type": "ios", "token": f"irma:APA91b{'t' * 100}"}
    bought = {"revenue": 38.5, "currency": "EUR", "products": [{"name": "Ethiopia Guji"}, {"name": "Filters"}]}
    batch = [
        {
            "type": "track",
            "event": "Product Viewed",
            "anonymousId": "irma-browser",
            "messageId": "irma-viewed",
            "timestamp": at[0],
            "properties": {"name": "Guji"},
        },
        irma(type="identify", anonymousId="irma-browser", timestamp=at[1], traits=traits, context={"device": phone, "locale": "de-DE"}),
        irma(type="track", event="Order Completed", timestamp=at[2], properties=bought),
        irma(type="track", event="Order Completed", timestamp=at[3], properties=bought),
    ]
    batch += [{"type": "identify", "userId": each, "timestamp": at[0], "traits": {"odd": True}} for each in ODD]
    assert installation.post("/v1/batch", {"batch": batch})[0] == 200
    installation.cli("flush")
    assert installation.put("segment", SEGMENT).returncode == 0
    assert installation.put("campaign", CAMPAIGN).returncode == 0
    installation.cli("campaign", "launch", "greeting", "--send", "--yes", "--wait")
    installation.cli("flush")
    return installation


@pytest.fixture
def person(known: Installation, mara: Visit) -> Page:
    return mara.open("/people/irma%2F%C3%9F%20%231%3F", "Irma K.")


def region(page: Page, name: str) -> Any:
    return page.get_by_role("region", name=name)


def test_somebody_is_found_by_their_address_by_keyboard_alone(known: Installation, mara: Visit) -> None:
    page = mara.open("/people", "People")
    page.get_by_label("Id, e-mail address or telephone number").focus()
    page.keyboard.type("irma@shop.example")
    page.keyboard.press("Enter")
    found = page.get_by_role("link", name=IRMA)
    found.focus()
    assert mara.flaws() == []
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Irma K.")).to_be_visible()
    assert mara.focused() == "H1"


def test_whoever_has_an_odd_id_is_found_by_it(known: Installation, mara: Visit) -> None:
    for each in ODD:
        page = mara.open("/people", "People")
        page.get_by_label("Id, e-mail address or telephone number").fill(each)
        page.keyboard.press("Enter")
        if "@" in each:
            expect(page.get_by_text("Somebody is known by the id mail@example.com:")).to_be_visible()
            expect(page.get_by_text("Nobody told us")).to_have_count(0)
            page.get_by_role("link", name="Open this person").click()
        expect(page.get_by_role("heading", level=1, name=each, exact=True)).to_be_visible()
        expect(region(page, "Traits")).to_contain_text("odd")
    page.reload()
    expect(page.get_by_role("heading", level=1, name=each, exact=True)).to_be_visible()


def test_a_person_is_told_whole(person: Page, mara: Visit) -> None:
    expect(person.get_by_text("Irma K.: 2 orders for €77.00, the last 9 days ago; 1 device to push to; in 1 segment.")).to_be_visible()
    happened = region(person, "Everything that happened")
    expect(happened).to_contain_text("Sent “A greeting”")
    for line in ("Order Completed €38.50 · Ethiopia Guji, Filters", "Product Viewed", "Known by one id more: irma-browser", "Said no to news"):
        expect(happened).to_contain_text(line)
    expect(region(person, "In 1 segment")).to_contain_text("Irmas")
    expect(region(person, "Devices")).to_contain_text("can be pushed to")
    expect(region(person, "Consent")).to_contain_text("no to news")
    happened.get_by_role("button", name="Not sent").click()
    expect(happened).to_contain_text("Nothing.")
    happened.get_by_role("button", name="All").click()
    happened.get_by_role("button", name="Why?").click()
    assert mara.focused() == "SELECT"
    person.keyboard.press("ArrowUp")  # Opens the list: each run that it went past would be asked of Athena.
    person.keyboard.press("Escape")
    expect(person.get_by_role("list", name="Gates")).to_contain_text("FCM accepted it")
    assert mara.flaws() == []


def test_a_yes_by_telephone_is_recorded_and_a_merge_undone(person: Page, known: Installation) -> None:
    consent = region(person, "Consent")
    consent.get_by_role("button", name="Record a consent").click()
    person.get_by_label("To what").select_option("news")
    person.get_by_label("Where they said so").fill("by telephone")
    expect(person.get_by_role("radio", checked=True)).to_have_count(0)
    expect(person.get_by_role("button", name="Record it")).to_be_disabled()  # Nobody has said yes or no.
    person.get_by_label("They said yes").check()
    person.get_by_role("button", name="Record it").click()
    expect(consent).to_contain_text("yes to news")
    region(person, "Also known as").get_by_role("button", name="Separate irma-browser").click()
    person.get_by_role("button", name="Separate it").click()
    expect(person.get_by_text("Decided.")).to_be_visible()
    known.cli("flush")
    person.reload()
    expect(region(person, "Also known as")).to_contain_text("separated")


def test_whom_nobody_knows_and_what_cannot_be_read_is_said(known: Installation, mara: Visit) -> None:
    nobody = "nobody" * 30
    page = mara.open(f"/people/{nobody}", nobody)
    expect(page.get_by_role("heading", name=f"Nobody is known by the id {nobody}")).to_be_visible()
    assert mara.flaws() == []
    page.route("**/admin/profile-views*", lambda route: route.fulfill(status=503, json={"code": "unavailable", "message": "Athena is away" * 30}))
    mara.open("/people/irma%2F%C3%9F%20%231%3F", "Irma K.")
    expect(page.get_by_role("alert")).to_contain_text("Athena is away")
    expect(region(page, "Traits")).to_contain_text("irma@shop.example")
    long = "w" * 300

    def longer(route: Route) -> None:
        route.fulfill(json=json.loads(route.fetch().text().replace("Irma K.", long).replace('"irma"', f'"{long}"')))

    page.route("**/admin/profiles?*", longer)
    mara.open("/people/irma%2F%C3%9F%20%231%3F", long)
    expect(region(page, "Traits")).to_contain_text("irma@shop.example")
    assert mara.flaws() == []
    page.unroute_all()


def test_who_may_only_read_changes_nothing(known: Installation, ana: Visit) -> None:
    page = ana.open("/people/irma%2F%C3%9F%20%231%3F", "Irma K.")
    expect(region(page, "Also known as")).to_contain_text("irma-browser")
    expect(page.get_by_role("button", name="Record a consent")).to_have_count(0)
    expect(page.get_by_role("button", name="Separate")).to_have_count(0)
