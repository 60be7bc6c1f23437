"""What stands around every screen: going about, the palette, keys, languages."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from regulars.domain.console_scripts import ServedScripts
from tests.e2e.console.conftest import Arrive, Held, Visit

CONSOLE = Path(__file__).parents[3] / "console"
SCREENS = {
    "/": "Today",
    "/segments": "Segments",
    "/segments/new": "New segment",
    "/campaigns": "Campaigns",
    "/campaigns/new": "New campaign",
    "/journeys": "Journeys",
    "/journeys/new": "New journey",
    "/quality": "Data quality",
    "/quality?tab=catalog": "Data quality",
    "/quarantine": "Quarantine",
    "/operate": "Operate",
    "/sources": "Sources",
    "/settings": "Settings",
    "/no/such": "There is no such screen",
}


def test_going_to_a_screen_moves_the_focus_to_its_heading_and_names_the_page_and_back_comes_back(mara: Visit) -> None:
    page = mara.open("/", "Today")
    page.get_by_role("link", name="Settings").click()
    expect(page.get_by_role("heading", level=1, name="Settings")).to_be_focused()
    expect(page).to_have_title("Settings · Regulars")
    page.go_back()
    expect(page.get_by_role("heading", level=1, name="Today")).to_be_focused()


def test_who_goes_back_while_a_screen_is_loaded_is_back_also_when_it_has_come(mara: Visit) -> None:
    page = mara.open("/segments/new", "New segment")
    held = Held(page, "**/screens/operate.js")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Quarantine").click()
    expect(page.get_by_role("heading", level=1, name="Quarantine")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("tab", name="Rule")).to_be_visible()
    with page.expect_response("**/screens/operate.js"):
        held.only().continue_()
    page.unroute_all()
    page.get_by_role("tab", name="JSON").click()
    expect(page.get_by_label("The segment as JSON")).to_be_visible()


def test_who_goes_on_while_a_screen_is_loaded_is_there_also_when_that_one_has_come(mara: Visit) -> None:
    """As whoever has just signed in does, who goes on from Today, which comes with the segments, before there is anything to see."""
    page = mara.page
    held = Held(page, "**/screens/segments.js")
    page.goto(mara.root)
    late = held.only()
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Settings").click()
    language = page.get_by_label("Language")
    expect(language).to_be_visible()
    with page.expect_response("**/screens/segments.js"):
        late.continue_()
    page.unroute_all()
    page.get_by_role("button", name="Find anything").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(language).to_be_visible()


def test_the_palette_goes_anywhere_by_keyboard_alone_and_gives_the_focus_back(mara: Visit) -> None:
    page = mara.open("/", "Today")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert mara.focused() != "BODY"
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("segm")
    expect(page.get_by_role("option", selected=True)).to_contain_text("Segments")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Segments")).to_be_focused()


def test_keys_go_to_screens_unless_somebody_types_or_switched_them_off(mara: Visit) -> None:
    page = mara.open("/", "Today")
    page.keyboard.type("gs")
    expect(page.get_by_role("heading", level=1, name="Segments")).to_be_focused()
    page.keyboard.type("?")
    page.get_by_label("Switch off keys that are pressed alone").check()
    page.keyboard.press("Escape")
    page.keyboard.type("gt")
    expect(page.get_by_role("heading", level=1, name="Segments")).to_be_visible()
    page.get_by_role("button", name="Keys").click()
    page.get_by_label("Switch off keys that are pressed alone").uncheck()
    page.keyboard.press("Escape")


def test_another_language_is_spoken_at_once_and_the_next_time(arrivals: Arrive) -> None:
    visit = arrivals("Ana", "/settings")
    visit.page.get_by_label("Language").select_option("Español")
    expect(visit.page.get_by_role("heading", level=1, name="Ajustes")).to_be_visible()
    visit.page.reload()
    expect(visit.page.get_by_role("heading", level=1, name="Ajustes")).to_be_visible()
    assert visit.page.evaluate("document.documentElement.lang") == "es"


@pytest.mark.parametrize("path", SCREENS)
def test_nothing_is_wrong_with_any_screen_in_light_in_dark_or_at_320_px(mara: Visit, path: str) -> None:
    mara.open(path, SCREENS[path])
    assert mara.flaws() == []


def test_nothing_is_wrong_with_the_palette_and_the_list_of_keys(mara: Visit) -> None:
    page = mara.open("/segments", "Segments")
    page.keyboard.press("Control+k")
    page.get_by_role("option").first.wait_for()
    assert mara.flaws() == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Keys").click()
    assert mara.flaws() == []


def test_no_name_of_the_browsers_means_something_else_in_a_script(mara: Visit) -> None:
    sources = {path.relative_to(CONSOLE).as_posix(): path.read_text() for path in CONSOLE.rglob("*.js") if "source" not in path.parts}
    names = sorted(ServedScripts(sources).said_for_all())
    assert "html" in names
    assert mara.page.evaluate("names => names.filter((name) => name in window)", names) == []


def test_what_is_wrong_with_a_screen_is_found(mara: Visit) -> None:
    page = mara.open("/segments", "Segments")
    page.evaluate("document.querySelector('main').append(Object.assign(document.createElement('img'), { width: 400 }))")
    flaws = "\n".join(mara.flaws())
    assert "light: image-alt" in flaws
    assert "px wider than the window" in flaws
