"""`python -m tests.e2e.console.pictures CONSOLE [NAME ...]` draws pictures of docs/console anew: every screen with a retailer's year in it.

CONSOLE is the address that `regulars demo --keep-running` prints. `journey` needs examples/journeys/abandoned-cart.json there, launched.
"""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Page, sync_playwright

from tests.e2e.console.conftest import EXECUTABLE

FOLDER: Final = Path(__file__).parents[3] / "docs" / "console"
LAPTOP: Final = {"width": 1280, "height": 800}
TELEPHONE: Final = {"width": 390, "height": 844}
PATIENCE_MS: Final = 120_000
SETTLED_MS: Final = 3000
"""After the last skeleton has gone: what answers late (counts, previews) is in the picture."""


@dataclass(frozen=True)
class Picture:
    """`follow`: the links that lead on from there, by their names; `press`: the button that asks what only comes when it is asked for."""

    name: str
    path: str
    person: str = "Mara"
    follow: tuple[str, ...] = ()
    press: str = ""
    dark: bool = False
    phone: bool = False


PICTURES: Final = (
    Picture("today", "/"),
    Picture("today-phone", "/", phone=True),
    Picture("segments", "/segments"),
    Picture("segment-rule-dark", "/segments/lapsing", dark=True),
    Picture("campaigns", "/campaigns"),
    Picture("campaign-audience", "/campaigns/october"),
    Picture("campaign-message", "/campaigns/october?tab=message"),
    Picture("campaign-message-dark", "/campaigns/october?tab=message", dark=True),
    Picture("campaign-message-phone", "/campaigns/october?tab=message", phone=True),
    Picture("journey", "/journeys/abandoned-cart"),
    Picture("runs", "/runs"),
    Picture("run", "/runs", follow=("202",)),
    Picture("effect", "/runs", follow=("202", "What it changed")),
    Picture("effect-phone", "/runs", follow=("202", "What it changed"), phone=True),
    Picture("people", "/people"),
    Picture("person", "/people/h1"),
    Picture("person-phone", "/people/h1", phone=True),
    Picture("quality", "/quality", person="Otto", press="Check"),
    Picture("catalog", "/quality?tab=catalog", person="Otto"),
    Picture("quarantine", "/quarantine", person="Otto", press="Look into it"),
    Picture("operate-dark", "/operate", person="Otto", dark=True),
    Picture("sql", "/sql", person="Ana", press="Run"),
    Picture("sources", "/sources", person="Otto"),
    Picture("settings", "/settings"),
)


def drawn(page: Page, root: str, picture: Picture) -> None:
    page.goto(root + picture.path)
    page.get_by_role("heading", level=1).wait_for()
    for name in picture.follow:
        page.get_by_role("main").get_by_role("link", name=name).first.click()
    if picture.press:
        page.get_by_role("button", name=picture.press, exact=True).click()
    page.wait_for_timeout(SETTLED_MS)
    page.get_by_role("status").filter(has_text="Loading").first.wait_for(state="detached")
    page.wait_for_timeout(SETTLED_MS)
    page.screenshot(path=FOLDER / f"{picture.name}.png", animations="disabled")


def main(root: str, names: list[str]) -> int:
    """Exit status 2 if a name is unknown."""
    if unknown := set(names) - {picture.name for picture in PICTURES}:
        print(f"unknown: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=EXECUTABLE, args=["--no-sandbox"])
        for picture in (each for each in PICTURES if not names or each.name in names):
            options: dict[str, Any] = {"viewport": TELEPHONE if picture.phone else LAPTOP, "color_scheme": "dark" if picture.dark else "light"}
            page = browser.new_page(locale="en-GB", reduced_motion="reduce", **options)
            page.set_default_timeout(PATIENCE_MS)
            page.goto(root + "/")
            page.get_by_role("button", name=picture.person).click()
            page.get_by_role("navigation", name="Main").get_by_role("link").first.wait_for()
            drawn(page, root, picture)
            print(picture.name)
            page.close()
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
