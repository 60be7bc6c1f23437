"""Saving what has been checked: a new version, unless it is there already."""

from datetime import timedelta

from regulars.usecases.save_definition import Saved, save_definition
from tests.fakes.clock import MOMENT, MovableClock
from tests.fakes.stores import MemoryDefinitions

BUYERS = {"id": "buyers", "name": "Buyers", "rule": {"event": "Order Completed"}}


def save(definitions: MemoryDefinitions, by: str = "ann", minutes: int = 0, **changes: object) -> Saved:
    clock = MovableClock(MOMENT + timedelta(minutes=minutes))
    return save_definition("segment", "buyers", {**BUYERS, **changes}, by=by, definitions=definitions, clock=clock)


def test_the_first_is_version_1_and_each_change_is_one_more() -> None:
    definitions = MemoryDefinitions()
    assert save(definitions) == Saved("buyers", 1, unchanged=False)
    assert save(definitions, name="Customers") == Saved("buyers", 2, unchanged=False)


def test_what_is_there_already_makes_no_new_version_and_stays_whose_it_was() -> None:
    definitions = MemoryDefinitions()
    save(definitions)
    assert save(definitions, by="bob", minutes=5) == Saved("buyers", 1, unchanged=True)
    assert (definitions.get("segment", "buyers").saved_by, definitions.get("segment", "buyers").saved_at) == ("ann", MOMENT)


def test_the_order_of_keys_is_no_change() -> None:
    definitions = MemoryDefinitions()
    save(definitions)
    turned = dict(reversed(BUYERS.items()))
    assert save_definition("segment", "buyers", turned, by="bob", definitions=definitions, clock=MovableClock()).unchanged


def test_what_an_older_version_said_is_a_change() -> None:
    definitions = MemoryDefinitions()
    save(definitions)
    save(definitions, name="Customers")
    assert save(definitions) == Saved("buyers", 3, unchanged=False)


def test_an_archived_one_is_brought_back_even_by_what_it_said() -> None:
    definitions = MemoryDefinitions()
    save(definitions)
    definitions.archive("segment", "buyers")
    assert save(definitions) == Saved("buyers", 2, unchanged=False)
    assert not definitions.get("segment", "buyers").archived
