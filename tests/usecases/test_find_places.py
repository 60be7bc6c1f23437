"""Which places a telephone is told of, as lists come and go."""

from datetime import UTC, datetime
from typing import Any

import pytest

from regulars.domain.errors import InvalidPlacesError, StoreUnavailableError
from regulars.usecases.archive_definition import archive_definition
from regulars.usecases.find_places import MAX_AGE, CurrentPlaces
from regulars.usecases.put_places import put_places
from tests.fakes.clock import MovableClock
from tests.fakes.stores import MemoryDefinitions

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)
SOHO = {"id": "soho", "lat": 51.513, "lon": -0.131}


class World:
    def __init__(self) -> None:
        self.definitions, self.clock = MemoryDefinitions(), MovableClock(NOW)
        self.current = CurrentPlaces(self.definitions, self.clock)

    def put(self, list_id: str, *places: dict[str, Any]) -> None:
        put_places({"id": list_id, "places": list(places)}, by="ada", definitions=self.definitions, clock=self.clock)

    def told(self) -> list[str]:
        self.clock.advance(MAX_AGE)
        return [f"{each.list_id}/{each.id}" for each in self.current()]


def test_the_newest_version_of_every_list_counts_until_it_is_archived() -> None:
    world = World()
    assert world.told() == []
    world.put("shops", SOHO)
    world.put("depots", {**SOHO, "id": "east"})
    assert world.told() == ["depots/east", "shops/soho"]
    world.put("shops", {**SOHO, "id": "bank"})
    archive_definition("places", "depots", definitions=world.definitions)
    assert world.told() == ["shops/bank"]


def test_a_list_that_is_none_is_not_kept() -> None:
    world = World()
    with pytest.raises(InvalidPlacesError):
        world.put("shops", {"id": "soho"})
    assert world.told() == []


def test_a_store_that_fails_leaves_the_places_of_before(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    world.put("shops", SOHO)
    assert world.told() == ["shops/soho"]

    def fail(kind: str) -> Any:
        raise StoreUnavailableError("it is a test")

    monkeypatch.setattr(world.definitions, "all", fail)
    assert world.told() == ["shops/soho"]
    with pytest.raises(StoreUnavailableError):
        CurrentPlaces(world.definitions, world.clock)()
