"""What has rules of its own in a journey, in the console: written by controls, what is wrong told at its place, and never lost where none fit."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Installation
from tests.e2e.console.conftest import Visit

CART: dict[str, Any] = {
    "id": "rules-cart",
    "name": "Cart",
    "entry": {"event": "Rules Added"},
    "holdout": {"percent": 10},
    "goal": {"event": "Rules Ordered", "within": "3d"},
    "start": "buying",
    "steps": {
        "buying": {"wait_for": {"event": "Rules Ordered"}, "within": "4h", "then": None, "else": "worth"},
        "worth": {"branch": [{"if": {"entry": "price", "gte": 100}, "then": "strong"}], "else": "strong"},
        "strong": {"message": {"push": {"title": "It waits"}}, "then": None},
    },
}


@pytest.fixture(scope="module")
def shop(installation: Installation) -> Installation:
    """Somebody put something in the cart and bought it."""
    at = datetime.now(UTC).isoformat()
    sent = {"type": "track", "userId": "rules-ann", "timestamp": at}
    added = {**sent, "event": "Rules Added", "properties": {"price": 30, "brand": "Kai"}}
    assert installation.post("/v1/batch", {"batch": [added, {**sent, "event": "Rules Ordered", "properties": {"total": 30}}]})[0] == 200
    installation.cli("flush")
    return installation


def step(page: Page, name: str) -> Locator:
    return page.get_by_role("listitem").filter(has=page.get_by_role("heading", level=3, name=name, exact=True))


def saved(installation: Installation, journey: str) -> Any:
    return installation.json("journey", "get", journey)


def offered(field: Locator) -> list[str]:
    """What the browser offers in a field."""
    return list(field.evaluate("field => [...field.list.options].map(option => option.value)"))


def opened(mara: Visit, shop: Installation, document: dict[str, Any]) -> Page:
    assert shop.put("journey", document).returncode == 0
    return mara.open(f"/journeys/{document['id']}", document["name"])


def test_which_events_count_is_written_property_by_property_with_the_names_that_came(mara: Visit, shop: Installation) -> None:
    page = opened(mara, shop, CART)
    entry = page.get_by_role("group", name="Of which only").first
    entry.get_by_role("button", name="+ where").click()
    assert offered(entry.get_by_label("Property")) == ["brand", "price"]
    entry.get_by_label("Property").fill("price")
    entry.get_by_label("price: how").select_option("gte")
    entry.get_by_label("price: value").fill("20")
    buying = step(page, "buying").get_by_role("group", name="Of which only")
    buying.get_by_role("button", name="+ where").click()
    expect(buying.get_by_label("Property")).to_have_value("total")
    buying.get_by_label("total: how").select_option("between")
    buying.get_by_label("total: value: to").fill("0")
    expect(buying.get_by_role("alert")).to_contain_text("between")
    assert mara.flaws() == []
    buying.get_by_role("button", name="Remove total").click()
    mara.focused()
    page.keyboard.press("Control+s")
    expect(page.get_by_text("not saved")).to_have_count(0)
    told = saved(shop, "rules-cart")
    assert told["entry"] == {"event": "Rules Added", "where": [{"property": "price", "gte": 20}]}
    assert told["steps"] == CART["steps"]


def test_a_where_is_saved_as_it_was_and_is_json_while_there_is_no_editor(mara: Visit, shop: Installation) -> None:
    where = [{"property": ["items", "sku"], "eq": "7"}, {"property": "brand", "in": ["Kai", "Mole"]}]
    page = opened(mara, shop, {**CART, "entry": {"event": "Rules Added", "where": where}})
    entry = page.get_by_role("group", name="Of which only").first
    expect(entry.get_by_label("brand: value")).to_have_value("Kai, Mole")
    page.get_by_role("textbox", name="Name", exact=True).fill("Cart, said better")
    page.keyboard.press("Control+s")
    expect(page.get_by_text("not saved")).to_have_count(0)
    assert saved(shop, "rules-cart")["entry"]["where"] == where
    page.route("**/admin/schema*", lambda route: route.fulfill(status=503, json={"code": "unavailable", "message": "not now"}))
    mara.open("/journeys/rules-cart", "Cart, said better")
    assert json.loads(page.get_by_label("Of which only, as JSON").first.input_value()) == where
    page.unroute_all()
