"""The screen of the settings: what is refused, lost, late, and done."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Installation
from tests.e2e.console.conftest import Arrive, Held, Visit

ZONE = "Time zone of whoever tells none"


@pytest.fixture
def page(mara: Visit, installation: Installation) -> Iterator[Page]:
    """The screen, with no draft; afterwards the settings are as they were."""
    mara.forget_drafts()
    mara.open("/settings", "Settings").get_by_label(ZONE).wait_for()
    yield mara.page
    mara.page.unroute_all()
    installation.put("settings", {})


def test_what_is_refused_is_said_beside_its_field_in_the_apis_words(page: Page) -> None:
    page.get_by_label(ZONE).fill("Europe/Belin")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label(ZONE)).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("alert")).to_contain_text("Europe/Berlin")


def test_a_save_that_is_refused_keeps_the_focus_and_one_that_runs_is_not_begun_again(page: Page, mara: Visit) -> None:
    held = Held(page, "**/admin/settings", "PUT")
    page.get_by_label(ZONE).fill("Europe/Berln")
    page.get_by_role("button", name="Save").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Saving")).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_label(ZONE).press("Enter")
    page.get_by_role("button", name="Saving").focus()
    held.only().continue_()
    expect(page.get_by_role("alert")).to_contain_text("Europe/Berlin")
    expect(page.get_by_role("button", name="Save")).to_be_focused()
    assert len(held.routes) == 1
    page.unroute_all()
    page.route(
        "**/admin/settings",
        lambda route: (
            route.fulfill(status=400, json={"code": "invalid", "message": "w" * 300}) if route.request.method == "PUT" else route.continue_()
        ),
    )
    page.keyboard.press("Enter")
    expect(page.get_by_text("w" * 300)).to_be_visible()
    assert mara.flaws() == []


def test_a_save_is_a_new_version_of_all_that_is_typed_and_says_so(page: Page, installation: Installation) -> None:
    held, purpose = page.get_by_label("Held out of all campaigns, in percent"), page.get_by_label("A purpose that consent is asked for")
    held.fill("")
    held.press_sequentially("2.5")
    purpose.fill("offers")
    purpose.press("Enter")
    purpose.fill("news")
    expect(page.get_by_text("not saved")).to_be_visible()
    page.reload()
    expect(page.get_by_label("What news asks")).to_be_visible()
    purpose.fill("events")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").filter(has_text="Saved as version")).to_be_visible()
    expect(page.get_by_text("not saved")).to_have_count(0)
    settings = installation.json("settings", "get")
    assert (settings["global_control"]["percent"], sorted(settings["purposes"])) == (2.5, ["events", "news", "offers"])


def test_what_a_purchase_is_called_is_said_here(page: Page, installation: Installation) -> None:
    page.get_by_label("The event that is a purchase").fill("Ordr Completed")
    page.get_by_label("Its property that says what it came to").fill("revenue")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").filter(has_text="Saved as version")).to_be_visible()
    assert installation.json("settings", "get")["purchase"] == {"event": "Ordr Completed", "value": "revenue", "currency": "currency"}


def test_what_is_typed_while_a_save_is_on_its_way_stays_and_is_saved_next(page: Page, installation: Installation) -> None:
    held = Held(page, "**/admin/settings", "PUT")
    page.get_by_label(ZONE).fill("Europe/Berlin")
    page.get_by_role("button", name="Save").click()
    page.get_by_label(ZONE).fill("Europe/Madrid")
    held.only().continue_()
    expect(page.get_by_role("status").filter(has_text="Saved as version")).to_be_visible()
    expect(page.get_by_label(ZONE)).to_have_value("Europe/Madrid")
    expect(page.get_by_text("not saved")).to_be_visible()
    page.unroute_all()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("not saved")).to_have_count(0)
    assert installation.json("settings", "get")["timezone"] == "Europe/Madrid"


def test_what_somebody_typed_is_not_for_who_signs_in_after_them(arrivals: Arrive) -> None:
    visit = arrivals("Otto", "/settings")
    visit.page.get_by_label(ZONE).fill("Europe/Vienna")
    for person, seen in (("Mara", "UTC"), ("Otto", "Europe/Vienna")):
        visit.page.get_by_role("button", name="Sign out").click()
        visit.page.get_by_role("button", name=person).click()
        visit.page.get_by_role("navigation", name="Main").get_by_role("link", name="Settings").click()
        expect(visit.page.get_by_label(ZONE)).to_have_value(seen)


def test_a_save_that_comes_too_late_shows_both_sides_and_either_can_be_chosen(page: Page, installation: Installation) -> None:
    page.get_by_label(ZONE).fill("Europe/Madrid")
    installation.put("settings", {"timezone": "Europe/Paris"})
    page.get_by_role("button", name="Save").click()
    both = page.get_by_role("alert")
    expect(both).to_contain_text("Europe/Madrid")
    expect(both).to_contain_text("Europe/Paris")
    both.get_by_role("button", name="Save mine over it").click()
    expect(page.get_by_role("status").filter(has_text="Saved as version")).to_be_visible()
    assert installation.json("settings", "get")["timezone"] == "Europe/Madrid"


def test_what_was_typed_outlives_a_lost_connection_and_a_reload(page: Page) -> None:
    page.route("**/admin/settings", lambda route: route.abort() if route.request.method == "PUT" else route.continue_())
    page.get_by_label(ZONE).fill("Europe/Rome")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("There is no connection")
    page.reload()
    expect(page.get_by_label(ZONE)).to_have_value("Europe/Rome")
    page.get_by_role("button", name="Drop the changes").click()
    expect(page.get_by_label(ZONE)).to_have_value("UTC")


def test_a_token_that_is_refused_in_the_middle_of_an_edit_is_replaced_and_nobody_notices(page: Page) -> None:
    refused: list[int] = []

    def once(route: object) -> None:
        if not refused:
            refused.append(1)
            route.fulfill(status=401, json={"message": "Unauthorized"})  # type: ignore[attr-defined]
        else:
            route.continue_()  # type: ignore[attr-defined]

    page.route("**/admin/settings", once)
    page.get_by_label(ZONE).fill("Europe/Lisbon")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").filter(has_text="Saved as version")).to_be_visible()


def test_a_sign_in_that_has_ended_keeps_what_was_typed_and_brings_it_back(page: Page, mara: Visit) -> None:
    page.route("**/admin/settings", lambda route: route.fulfill(status=401, json={"message": "Unauthorized"}))
    page.get_by_label(ZONE).fill("Europe/Oslo")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("You are signed out. What you typed is kept")).to_be_visible()
    expect(page.get_by_label(ZONE)).to_have_value("Europe/Oslo")
    page.unroute_all()
    page.get_by_role("button", name="Sign in again").click()
    page.get_by_role("button", name="Mara").click()
    expect(page.get_by_label(ZONE)).to_have_value("Europe/Oslo")
    page.get_by_role("button", name="Drop the changes").click()
