"""Saving a tracking plan."""

from datetime import UTC, datetime

from regulars.domain.collection.source import Source
from regulars.domain.definitions import PutWarning
from regulars.usecases.put_plan import put_plan
from tests.fakes.clock import MovableClock
from tests.fakes.stores import MemoryDefinitions, MemorySources

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_sources_that_nobody_has_created_are_a_warning() -> None:
    plan = {"id": "shop", "name": "Shop", "sources": ["shop-app", "import", "shopp-web"], "track": {"X": {"schema": {}}}}
    sources = MemorySources(*(Source.created(name, digit * 64, at=NOON) for name, digit in (("shop-app", "0"), ("shop-web", "1"))))
    saved = put_plan(plan, by="me", definitions=MemoryDefinitions(), sources=sources, clock=MovableClock())
    assert saved.warnings == [PutWarning("sources[2]", "there is no source `shopp-web` (did you mean `shop-web`?)")]
