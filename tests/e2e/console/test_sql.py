"""SQL for analysts: the price before, the rows and the bytes after, as CSV; refused, failed and stopped; and for nobody else."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import Installation
from tests.e2e.console.conftest import Visit

ASKED = "SELECT user_id, json_extract_scalar(properties, '$.size') AS size\nFROM events\nWHERE event_name = 'Asked In Sql'\nORDER BY 1"


@pytest.fixture(scope="module")
def ana(ana: Visit, installation: Installation) -> Visit:
    """An analyst, after two events came."""
    batch = [{"type": "track", "userId": f"ana{n}", "event": "Asked In Sql", "properties": {"size": size}} for n, size in enumerate("ML")]
    assert installation.post("/v1/batch", {"batch": batch})[0] == 200
    installation.cli("flush")
    return ana


def write(page: Page, sql: str) -> None:
    page.get_by_role("textbox", name="Statement").fill(sql)


def test_a_statement_says_its_price_before_and_after_and_is_run_and_exported_by_keyboard_alone(ana: Visit) -> None:
    page = ana.open("/sql", "SQL")
    expect(page.get_by_text("Nothing was asked yet")).to_be_visible()
    expect(page.get_by_text("it reads about")).to_be_visible()
    assert ana.flaws() == []
    page.get_by_role("textbox", name="Statement").focus()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(ASKED)
    expect(page.get_by_text(re.compile(r"\$0\.00005: it reads about [\d.]+ kB, at most [\d.]+ kB\."))).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("table", name="Result")).to_contain_text("ana0")
    expect(page.get_by_role("region", name="Result", exact=True)).to_contain_text(re.compile(r"Read [\d.]+ kB, for US\$0\.00005\..*2 rows", re.S))
    page.get_by_role("button", name="Export as CSV").focus()
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert Path(download.value.path()).read_text() == '"user_id","size"\n"ana0","M"\n"ana1","L"\n'
    page.reload()
    page.get_by_text("people", exact=True).first.click()
    expect(page.get_by_text("of their earliest event, in UTC").first).to_be_visible()
    expect(page.get_by_role("table", name="Result")).to_contain_text("ana1")
    expect(page.get_by_role("textbox", name="Statement")).to_have_value(ASKED)
    assert ana.flaws() == []


def test_what_may_not_be_run_is_refused_beside_the_statement_while_it_is_typed(ana: Visit) -> None:
    page = ana.open("/sql", "SQL")
    write(page, "SELECT 1;\nDROP TABLE events")
    expect(page.get_by_role("alert")).to_contain_text("line 2:1: a second statement begins here")
    expect(page.get_by_role("textbox", name="Statement")).to_have_attribute("aria-invalid", "true")
    assert ana.flaws() == []
    write(page, "SELECT nobody FROM people")
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_role("alert").filter(has_text="Column 'nobody' cannot be resolved")).to_be_visible()
    write(page, "SELECT 1")
    page.get_by_role("button", name="SELECT nobody").click()
    expect(page.get_by_role("textbox", name="Statement")).to_have_value("SELECT nobody FROM people")
    expect(page.get_by_role("textbox", name="Statement")).to_be_focused()


def test_what_takes_long_can_be_stopped_and_a_long_result_comes_in_pages(ana: Visit) -> None:
    page = ana.open("/sql", "SQL")
    state = {"state": "running"}

    def look(route: Route) -> None:
        if route.request.url.endswith("/mine/cancel"):
            state["state"] = "cancelled"
        route.fulfill(json={"ticket": "mine", "reason": "", "bytes_scanned": 12_000_000, "cost_usd": 0.00006, **state})

    page.route("**/admin/queries", look)
    page.route("**/admin/queries/mine**", look)
    page.route("**/admin/queries/mine/cancel", look)
    write(page, "SELECT 7")
    page.keyboard.press("Control+Enter")
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("textbox", name="Statement")).to_be_focused()
    expect(page.get_by_text("It was stopped. Read 12 MB, for US$0.00006.")).to_be_visible()
    state["state"] = "succeeded"
    columns = [{"name": "n", "type": "bigint", "meaning": ""}]
    page.route("**/mine/rows", lambda route: route.fulfill(json={"columns": columns, "rows": [["1"]], "next": "2", "cut": 0}))
    page.route("**/mine/rows?page=2", lambda route: route.fulfill(json={"columns": columns, "rows": [[None]], "next": "", "cut": 1}))
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("The first 1 rows; the export has all")).to_be_visible()
    page.get_by_role("button", name="Show more").click()
    expect(page.get_by_role("table", name="Result")).to_contain_text("NULL")
    page.unroute_all()


def test_it_is_open_to_analysts_only(mara: Visit) -> None:
    page = mara.open("/sql", "SQL")
    expect(page.get_by_role("heading", name="This is not open to you")).to_be_visible()
    expect(page.get_by_role("navigation", name="Main").get_by_role("link", name="SQL")).to_have_count(0)
