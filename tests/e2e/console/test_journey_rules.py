"""What has rules of its own in a journey, in the console: written by controls, what is wrong told at its place, and never lost where none fit."""

import json
import re
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
    """What the browser offers in a field, once it is known."""
    expect(field).to_have_attribute("list", re.compile("."))
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


def test_a_branch_asks_by_the_segments_editor_and_what_no_journey_can_answer_is_said_beside_the_condition(mara: Visit, shop: Installation) -> None:
    page = opened(mara, shop, {**CART, "id": "rules-branch", "name": "Branch"})
    rule = step(page, "worth").get_by_role("group", name="If", exact=True)
    asked = rule.get_by_role("group", name="Condition 1", exact=True)
    expect(asked.get_by_label("Property")).to_have_value("price")
    assert offered(asked.get_by_label("Property")) == ["brand", "price"]
    asked.get_by_label("price: value").fill("150")
    box = rule.get_by_label("Add a condition")
    box.fill("rules ord")
    page.keyboard.press("Enter")
    bought = rule.get_by_role("group", name="Condition 2", exact=True)
    expect(bought.get_by_role("alert")).to_contain_text("a segment as `entry`, or a `wait_for`, asks the same in time")
    assert mara.flaws() == []
    page.keyboard.press("Control+s")
    expect(page.get_by_text("not saved")).to_be_visible()
    bought.get_by_label("More for condition 2").click()
    bought.get_by_role("button", name="Remove").click()
    mara.focused()
    box.fill("brand")
    page.keyboard.press("Enter")
    rule.get_by_role("group", name="Condition 2", exact=True).get_by_label("brand: how").select_option("eq")
    page.keyboard.press("Tab")
    page.keyboard.type("Kai")
    entry = page.get_by_role("group", name="Only of whom")
    entry.get_by_label("Add a condition").fill("tier")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+s")
    expect(page.get_by_text("not saved")).to_have_count(0)
    told = saved(shop, "rules-branch")
    assert told["steps"]["worth"]["branch"][0]["if"] == {"all": [{"entry": "price", "gte": 150}, {"entry": "brand", "eq": "Kai"}]}
    assert told["entry"]["if"] == {"all": [{"trait": "tier", "exists": True}]}
    entry.get_by_label("More for condition 1").click()
    entry.get_by_role("button", name="Remove").click()
    page.keyboard.press("Control+s")
    expect(page.get_by_text("not saved")).to_have_count(0)
    assert saved(shop, "rules-branch")["entry"] == CART["entry"]


def test_what_ends_a_journey_what_it_is_for_and_what_people_are_promised_have_fields_of_their_own(mara: Visit, shop: Installation) -> None:
    page = opened(mara, shop, {**CART, "id": "rules-ends", "name": "Ends", "delivery": {"priority": 7}})
    page.get_by_text("Who is held out, the goal, what ends it, and more").click()
    page.get_by_role("button", name="Add an event that ends it").click()
    end = page.get_by_role("group", name="End 1", exact=True)
    expect(end.get_by_role("alert")).to_be_visible()
    end.get_by_label("Event", exact=True).fill("Rules Ordered")
    expect(end.get_by_role("alert")).to_have_count(0)
    end.get_by_role("button", name="+ where").click()
    end.get_by_label("total: how").select_option("gte")
    end.get_by_label("It counts as").select_option("goal")
    page.get_by_role("button", name="Add an event that ends it").click()
    page.get_by_role("group", name="End 2", exact=True).get_by_label("Event", exact=True).fill("Rules Added")
    page.get_by_role("button", name="Remove end 2").click()
    mara.focused()
    page.get_by_label("Money is in").fill("total")
    page.get_by_label("May begin again after").fill("3d")
    page.get_by_label("Who is inside and does it again").select_option("restart")
    promised = page.get_by_role("group", name="What people are promised")
    promised.get_by_label("What it is for").select_option("transactional")
    promised.get_by_label("Quiet hours by each person's clock").check()
    promised.get_by_label("A cap, of all campaigns together").check()
    expect(promised.get_by_role("alert").first).to_contain_text("transactional")
    promised.get_by_label("What it is for").select_option("")
    promised.get_by_label("From").fill("22:00")
    promised.get_by_label("Pushes at most").fill("2")
    assert offered(page.get_by_label("Money is in")) == ["total"]
    assert mara.flaws() == []
    page.keyboard.press("Control+s")
    expect(page.get_by_text("not saved")).to_have_count(0)
    told = saved(shop, "rules-ends")
    where = [{"property": "total", "gte": 1}]
    assert told["reentry"] == {"after": "3d", "while_in": "restart"}
    assert told["exit"] == [{"event": "Rules Ordered", "where": where, "as": "goal"}]
    assert told["goal"] == {"event": "Rules Ordered", "within": "3d", "value": "total"}
    quiet = {"from": "22:00", "to": "08:00", "otherwise": "hold"}
    assert told["delivery"] == {"priority": 7, "quiet_hours": quiet, "cap": {"count": 2, "within": "7d"}}


def test_a_part_that_is_not_as_its_fields_have_it_is_json_and_stays_as_it_is(mara: Visit, shop: Installation) -> None:
    page = opened(mara, shop, {**CART, "id": "rules-odd", "name": "Odd"})
    page.get_by_role("tab", name="JSON").click()
    odd = {
        "exit": ["Rules Ordered"],
        "goal": "Rules Ordered",
        "delivery": {"cap": 3},
        "reentry": "3d",
        "entry": {"event": "Rules Added", "where": "price", "if": [1]},
    }
    text = page.get_by_label("The journey as JSON")
    text.fill(json.dumps({**CART, "id": "rules-odd", **odd}))
    page.get_by_role("tab", name="Steps").click()
    for label, told in (
        ("What ends it at once", odd["exit"]),
        ("What people are promised", odd["delivery"]),
        ("Of which only", "price"),
        ("Only of whom", [1]),
    ):
        expect(page.get_by_label(f"{label}, as JSON").first).to_have_value(json.dumps(told, separators=(",", ":")))
    page.get_by_role("textbox", name="Name", exact=True).fill("Odder")
    page.get_by_role("tab", name="JSON").click()
    assert json.loads(text.input_value()) == {**CART, "id": "rules-odd", **odd, "name": "Odder"}
    page.get_by_role("button", name="Drop the changes").click()


def test_an_abandoned_cart_is_written_saved_checked_and_launched_by_keys_alone_from_an_empty_list(mara: Visit, shop: Installation) -> None:
    page = mara.page
    page.route("**/admin/journeys", lambda route: route.fulfill(json={"journeys": []}))
    mara.open("/journeys", "Journeys")
    keys, walk = page.keyboard, mara.walk

    def choose(label: str, letters: str) -> None:
        walk(page.get_by_label(label, exact=True))
        keys.press("ArrowDown")  # opens the list
        keys.type(letters)
        keys.press("Enter")

    walk(page.get_by_role("link", name="New journey"))
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1, name="New journey")).to_be_focused()
    walk(page.get_by_label("Name", exact=True))
    keys.type("Keyed cart")
    walk(page.get_by_label("It begins with the event"))
    keys.type("Rules Added")
    entry = page.get_by_role("group", name="Of which only")
    walk(entry.get_by_role("button", name="+ where"))
    keys.press("Enter")
    expect(entry.get_by_label("Property")).to_be_focused()
    keys.type("price")
    walk(entry.get_by_label("price: how"))
    keys.type("is at least")
    walk(entry.get_by_label("price: value"))
    keys.type("20")
    choose("Add a step before all others", "Wait for")
    expect(step(page, "wait-for")).to_be_focused()
    walk(step(page, "wait-for").get_by_label("Event", exact=True))
    keys.type("Rules Ordered")
    walk(step(page, "wait-for").get_by_label("At most for"))
    keys.type("4h")
    choose("Add a step after wait-for", "Branch")
    expect(step(page, "branch")).to_be_focused()
    walk(step(page, "branch").get_by_label("Add a condition"))
    keys.type("price")
    keys.press("Enter")
    keys.type("100")
    walk(step(page, "message").get_by_label("Title"))
    keys.type("It waits")
    keys.press("Control+s")
    expect(page.get_by_role("heading", level=1, name="Keyed cart")).to_be_focused()
    walk(page.get_by_role("button", name="Launch…"))
    keys.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Launch", exact=True)).to_be_enabled()
    walk(dialog.get_by_role("button", name="Launch", exact=True))
    keys.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("live")
    assert mara.focused() != "BODY"
    page.unroute_all()
    told = saved(shop, "keyed-cart")
    assert told["entry"] == {"event": "Rules Added", "where": [{"property": "price", "gte": 20}]}
    assert told["steps"] == {
        "wait-for": {"wait_for": {"event": "Rules Ordered"}, "within": "4h", "then": "branch", "else": "message"},
        "branch": {"branch": [{"if": {"all": [{"entry": "price", "gte": 100}]}, "then": "message"}], "else": "message"},
        "message": {"message": {"push": {"title": "It waits"}}, "then": None},
    }
    shop.cli("journey", "stop", "keyed-cart")


def test_each_way_in_which_a_journey_begins_has_its_fields_and_content_is_json(mara: Visit, shop: Installation) -> None:
    segment = {"id": "rules-lapsing", "name": "Lapsing", "rule": {"event": "Rules Ordered"}, "refresh": "1h"}
    assert shop.put("segment", segment).returncode == 0
    steps = {"strong": CART["steps"]["strong"]}
    page = opened(mara, shop, {**CART, "id": "rules-ways", "name": "Ways", "start": "strong", "steps": steps})
    way = page.get_by_label("It begins", exact=True)
    way.select_option("segment")
    expect(page.get_by_label("Segment", exact=True)).to_have_attribute("aria-invalid", "true")
    assert "rules-lapsing" in offered(page.get_by_label("Segment", exact=True))
    page.get_by_label("Segment", exact=True).fill("rules-lapsing")
    page.get_by_role("group", name="Only of whom").get_by_label("Add a condition").fill("tier")
    page.keyboard.press("Enter")
    assert mara.flaws() == []
    page.keyboard.press("Control+s")
    expect(page.get_by_text("not saved")).to_have_count(0)
    assert saved(shop, "rules-ways")["entry"] == {"segment": "rules-lapsing", "if": {"all": [{"trait": "tier", "exists": True}]}}
    way.select_option("near")
    page.get_by_role("group", name="Of which only").get_by_role("button", name="+ where").click()
    page.get_by_label("Property").fill("place_id")
    page.keyboard.press("Control+z")
    way.select_option("content")
    expect(page.get_by_label("What begins it, as JSON")).to_have_value('{"content":{}}')
    for _ in range(2):
        page.keyboard.press("Control+z")
    expect(way).to_have_value("segment")
    expect(page.get_by_label("Segment", exact=True)).to_have_value("rules-lapsing")
