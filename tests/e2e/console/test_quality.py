"""Data quality, the quarantine with repair and replay, and sources: what an operator mends."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Installation
from tests.e2e.console.conftest import Arrive, Visit


@pytest.fixture(scope="module")
def otto(arrivals: Arrive, installation: Installation) -> Visit:
    """An operator's tab, after two events came without a name and one that is whole."""
    batch = [{"type": "track", "userId": f"otto{n}", "properties": {"revenue": n}} for n in range(2)]
    whole = {"type": "track", "userId": "otto0", "event": "Quality Checked", "properties": {"size": "M"}}
    status, _, _ = installation.post("/v1/batch", {"batch": [*batch, whole]})
    assert status == 200
    installation.cli("flush")
    return arrivals("Otto")


def test_a_check_is_asked_for_says_what_it_cost_and_is_there_again_after_a_reload(otto: Visit) -> None:
    page = otto.open("/quality", "Data quality")
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.get_by_label("In a sentence")).to_contain_text("were refused")
    expect(page.get_by_label("In a sentence")).to_contain_text("for US$0.00005")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.method == "POST" and "/admin/" in request.url else None)
    page.reload()
    expect(page.get_by_label("In a sentence")).to_contain_text("were refused")
    assert asked == []


def test_the_catalog_shows_an_event_with_its_properties_and_their_values(otto: Visit) -> None:
    page = otto.open("/quality?tab=catalog", "Data quality")
    page.get_by_label("Find an event").fill("quality ch")
    page.get_by_role("link", name="Quality Checked").click()
    expect(page.get_by_role("table", name="Properties of Quality Checked")).to_contain_text("size")


def test_refused_events_are_repaired_tried_and_sent_again_by_keyboard_alone(otto: Visit, installation: Installation) -> None:
    page = otto.open("/quarantine/group?reason=missing_event_name&source=local", "missing_event_name")
    expect(page.get_by_label("The event as it came").first).to_contain_text("otto")
    page.get_by_label("Field, as in").focus()
    page.keyboard.type("messageId")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text(re.compile("^no step changes"))
    expect(page.get_by_label("Field, as in")).to_have_accessible_description(re.compile("no step changes"))
    page.keyboard.press("Control+a")
    page.keyboard.type("event")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("Repaired By Otto")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Before and after").first).to_contain_text('+   "event": "Repaired By Otto"')
    page.get_by_role("button", name="again").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Send them")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("were sent again.")).to_be_visible()
    expect(page.get_by_role("button", name="Try it")).to_be_focused()
    assert otto.flaws() == []
    installation.cli("flush")
    assert installation.sql("SELECT count(*) FROM events WHERE event_name = 'Repaired By Otto' AND user_id LIKE 'otto%'") == [(2,)]


def test_who_may_not_write_sees_what_was_refused_and_cannot_send_it(ana: Visit) -> None:
    page = ana.open("/quarantine/group?reason=missing_event_name", "missing_event_name")
    expect(page.get_by_text("may see refused events and not send them again")).to_be_visible()
    expect(page.get_by_role("button", name="Try it")).to_have_count(0)


@pytest.fixture
def sources(otto: Visit) -> Iterator[Page]:
    page = otto.open("/sources", "Sources")
    page.get_by_role("table", name="Sources").wait_for()
    yield page


def test_a_key_is_shown_once_and_its_source_can_be_given_another_and_be_revoked(sources: Page, otto: Visit, installation: Installation) -> None:
    sources.get_by_role("button", name="New source").click()
    sources.get_by_label("Name").fill("no blanks")
    sources.keyboard.press("Enter")
    expect(sources.get_by_label("Name")).to_have_attribute("aria-invalid", "true")
    sources.get_by_label("Name").fill("counter")
    sources.keyboard.press("Enter")
    first = sources.get_by_label("Write key").inner_text()
    assert otto.flaws() == []
    sources.get_by_role("button", name="I have it").click()
    expect(sources.get_by_label("Write key")).to_have_count(0)
    event = {"event": "Seen", "userId": "counter"}
    assert installation.post("/v1/track", event, key=first)[0] == 200
    sources.get_by_role("button", name="New key for counter").click()
    sources.get_by_label("The old keys are good for").select_option("not a moment more")
    sources.get_by_role("button", name="Make the key").click()
    assert sources.get_by_label("Write key").inner_text() != first
    sources.get_by_role("button", name="I have it").click()
    sources.get_by_role("button", name="Revoke counter").click()
    expect(sources.get_by_role("button", name="Leave it")).to_be_focused()
    sources.get_by_role("button", name="End all its keys").click()
    expect(sources.get_by_role("row", name="counter")).to_contain_text("revoked")
    expect(sources.get_by_role("button", name="New key for counter")).to_be_focused()
