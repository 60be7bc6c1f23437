"""Saving a journey: what it says of events that nobody ever sent."""

from typing import Any

import pytest

from regulars.domain.quality.catalog import Catalog, CatalogedEvent
from regulars.domain.quality.catalog_document import KEY, written
from regulars.usecases.put_journey import put_journey
from tests.domain.journeys.documents import example
from tests.fakes.clock import MOMENT, MovableClock
from tests.fakes.stores import MemoryDefinitions, MemoryObjects

LAKE = MemoryObjects({KEY: written(Catalog(MOMENT, (CatalogedEvent("Article Read", "track", 1, MOMENT, MOMENT),)))})


def warned(document: dict[str, Any]) -> dict[str, str]:
    saved = put_journey(document, by="ann", definitions=MemoryDefinitions(), lake=LAKE, clock=MovableClock())
    return {warning.path: warning.message for warning in saved.warnings}


@pytest.mark.parametrize(("event", "paths"), [("Article Read", []), ("Articel Read", ["entry.affinity.event"])])
def test_an_affinity_to_what_nobody_ever_did_is_warned_of_and_saved(event: str, paths: list[str]) -> None:
    news = example("news")
    news["entry"]["affinity"]["event"] = event
    found = {path: said for path, said in warned(news).items() if path.startswith("entry")}
    assert list(found) == paths and all("did you mean `Article Read`?" in said for said in found.values())


def test_a_move_from_what_there_is_not_is_warned_of_and_so_is_who_leaves_by_it() -> None:
    definitions = MemoryDefinitions()

    def put(document: dict[str, Any]) -> dict[str, str]:
        saved = put_journey(document, by="ann", definitions=definitions, lake=LAKE, clock=MovableClock())
        return {warning.path: warning.message for warning in saved.warnings if warning.path.startswith("migrate")}

    cart = example("abandoned-cart")
    assert put(cart) == {}
    assert put({**cart, "name": "Second", "migrate": {"from": [1], "map": {}}}) == {}
    assert "there is no version 99" in put({**cart, "migrate": {"from": [99]}})["migrate.from"]
    steps = {("morning" if name == "day" else name): step for name, step in cart["steps"].items()}
    for name in ("strong", "soft"):
        steps[name] = {**steps[name], "then": "morning"}
    assert put({**cart, "steps": steps, "migrate": {"from": [1], "map": {"day": "morning"}}}) == {}
    found = put({**cart, "steps": steps, "migrate": {"from": [1], "map": {"dya": "morning"}}})
    assert "nobody waits in a step of this name" in found["migrate.map.dya"] and "did you mean `day`?" in found["migrate.map.dya"]
    assert "whoever waits in `day` leaves" in found["migrate.map"]


def test_a_place_that_is_not_on_the_list_is_warned_of() -> None:
    definitions = MemoryDefinitions()
    places = [{"id": "soho", "lat": 51.5, "lon": -0.13}, {"id": "mayfair", "lat": 51.5, "lon": -0.14}]
    definitions.put("places", "shops", {"id": "shops", "places": places}, at=MOMENT, by="ann")
    near = {"places": "shops", "where": [{"property": "place_id", "in": ["soho", "mayfare"]}]}
    document = {**example("welcome"), "entry": {"near": near}}
    saved = put_journey(document, by="ann", definitions=definitions, lake=LAKE, clock=MovableClock())
    said = [each.message for each in saved.warnings if each.path == "entry.near.where[0]"]
    assert said == ["`mayfare` is no place of the list `shops` (did you mean `mayfair`?)"]
