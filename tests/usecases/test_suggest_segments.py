"""Which ready-made segments a shop's events allow."""

from regulars.domain.quality.catalog import Catalog, CatalogedEvent, CatalogedProperty
from regulars.domain.quality.catalog_document import KEY, written
from regulars.domain.segments.lifecycle import ShopNames
from regulars.usecases.suggest_segments import Suggestions, suggest_segments
from tests.fakes.clock import MOMENT
from tests.fakes.stores import MemoryDefinitions, MemoryObjects


def catalog(**events: list[str]) -> MemoryObjects:
    lake = MemoryObjects()
    sent = [
        CatalogedEvent(name, "track", 5, MOMENT, MOMENT, (), {path: CatalogedProperty(path, {"number": 5}) for path in paths})
        for name, paths in events.items()
    ]
    lake.put(KEY, written(Catalog(MOMENT, tuple(sent))))
    return lake


def suggest(lake: MemoryObjects, definitions: MemoryDefinitions | None = None, given: ShopNames | None = None) -> Suggestions:
    return suggest_segments(given or ShopNames(), definitions=definitions or MemoryDefinitions(), lake=lake)


def test_what_is_taken_for_what_is_told_with_whether_it_was_sent() -> None:
    found = suggest(catalog(order_completed=["total"]), given=ShopNames(cart="Basket Filled"))
    names = {each.role: (each.name, each.sent) for each in found.names if each.name}
    assert names == {"purchase": ("order_completed", True), "revenue": ("total", True), "cart": ("Basket Filled", False)}
    assert [each.id for each in found.left_out] == ["signed-up-never-bought", "returning-visitors", "commenters-and-likers"]


def test_what_the_settings_call_a_purchase_is_one_unless_somebody_says_otherwise() -> None:
    definitions, lake = MemoryDefinitions(), catalog(order_completed=["total"])
    definitions.put("settings", "settings", {"id": "settings", "purchase": {"event": "Ticket Sold", "value": "fare"}}, at=MOMENT, by="ann")
    for given, expected in ((ShopNames(), ("Ticket Sold", "fare")), (ShopNames(purchase="order_completed"), ("order_completed", "total"))):
        names = {each.role: each.name for each in suggest(lake, definitions, given).names}
        assert (names["purchase"], names["revenue"]) == expected


def test_without_a_catalog_all_is_left_out() -> None:
    found = suggest(MemoryObjects())
    assert (found.segments, len(found.left_out)) == ([], 13)


def test_what_is_there_already_is_told_from_what_somebody_changed() -> None:
    definitions, lake = MemoryDefinitions(), catalog(order_completed=["total"])
    documents = {each.id: each.document for each in suggest(lake).segments}
    for document in (documents["at-risk"], {**documents["won-back"], "name": "Back again"}):
        definitions.put("segment", document["id"], document, at=MOMENT, by="ann")
    found = {each.id: each for each in suggest(lake, definitions).segments}
    assert {each.id: each.standing for each in found.values() if each.standing != "new"} == {"at-risk": "unchanged", "won-back": "yours"}
    assert found["won-back"].changes == ["name: Back again -> Won back"]


def test_what_was_written_for_other_names_is_renamed() -> None:
    definitions, lake = MemoryDefinitions(), catalog(order_completed=["total"])
    for each in suggest(lake, given=ShopNames(purchase="Bought", revenue="paid")).segments:
        definitions.put("segment", each.id, each.document, at=MOMENT, by="ann")
    found = suggest(lake, definitions).segments
    assert {each.standing for each in found} == {"renamed"}
    assert found[0].changes == ["rule.not.event: Bought -> order_completed"]
