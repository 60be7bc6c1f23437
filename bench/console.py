"""The console in Debian's Chromium: its first paint beside that of a page with nothing in it, what a key press takes to be seen while every
answer of the API takes a second, and what scripts it loads. The platform is `regulars up`, empty, in a process of its own."""

import asyncio
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bench.table import BenchRow
from local.ports import first_free_port

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page, Request, Route

PAINT_RATIO: Final = 2.5
KEYSTROKE_MS: Final = 50
"""Half of what seems immediate: https://www.nngroup.com/articles/response-times-3-important-limits/."""
SCRIPT_KB: Final = 100
API_SECONDS: Final = 1
ROUNDS: Final = 9
TYPED: Final = "Bought three times, not in sixty days"
FIELDS: Final = (
    ("segment editor", "/segments/new", "Add a condition"),
    ("journey editor", "/journeys/new", "Title"),
    ("campaign editor", "/campaigns/new?tab=message", "Title"),
    ("settings", "/settings", "Time zone of whoever tells none"),
)
"""Where it is typed: path, and the label of the field."""

_BLANK: Final = "http://blank.localhost/"
_WATCH: Final = """() => {
window.seen = [];
addEventListener("keydown", (event) => requestAnimationFrame(() => {
  const channel = new MessageChannel();
  channel.port1.onmessage = () => seen.push(performance.now() - event.timeStamp);
  channel.port2.postMessage(0);
}), true);
}"""
"""From the press to the frame that shows what it did: the task after it runs once that frame is drawn."""


def rows() -> list[BenchRow]:
    """Raises FileNotFoundError where there is no Chromium."""
    with _platform() as root:
        return asyncio.run(_measured(root))


@contextmanager
def _platform() -> Iterator[str]:
    """The console's address."""
    contexts = Path(tempfile.mkdtemp(prefix="regulars-bench-"))
    command = [str(Path(sys.executable).with_name("regulars")), "up", "--json", "--port", str(first_free_port(8400))]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "REGULARS_CONFIG": str(contexts / "contexts.json")})
    try:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())["console"]
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(contexts)


async def _measured(root: str) -> list[BenchRow]:
    from playwright.async_api import async_playwright

    executable = shutil.which("chromium")
    if executable is None:
        raise FileNotFoundError("chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        page = await _signed_in(browser, root)
        found = [await _painted(page, root), *[await _typed(page, root, *field) for field in FIELDS]]
        found += [await _loaded(page, root, *field[:2]) for field in FIELDS]
        await browser.close()
    return found


async def _signed_in(browser: "Browser", root: str) -> "Page":
    """A tab of a marketer, which keeps nothing that it loaded."""
    context = await browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB", reduced_motion="reduce")
    page = await context.new_page()
    await (await context.new_cdp_session(page)).send("Network.setCacheDisabled", {"cacheDisabled": True})
    await page.goto(root + "/")
    await page.get_by_role("button", name="Mara").click()
    await page.get_by_role("navigation", name="Main").get_by_role("link").first.wait_for()
    await page.route(_BLANK, lambda route: route.fulfill(body="<!doctype html><title>Blank</title><p>Nothing", content_type="text/html"))
    return page


async def _painted(page: "Page", root: str) -> BenchRow:
    paints = [(await _first_paint(page, root + "/"), await _first_paint(page, _BLANK)) for _ in range(ROUNDS)]
    ours, blank = (statistics.median(each) for each in zip(*paints, strict=True))
    return BenchRow("console: first paint", ours, blank, ours / blank, "ms", f"a page of one word, median of {ROUNDS}; at most {PAINT_RATIO} times")


async def _first_paint(page: "Page", url: str) -> float:
    """Milliseconds from the navigation on."""
    await page.goto(url)
    entries = "performance.getEntriesByName('first-contentful-paint').map((entry) => entry.startTime)"
    while not (found := await page.evaluate(entries)):
        await asyncio.sleep(0.02)
    return float(found[0])


async def _typed(page: "Page", root: str, name: str, path: str, label: str) -> BenchRow:
    """The slowest of the key presses."""
    await page.goto(root + path)
    field = page.get_by_label(label, exact=True)
    await field.wait_for()
    await page.evaluate(_WATCH)

    async def late(route: "Route") -> None:
        await asyncio.sleep(API_SECONDS)
        await route.continue_()

    await page.route("**/admin/**", late)
    await field.press_sequentially(TYPED, delay=40)
    await asyncio.sleep(API_SECONDS)
    seen = await page.evaluate("seen")
    await page.unroute("**/admin/**", late)
    note = f"the bound; slowest of {len(seen)} while the API takes {API_SECONDS} s, median {statistics.median(seen):.0f}"
    return BenchRow(f"console: a key press in the {name}", max(seen), KEYSTROKE_MS, max(seen) / KEYSTROKE_MS, "ms", note)


async def _loaded(page: "Page", root: str, name: str, path: str) -> BenchRow:
    """What somebody loads who opens this screen first."""
    asked: list[Request] = []

    def count(request: "Request") -> None:
        if request.resource_type == "script":
            asked.append(request)

    page.on("requestfinished", count)
    await page.goto(root + path)
    await page.get_by_role("heading", level=1).wait_for()
    await page.wait_for_load_state("networkidle")
    page.remove_listener("requestfinished", count)
    total = sum([(await request.sizes())["responseBodySize"] for request in asked]) / 1000
    return BenchRow(f"console: scripts of the {name}", total, SCRIPT_KB, total / SCRIPT_KB, "KB", f"the bound of all screens; {len(asked)} requests")
