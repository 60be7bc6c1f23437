"""The screens of campaigns: written, seen on a telephone, checked on everybody, and launched once."""

import json
import re
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import Installation
from tests.e2e.console.conftest import Held, Visit

PEOPLE = 6
PATIENCE = 20_000
"""Milliseconds for what asks Athena."""


DINNER: dict[str, Any] = {
    "id": "dinner",
    "name": "Dinner",
    "audience": {"include": ["guests"]},
    "message": {"push": {"title": "Dinner", "body": "Table for {{ person.traits.nickname }}"}},
    "control": {"percent": 0},
}


def asked(installation: Installation, path: str) -> Any:
    """What the admin API says of it."""
    request = urllib.request.Request(f"{installation.info['api']}/admin/{path}", headers={"Authorization": f"Bearer {installation.info['token']}"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.loads(answer.read())


@pytest.fixture(scope="module")
def guests(installation: Installation) -> Installation:
    """Six people with a telephone each; two of them have told no name."""
    yesterday = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    batch: list[dict[str, Any]] = []
    for n in range(PEOPLE):
        device = {"id": f"guest-phone-{n}", "type": "ios", "token": f"guest{n}:APA91b{'t' * 100}"}
        traits = {"guest": True, **({"nickname": f"Zoë {n}"} if n > 1 else {})}
        batch.append({"type": "identify", "userId": f"guest-{n}", "timestamp": yesterday, "traits": traits, "context": {"device": device}})
    assert installation.post("/v1/batch", {"batch": batch})[0] == 200
    installation.cli("flush")
    assert installation.put("segment", {"id": "guests", "name": "Guests", "rule": {"trait": "guest", "eq": True}}).returncode == 0
    assert installation.put("campaign", DINNER).returncode == 0
    return installation


@pytest.fixture
def dinner(guests: Installation, mara: Visit) -> Iterator[Page]:
    """The message of a campaign that is saved, and no draft of it."""
    mara.forget_drafts()
    mara.open("/campaigns/dinner?tab=message", "Dinner").get_by_label("Title").wait_for()
    yield mara.page
    mara.page.unroute_all()


def preview(page: Page) -> Any:
    return page.get_by_role("region", name="Preview")


def test_a_campaign_is_written_seen_checked_mended_and_launched_once(guests: Installation, mara: Visit) -> None:
    page = mara.open("/campaigns", "Campaigns")
    page.get_by_role("link", name="New campaign").first.click()
    page.get_by_label("Name", exact=True).fill("Supper at eight")
    expect(page.get_by_text("supper-at-eight")).to_be_visible()
    page.get_by_label("People in any of").select_option("Guests")
    page.get_by_role("tab", name="2 Message").click()
    page.get_by_label("Title").fill("Hi {{ person.traits.nickname | upcas }}")
    expect(page.get_by_role("alert")).to_contain_text("upcase")
    page.get_by_label("Title").fill("Hi {{ person.traits.nickname }}")
    page.get_by_label("Text", exact=True).fill("Supper is at eight")
    page.get_by_label("Person", exact=True).select_option("guest-2", timeout=PATIENCE)
    expect(preview(page)).to_contain_text("Hi Zoë 2")
    page.get_by_role("tab", name="4 Goal").click()
    held = page.get_by_label("Held back, in percent")
    held.fill("")
    held.press_sequentially("2.5")
    expect(held).to_have_value("2.5")
    expect(page.get_by_role("img", name="Held back: get nothing: 2.5%")).to_be_visible()
    held.fill("0")
    page.get_by_role("link", name="Review and launch").click()
    checked = page.get_by_role("region", name="Checked on everybody")
    lacking = checked.get_by_role("listitem").filter(has_text="2 people have no “nickname”")
    lacking.get_by_role("button", name="Who?").click(timeout=PATIENCE)
    expect(lacking).to_contain_text("guest-0")
    lacking.get_by_label("For them instead").fill("guest")
    lacking.get_by_role("button", name="Add this default").click()
    assert mara.focused() != "BODY"
    expect(page.get_by_role("button", name="Launch", exact=False)).to_be_disabled()
    page.get_by_role("button", name="Save this version").click()
    expect(page.get_by_role("heading", level=1, name="Supper at eight")).to_be_visible()
    launch = page.get_by_role("button", name="Launch: send to 6 people")
    expect(launch).to_be_enabled(timeout=PATIENCE)
    assert mara.focused() != "BODY"
    expect(page.get_by_text("6 people of Guests get the message of “Supper at eight”")).to_be_visible()
    launch.dblclick()
    expect(page.get_by_text(re.compile("The run supper-at-eight-.* has begun"))).to_be_visible(timeout=PATIENCE)
    (run,) = asked(guests, "runs?campaign_id=supper-at-eight")["runs"]
    assert run["rehearsal"] is False
    assert asked(guests, "campaigns/supper-at-eight")["message"]["push"]["title"] == 'Hi {{ person.traits.nickname | default: "guest" }}'


def test_a_campaign_is_written_seen_checked_and_launched_by_keys_alone(guests: Installation, mara: Visit) -> None:
    page = mara.open("/campaigns", "Campaigns")
    keys, walk = page.keyboard, mara.walk
    walk(page.get_by_role("link", name="Skip to the screen"))
    keys.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    walk(page.get_by_role("link", name="New campaign").first)
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1, name="New campaign")).to_be_focused()
    walk(page.get_by_label("Name", exact=True))
    keys.type("Keyed brunch")
    walk(page.get_by_label("People in any of"))
    page.get_by_role("option", name="Guests").first.wait_for(state="attached")
    keys.press("ArrowDown")  # Opens the list: where it chose the first one, no other could be reached.
    keys.type("Guests")
    keys.press("Enter")
    expect(page.get_by_role("link", name="Guests")).to_be_visible()
    expect(page.get_by_label("People in any of")).to_be_focused()
    walk(page.get_by_role("tab", name="1 Audience"), "Shift+Tab")
    keys.press("ArrowRight")
    expect(page.get_by_role("tab", name="2 Message")).to_be_focused()
    walk(page.get_by_label("Title"))
    keys.type("Brunch, {{ person.user_id }}")
    walk(page.get_by_label("Text", exact=True))
    keys.type("At noon")
    page.get_by_role("option", name="guest-3").wait_for(state="attached", timeout=PATIENCE)
    walk(page.get_by_label("Person", exact=True))
    keys.type("guest-3")
    expect(preview(page)).to_contain_text("Brunch, guest-3")
    walk(page.get_by_role("tab", name="2 Message"), "Shift+Tab")
    keys.press("ArrowRight")
    keys.press("ArrowRight")
    walk(page.get_by_label("Held back, in percent"))
    keys.type("0")
    walk(page.get_by_role("tab", name="4 Goal"), "Shift+Tab")
    keys.press("End")
    expect(page.get_by_text("6 people would get it")).to_be_visible(timeout=PATIENCE)
    walk(page.get_by_role("button", name="Save this version"))
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Keyed brunch")).to_be_focused()
    launch = page.get_by_role("button", name="Launch: send to 6 people")
    expect(launch).to_be_enabled(timeout=PATIENCE)
    walk(page.get_by_role("button", name="Check again"))
    with page.expect_response(lambda answer: answer.request.method == "POST" and "/preflight" in answer.url):
        keys.press("Enter")
    expect(launch).to_be_enabled(timeout=PATIENCE)
    assert mara.focused() != "BODY"
    walk(launch, "Shift+Tab")
    keys.press("Enter")
    expect(page.get_by_text(re.compile("The run keyed-brunch-.* has begun"))).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("heading", level=1)).to_be_focused()


def test_a_sign_in_that_ends_in_the_middle_of_an_edit_brings_back_what_was_typed_and_where(dinner: Page, guests: Installation) -> None:
    dinner.route("**/admin/campaigns/dinner**", lambda route: route.fulfill(status=401, json={"message": "Unauthorized"}))
    dinner.get_by_label("Title").fill("Typed before")
    dinner.get_by_role("button", name="Save", exact=True).click()
    expect(dinner.get_by_text("You are signed out. What you typed is kept")).to_be_visible()
    dinner.get_by_label("Text", exact=True).fill("Typed after")
    dinner.get_by_role("button", name="Sign in again").click()
    dinner.unroute_all()
    dinner.get_by_role("button", name="Mara").click()
    expect(dinner.get_by_label("Title")).to_have_value("Typed before")
    expect(dinner.get_by_label("Text", exact=True)).to_have_value("Typed after")
    assert asked(guests, "campaigns/dinner")["message"]["push"]["title"] == "Dinner"


def test_a_launch_that_wants_a_fresh_sign_in_comes_back_to_the_same_place_with_the_same_key(dinner: Page) -> None:
    first = Held(dinner, "**/admin/campaigns/dinner/runs", "POST")
    dinner.get_by_role("link", name="Review and launch").click()
    launch = dinner.get_by_role("button", name="Launch: send to")
    expect(launch).to_be_enabled(timeout=PATIENCE)
    launch.press("Enter")
    expect(dinner.get_by_role("button", name="Launching")).to_be_focused()
    dinner.keyboard.press("Enter")
    first.only().fulfill(status=403, json={"code": "sign_in_again", "message": "sign in again"})
    second: list[Route] = []

    def answer(route: Route) -> None:
        second.append(route)
        route.fulfill(status=202, json={"run_id": "dinner-1", "rehearsal": False})

    dinner.route("**/admin/campaigns/dinner/runs", answer)
    dinner.get_by_role("button", name="Sign in again").click()
    dinner.get_by_role("button", name="Mara").click()
    launch.click()
    expect(dinner.get_by_text("The run dinner-1 has begun")).to_be_visible()
    key, again = (each.request.headers["idempotency-key"] for each in (*first.routes, *second))
    assert key == again


def test_many_people_are_typed_before_a_launch_and_a_failed_check_says_why_there_is_none(dinner: Page, mara: Visit) -> None:
    found = {
        "audience": 12_000, "control": 0, "eligible": 12_000, "messages": 12_000, "reasons": {}, "problems": [], "objections": [], "held_out": 0,
        "duration_s": 3, "cost_usd": 0.2, "examples": [], "detectable": None, "version": 0,
    }  # fmt: skip
    dinner.route("**/admin/preflights/*", lambda route: route.fulfill(json={"ticket": "t", "state": "succeeded", "preflight": found}))
    dinner.get_by_role("tab", name="6 Review").click()
    launch = dinner.get_by_role("button", name="Launch: send to 12,000 people")
    expect(launch).to_be_disabled()
    dinner.get_by_label("Type how many people that is").fill("12000")
    expect(launch).to_be_enabled()
    problem = {"severity": "error", "path": "message.push.body", "message": "line 1: divided by 0", "people": 3, "examples": [], "trait": ""}
    found |= {"problems": [problem], "objections": ["3 people would get nothing"]}
    dinner.get_by_role("button", name="Check again").click()
    expect(dinner.get_by_text("3 people would get nothing: line 1: divided by 0")).to_be_visible()
    expect(launch).to_be_disabled()
    dinner.get_by_role("tab", name="1 Audience").click()
    dinner.get_by_label("Name", exact=True).fill("w" * 200)
    dinner.get_by_role("tab", name="6 Review").click()
    expect(dinner.get_by_text(f"“{'w' * 200}”")).to_be_visible()
    assert mara.flaws() == []


def test_a_trait_is_inserted_at_the_caret_by_keyboard_alone_and_both_telephones_show_it(dinner: Page) -> None:
    title = dinner.get_by_label("Title")
    title.fill("Dear , hello")
    title.press("Home")
    for _ in range(5):
        title.press("ArrowRight")
    offered = dinner.get_by_role("button", name="nickname", exact=True).or_(dinner.get_by_label("Insert another trait"))
    offered.first.focus()
    if offered.first.evaluate("element => element.tagName") == "SELECT":
        dinner.get_by_label("Insert another trait").select_option("nickname")
    else:
        dinner.keyboard.press("Enter")
    dinner.keyboard.type("friend")
    expect(title).to_have_value('Dear {{ person.traits.nickname | default: "friend" }}, hello')
    dinner.get_by_role("button", name="Nothing known of them").click()
    expect(preview(dinner)).to_contain_text("Dear friend, hello")
    dinner.get_by_role("button", name="Android").press("Enter")
    expect(preview(dinner).get_by_role("figure", name="Lock screen of an Android")).to_contain_text("Dear friend, hello")


def test_a_schedule_is_said_in_words_with_its_next_five_times_and_nothing_is_saved_by_that(dinner: Page, guests: Installation) -> None:
    dinner.get_by_role("tab", name="3 When").click()
    dinner.get_by_role("button", name="On days of the week").click()
    dinner.get_by_role("button", name="Monday").click()
    dinner.get_by_label("By each person's own clock").check()
    expect(dinner.get_by_text("It goes out each Monday and Thursday at 18:00, by each person's own clock.")).to_be_visible()
    dinner.get_by_label("At", exact=True).press("Backspace")
    dinner.get_by_label("At", exact=True).press_sequentially("19")
    expect(dinner.get_by_label("At", exact=True)).to_have_value("19:00")
    dinner.get_by_label("At", exact=True).fill("18:00")
    expect(dinner.get_by_role("listitem").filter(has_text="by each person's clock")).to_have_count(5)
    expect(dinner.get_by_role("button", name="Save", exact=True)).to_have_count(0)
    assert "schedule" not in asked(guests, "campaigns/dinner")
    dinner.reload()
    expect(dinner.get_by_role("button", name="Monday")).to_have_attribute("aria-pressed", "true")


def test_two_versions_and_a_language_more_are_one_document_that_the_api_takes(dinner: Page, guests: Installation) -> None:
    dinner.get_by_role("button", name="Try two versions against each other").click()
    dinner.get_by_label("Title").fill("Come to dinner")
    dinner.get_by_text("Data for the app").click()
    dinner.get_by_label("A name that the app reads").press_sequentially("table")
    dinner.get_by_label("Weight").fill("")
    dinner.get_by_label("Weight").press_sequentially("3")
    expect(dinner.get_by_label("Weight")).to_have_value("3")
    dinner.get_by_text("Languages", exact=True).click()
    dinner.get_by_label("Another language").fill("fr")
    dinner.get_by_role("button", name="Add this language").click()
    dinner.get_by_label("Title").fill("À table")
    expect(preview(dinner)).to_contain_text("À table")
    expect(dinner.get_by_role("img", name="a: 25%, b: 75%")).to_be_visible()
    dinner.get_by_role("button", name="Save", exact=True).click()
    expect(dinner.get_by_role("status").filter(has_text="Saved as version")).to_be_visible()
    _, second = asked(guests, "campaigns/dinner")["variants"]
    assert (second["weight"], second["message"]["push"]["title"], second["message"]["push"]["locales"]["fr"]["title"]) == (
        3,
        "Come to dinner",
        "À table",
    )
    assert second["message"]["push"]["data"] == {"table": ""}
    dinner.get_by_role("tab", name="Versions").click()
    dinner.get_by_role("button", name="Restore version 1", exact=True).click()
    expect(dinner.get_by_text("says what version 1 said")).to_be_visible()


def test_a_goal_whose_event_is_typed_anew_keeps_its_money_and_a_span_its_unit(dinner: Page) -> None:
    dinner.get_by_role("tab", name="4 Goal").click()
    event, within, unit = (dinner.get_by_label(name, exact=True) for name in ("Event", "Within", "Within: unit"))
    event.fill("Table Taken")
    dinner.get_by_label("Money is in").fill("paid")
    unit.select_option("hours")
    within.fill("")
    within.press_sequentially("1.5")
    expect(within).to_have_value("1.5")
    expect(unit).to_have_value("h")
    event.fill("")
    event.press_sequentially("Table")
    expect(dinner.get_by_label("Money is in")).to_have_value("paid")


def test_a_save_that_comes_too_late_shows_both_sides_and_the_focus_stays(dinner: Page, guests: Installation, mara: Visit) -> None:
    dinner.get_by_label("Title").fill("Mine")
    assert guests.put("campaign", {**DINNER, "name": "Theirs"}).returncode == 0
    dinner.get_by_role("button", name="Save", exact=True).click()
    both = dinner.get_by_role("alert")
    expect(both).to_contain_text('"title": "Mine"')
    expect(both).to_contain_text('"name": "Theirs"')
    both.get_by_role("button", name="Save mine over it").click()
    expect(dinner.get_by_role("status").filter(has_text="Saved as version")).to_be_visible()
    assert asked(guests, "campaigns/dinner")["message"]["push"]["title"] == "Mine"


def test_a_test_goes_to_one_person_as_the_message_is_written_now(dinner: Page, guests: Installation) -> None:
    since = guests.double("/__admin/messages?since=0")["next"]
    dinner.get_by_label("Title").fill("Not saved")
    dinner.get_by_role("button", name="Send a test").click()
    dinner.get_by_label("To the person with the id").fill("guest-3")
    dinner.keyboard.press("Enter")
    expect(dinner.get_by_role("dialog").get_by_role("status")).to_contain_text("guest-phone-3")
    assert "[Test] Not saved" in json.dumps(guests.double(f"/__admin/messages?since={since}"))


def test_whoever_may_only_look_changes_and_launches_nothing(guests: Installation, dinner: Page, ana: Visit) -> None:
    page = ana.open("/campaigns/dinner", "Dinner")
    expect(page.get_by_label("Name", exact=True)).to_be_disabled()
    expect(page.get_by_role("button", name="Send a test")).to_have_count(0)
    page.get_by_role("link", name="Review").click()
    expect(page.get_by_text("may look at this and not launch it")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Launch|Save"))).to_have_count(0)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"status": 200, "json": {"campaigns": []}}, "There is no campaign yet"),
        ({"status": 500, "json": {"code": "internal_error", "message": "it broke"}}, "it broke"),
        ({"status": 403, "json": {"code": "forbidden", "message": "the scope regulars/read is needed"}}, "the scope regulars/read is needed"),
    ],
    ids=["empty", "error", "forbidden"],
)
def test_where_there_is_nothing_to_list_it_is_said_why(mara: Visit, answer: dict[str, Any], said: str) -> None:
    mara.page.route("**/admin/campaigns", lambda route: route.fulfill(**answer))
    page = mara.open("/campaigns", "Campaigns")
    expect(page.get_by_text(said)).to_be_visible()
    page.unroute_all()


def test_axe_finds_nothing_in_any_part_of_a_campaign(dinner: Page, mara: Visit) -> None:
    for tab in ("1 Audience", "2 Message", "3 When", "4 Goal", "5 Delivery", "6 Review", "Versions"):
        dinner.get_by_role("tab", name=tab).click()
        match tab:
            case "4 Goal":
                dinner.get_by_label("Event", exact=True).fill("Ate")
            case "5 Delivery":
                dinner.get_by_label("Quiet hours by each person's clock").check()
                dinner.get_by_label("A cap, of all campaigns together").check()
            case "6 Review":
                dinner.get_by_role("button", name="Launch: send to").wait_for(timeout=PATIENCE)
        assert mara.flaws() == [], tab


def test_of_two_who_look_at_the_same_review_the_second_is_told_of_the_first_and_asked_again(dinner: Page, guests: Installation) -> None:
    dinner.get_by_role("tab", name="6 Review").click()
    launch = dinner.get_by_role("button", name="Launch: send to 6 people")
    expect(launch).to_be_enabled(timeout=PATIENCE)
    guests.cli("campaign", "launch", "dinner", "--yes", "--wait")
    launch.click()
    expect(dinner.get_by_text("unseen by this launch")).to_be_visible()
    expect(dinner.get_by_text(re.compile(r"It was launched .* ago by .*, to \d people\."))).to_be_visible()
    expect(launch).to_be_disabled()
    dinner.get_by_label("Type how many people that is").fill("6")
    expect(launch).to_be_enabled()
    assert len(asked(guests, "runs?campaign_id=dinner")["runs"]) == 1


def test_what_was_launched_a_moment_ago_is_shown_while_everybody_is_still_being_checked(dinner: Page, mara: Visit) -> None:
    check = Held(dinner, "**/admin/campaigns/dinner/preflight", "POST")
    dinner.get_by_label("Title").fill("Dinner once more")
    dinner.get_by_role("tab", name="6 Review").click()
    check.only()
    expect(dinner.get_by_text(re.compile(r"It was launched .* ago by .*, to \d people\."))).to_be_visible()
    expect(dinner.get_by_role("button", name="Launch", exact=True)).to_be_disabled()
    check.only().continue_()
    expect(dinner.get_by_text("6 people would get it")).to_be_visible(timeout=PATIENCE)
    assert mara.problems == []


def test_what_is_kept_in_the_tab_is_shown_on_every_page_before_what_is_saved_has_come(dinner: Page, mara: Visit) -> None:
    dinner.get_by_label("Title").fill("Kept in the tab")
    held = Held(dinner, "**/admin/campaigns/dinner")
    mara.open("/campaigns/dinner", "Dinner")
    for tab in dinner.get_by_role("tab").all():
        tab.click()
        expect(tab).to_have_attribute("aria-selected", "true")
    expect(dinner.get_by_role("status").filter(has_text="Loading")).to_be_visible()
    held.only().continue_()
    expect(dinner.get_by_role("tabpanel").get_by_role("heading", name="Version 1", exact=True)).to_be_visible()
