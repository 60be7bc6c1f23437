"""Pages in a real browser: every shape of a report, on a phone and on a desk, light and dark, in frames of one page that measures them."""

import json
import re
from collections.abc import Mapping
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from tests.clients.browser import Seen, seen
from tests.clients.matrix import browser_command
from tests.domain.measure.page.reports import PAGES

pytestmark = pytest.mark.skipif(browser_command() is None, reason="Chromium is missing: on Debian `apt-get install chromium`")

SCHEMES = {"light": "rgb(247, 246, 243)", "dark": "rgb(18, 19, 17)"}
"""The ground of the page in each."""

FRAMES = [
    *(("three arms", width, "dark") for width in (390, 1280)),
    *((name, width, scheme) for name in PAGES for width, scheme in ((320, "dark"), (390, "light"), (1280, "light"))),
]

_MEASURES = """
const cut = (frame) => [...frame.contentDocument.querySelectorAll("body *")].filter(e => {
  const box = e.getBoundingClientRect();
  return box.width && (box.right > frame.clientWidth + 1 || box.left < -1) && !e.closest(".unseen");
}).map(e => e.tagName + ": " + e.textContent.slice(0, 40));
const meet = (frame) => [...frame.contentDocument.querySelectorAll("svg.chart")].flatMap(svg => {
  const texts = [...svg.querySelectorAll("text")].map(e => [e.textContent, e.getBoundingClientRect()]);
  const touch = (a, b) => a.left < b.right && b.left < a.right && a.top + 3 < b.bottom && b.top + 3 < a.bottom;
  return texts.flatMap(([one, a], i) => texts.slice(i + 1).filter(([, b]) => touch(a, b)).map(([other]) => one + " meets " + other));
});
const measured = (frame) => ({
  name: frame.title, wide: frame.contentDocument.documentElement.scrollWidth - frame.clientWidth, cut: cut(frame), meet: meet(frame),
  ground: frame.contentWindow.getComputedStyle(frame.contentDocument.body).backgroundColor,
  scripts: frame.contentDocument.scripts.length, requests: frame.contentWindow.performance.getEntriesByType("resource").length,
});
addEventListener("load", () => {
  document.querySelector("pre").textContent = JSON.stringify([...document.querySelectorAll("iframe")].map(measured));
});
"""


@pytest.fixture(scope="module")
def looked(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    folder = tmp_path_factory.mktemp("pages")
    for name, made in PAGES.items():
        (folder / f"{name}.html").write_text(made())
    (folder / "all.html").write_text(_frames(folder))
    command = browser_command()
    assert command
    return seen(command, folder, "all.html")


def _frames(folder: Path) -> str:
    frames = "".join(
        f'<iframe title="{name}, {width}, {scheme}" src="{name}.html" width="{width}" height="800" style="border:0;color-scheme:{scheme}"></iframe>'
        for name, width, scheme in FRAMES
    )
    return f"<!doctype html><meta charset=utf-8><link rel=icon href='data:,'><pre></pre>{frames}<script>{_MEASURES}</script>"


@pytest.fixture(scope="module")
def measured(looked: Seen) -> Mapping[str, dict[str, Any]]:
    found = re.search(r"<pre>(.*?)</pre>", looked.dom, re.DOTALL)
    assert found
    return {each["name"]: each for each in json.loads(unescape(found[1]))}


def test_nothing_is_wider_than_the_screen(measured: Mapping[str, dict[str, Any]]) -> None:
    assert len(measured) == len(FRAMES)
    assert {name: (each["wide"], each["cut"]) for name, each in measured.items() if each["wide"] > 0 or each["cut"]} == {}


def test_no_two_words_of_a_picture_meet(measured: Mapping[str, dict[str, Any]]) -> None:
    assert {name: each["meet"] for name, each in measured.items() if each["meet"]} == {}


def test_the_page_is_light_or_dark_as_its_reader_is(measured: Mapping[str, dict[str, Any]]) -> None:
    assert {name: each["ground"] for name, each in measured.items() if each["ground"] != SCHEMES[name.split(", ")[2]]} == {}


def test_a_page_runs_no_script_asks_for_nothing_and_breaks_no_policy(looked: Seen, measured: Mapping[str, dict[str, Any]]) -> None:
    assert {(each["scripts"], each["requests"]) for each in measured.values()} == {(0, 0)}
    assert looked.console == ""
