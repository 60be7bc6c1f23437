"""Each screen in the states that no good day shows: while it waits, where the API fails, and where it forbids. Nobody loads the app anew: one goes
from screen to screen by its links, as whoever works does. What else a screen can be in is tested with it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.console.conftest import Visit

SCREENS = ("Segments", "Campaigns", "Runs", "People", "Data quality", "Quarantine", "Operate", "Sources", "Settings", "Today")
ASK_FIRST = {"People", "Data quality", "Quarantine"}
"""Those that ask the API nothing before somebody wants it: a query of Athena costs something."""
FAILED: dict[str, Any] = {"status": 500, "json": {"code": "internal", "message": "something broke, and it was written down"}}
FORBIDDEN: dict[str, Any] = {"status": 403, "json": {"code": "forbidden", "message": "this takes the scope regulars/read"}}


@pytest.fixture
def answered(mara: Visit) -> Iterator[Callable[[dict[str, Any] | None], Page]]:
    """The tab, with this answer to whatever is asked from now on; None: no answer at all."""

    def answer(answer: dict[str, Any] | None) -> Page:
        def route(route: Route) -> None:
            if answer and "/admin/me" not in route.request.url:
                route.fulfill(**answer)

        mara.page.route("**/admin/**", route)
        return mara.page

    yield answer
    mara.page.unroute_all(behavior="ignoreErrors")


def there(page: Page) -> list[str]:
    """Those screens that the rail leads to."""
    rail = page.get_by_role("navigation", name="Main")
    return [name for name in SCREENS if rail.get_by_role("link", name=name, exact=True).count()]


def go(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Main").get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", level=1, name=name)).to_be_focused()


def test_where_the_api_fails_every_screen_says_so_and_offers_another_try(mara: Visit, answered: Callable[..., Page]) -> None:
    page = answered(FAILED)
    flaws: dict[str, list[str]] = {}
    for name in there(page):
        go(page, name)
        if name not in ASK_FIRST:
            expect(page.get_by_role("main").get_by_text(FAILED["json"]["message"]).first).to_be_visible()
            expect(page.get_by_role("main").get_by_role("button", name="Try again").first).to_be_visible()
        flaws[name] = mara.flaws()
    assert {name: found for name, found in flaws.items() if found} == {}


def test_where_it_forbids_every_screen_says_whose_it_is_not_and_breaks_nothing(mara: Visit, answered: Callable[..., Page]) -> None:
    page = answered(FORBIDDEN)
    for name in there(page):
        go(page, name)
        if name not in ASK_FIRST:
            expect(page.get_by_role("main").get_by_text(FORBIDDEN["json"]["message"]).first).to_be_visible()
        assert mara.focused() != "BODY", name
    assert mara.flaws() == []


def test_while_it_waits_every_screen_says_that_and_its_heading_has_the_focus(mara: Visit, answered: Callable[..., Page]) -> None:
    page = answered(None)
    for name in there(page):
        go(page, name)
        if name not in ASK_FIRST:
            expect(page.get_by_role("main").get_by_role("status").first).to_be_attached()
        assert mara.wider() == 0, name


@pytest.mark.parametrize("width", [390, 1280, 3840])
def test_nothing_is_wider_than_the_window_of_a_telephone_a_laptop_or_a_wall(mara: Visit, width: int) -> None:
    size = mara.page.viewport_size or {"width": 1280, "height": 800}
    mara.page.set_viewport_size({"width": 1280, "height": 800})
    try:
        for name in there(mara.page):
            go(mara.page, name)
            mara.page.set_viewport_size({"width": width, "height": 900})
            expect(mara.page.get_by_role("status").filter(has_text="Loading")).to_have_count(0)
            assert mara.wider() == 0, name
            mara.page.set_viewport_size({"width": 1280, "height": 800})
    finally:
        mara.page.set_viewport_size(size)


def test_a_hidden_tab_asks_nothing_then_asks_at_once_and_where_that_fails_what_is_old_is_shown_as_old(mara: Visit) -> None:
    page = mara.page
    asked: list[str] = []
    page.clock.install()
    go(page, "Operate")
    page.get_by_role("main").get_by_role("heading", level=2).first.wait_for()
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/admin/health") else None)
    _seen(page, "hidden")
    page.clock.run_for(60_000)
    assert asked == []
    page.route("**/admin/health", lambda route: route.fulfill(**FAILED))
    with page.expect_request("**/admin/health"):
        _seen(page, "visible")
    old = page.get_by_role("status").filter(has_text="These are the figures of")
    expect(old).to_contain_text(FAILED["json"]["message"])
    expect(page.get_by_role("region", name="In a sentence")).to_be_visible()
    page.unroute_all()
    old.get_by_role("button", name="Try again").press("Enter")
    expect(old).to_have_count(0)
    expect(page.get_by_role("main").locator(":focus")).to_have_count(1)


def _seen(page: Page, state: str) -> None:
    """As where somebody turns to another tab, or back."""
    page.evaluate(
        """state => {
            Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
            Object.defineProperty(document, "hidden", { value: state === "hidden", configurable: true });
            document.dispatchEvent(new Event("visibilitychange"));
        }""",
        state,
    )
