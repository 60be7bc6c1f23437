"""The console in Debian's Chromium, against the session's installation: by roles and labels only, as whoever uses it finds things.

Nothing here may ask the page to evaluate what its policy forbids (`wait_for_function`), and no test ever sets `bypass_csp`.
"""

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, Route, expect, sync_playwright

from tests.e2e.conftest import Installation

COMMANDS = ("chromium", "chromium-browser", "google-chrome")
EXECUTABLE = next((found for found in map(shutil.which, COMMANDS) if found), None)

PATIENCE_MS = 60_000
"""Of a machine that does much else. Only what fails waits as long."""
STEP_MS = 20
"""Between two looks at what no event of the browser tells."""

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PRACTICES = {name: {"enabled": True} for name in ("landmark-unique", "empty-table-header", "heading-order")}
"""What no rule of WCAG asks, and readers go by all the same."""
COLOURS = ["color-contrast", "link-in-text-block"]
"""What differs between light and dark."""
NARROW = 320
"""CSS pixels: WCAG 1.4.10, Reflow."""

MOST_STEPS = 60
"""Of a keyboard, between two places of a screen."""


class Visit:
    """A tab of somebody who is signed in. `problems` has what the browser complained of: each is a failure at the end."""

    def __init__(self, page: Page, root: str) -> None:
        self.page, self.root, self.problems = page, root, list[str]()
        page.on("pageerror", lambda error: self.problems.append(f"{error.name}: {error.message}"))
        page.on("console", lambda said: self.problems.append(said.text) if "Content Security Policy" in said.text or "Trusted" in said.text else None)

    def open(self, path: str, heading: str = "") -> Page:
        """Loads the address, as a bookmark does, and waits for the screen."""
        self.page.goto(self.root + path)
        if heading:
            self.page.get_by_role("heading", level=1, name=heading).wait_for()
        return self.page

    def flaws(self) -> list[str]:
        """What axe finds on the screen as it is, each with the elements that it is about: in light, in dark, and at 320 px, where nothing may be
        wider than the window either. Afterwards it is light and wide again."""
        expect(self.page.get_by_role("status").filter(has_text="Loading")).to_have_count(0)
        size = self.page.viewport_size or {"width": 1280, "height": 800}
        found = self._axe("light", {"type": "tag", "values": TAGS})
        self.page.emulate_media(color_scheme="dark")
        found += self._axe("dark", {"type": "rule", "values": COLOURS})
        self.page.emulate_media(color_scheme="light")
        self.page.set_viewport_size({"width": NARROW, "height": 640})
        found += self._axe("narrow", {"type": "tag", "values": TAGS})
        wider = self.wider()
        self.page.set_viewport_size(size)
        return [*found, *([f"narrow: {wider} px wider than the window"] if wider else [])]

    def wider(self) -> int:
        """By how many px the screen is wider than the window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))

    def _axe(self, look: str, rules: dict[str, Any]) -> list[str]:
        violations = (
            Axe()
            .run(self.page, options={"runOnly": rules, "rules": PRACTICES if rules["type"] == "tag" else {}, "resultTypes": ["violations"]})
            .response["violations"]
        )
        return [f"{look}: {each['id']}: {[node['html'][:160] for node in each['nodes']]}" for each in violations]

    def walk(self, to: Locator, key: str = "Tab") -> None:
        """To what is named, by this key alone: the focus is somewhere at each step."""
        to.wait_for()
        for _ in range(MOST_STEPS):
            self.page.keyboard.press(key)
            assert self.focused() != "BODY"
            if to.evaluate("element => element === document.activeElement"):
                return
        raise AssertionError(f"{MOST_STEPS} times {key} do not lead to {to}")

    def forget_drafts(self) -> None:
        """As if nothing had ever been typed in this tab."""
        self.page.evaluate("for (const key of Object.keys(sessionStorage)) if (key.startsWith('regulars.draft.')) sessionStorage.removeItem(key)")

    def focused(self) -> str:
        """The name of the element that has the focus, waited for: after something was done it may be nowhere until the net of parts/focus.js has had
        its 50 ms. The two are one question, because between two the focus may go."""
        return str(self.page.locator(":focus").evaluate("element => element.tagName"))


class Held:
    """What a page asks of this pattern by this method, kept from going on until a test lets it: all others pass. `routes` has them as they came."""

    def __init__(self, page: Page, pattern: str, method: str = "GET") -> None:
        self.page, self.routes = page, list[Route]()
        page.route(pattern, lambda route: self.routes.append(route) if route.request.method == method else route.continue_())

    def only(self) -> Route:
        """The one that came, waited for: what a page shows at a press may be there before what it asks."""
        waits = PATIENCE_MS // STEP_MS
        while not self.routes and (waits := waits - 1):
            self.page.wait_for_timeout(STEP_MS)
        (route,) = self.routes
        return route


Arrive = Callable[..., Visit]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Of one file's tests: while Playwright runs, nothing else in the process can run a loop of asyncio."""
    if EXECUTABLE is None:
        pytest.skip("there is no Chromium on this machine: apt install chromium")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=EXECUTABLE, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="module")
def arrivals(browser: Browser, installation: Installation) -> Iterator[Arrive]:
    contexts: list[Any] = []
    visits: list[Visit] = []

    def arrive(person: str, path: str = "/", **options: Any) -> Visit:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, "locale": "en-GB", "reduced_motion": "reduce", **options})
        contexts.append(context)
        visit = Visit(context.new_page(), f"{installation.info['console']}")
        visit.page.set_default_timeout(PATIENCE_MS)
        visits.append(visit)
        visit.page.goto(visit.root + path)
        visit.page.get_by_role("button", name=person).click()
        visit.page.get_by_role("navigation", name="Main").get_by_role("link").first.wait_for()
        return visit

    yield arrive
    for context in contexts:
        context.close()
    assert not [problem for visit in visits for problem in visit.problems]


@pytest.fixture(scope="module")
def mara(arrivals: Arrive) -> Visit:
    """A marketer's tab, for all tests of a file."""
    return arrivals("Mara")


@pytest.fixture(scope="module")
def ana(arrivals: Arrive) -> Visit:
    """An analyst's."""
    return arrivals("Ana")
