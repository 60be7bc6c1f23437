"""Which tracking plans are in force: read seldom, parsed once, and not forgotten while the store fails."""

from datetime import UTC, datetime

import pytest

from regulars.domain.errors import StoreUnavailableError
from regulars.usecases.current_plans import MAX_AGE, CurrentPlans
from regulars.usecases.put_plan import put_plan
from tests.fakes.clock import MovableClock
from tests.fakes.stores import MemoryDefinitions, MemorySources

PLAN = {"id": "shop", "name": "Shop", "track": {"X": {"schema": {"type": "object"}}}}


class Watched(MemoryDefinitions):
    reads = 0
    failing = False

    def all(self, kind):  # type: ignore[no-untyped-def]
        self.reads += 1
        if self.failing:
            raise StoreUnavailableError("away")
        return super().all(kind)


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(datetime(2026, 11, 21, tzinfo=UTC))


def test_a_plan_is_in_force_soon_after_it_was_put_and_until_it_is_archived(clock: MovableClock) -> None:
    definitions = Watched()
    current = CurrentPlans(definitions, clock)
    assert list(current()) == []
    put_plan(PLAN, by="me", definitions=definitions, sources=MemorySources(), clock=clock)
    assert list(current()) == [] and definitions.reads == 1
    clock.advance(MAX_AGE)
    (plan,) = current()
    assert plan.id == "shop"
    clock.advance(MAX_AGE)
    assert current()[0] is plan
    definitions.archive("plan", "shop")
    clock.advance(MAX_AGE)
    assert list(current()) == []


def test_a_store_that_fails_leaves_the_plans_of_before_in_force(clock: MovableClock) -> None:
    definitions = Watched()
    current = CurrentPlans(definitions, clock)
    definitions.failing = True
    with pytest.raises(StoreUnavailableError):
        current()
    definitions.failing = False
    put_plan(PLAN, by="me", definitions=definitions, sources=MemorySources(), clock=clock)
    assert len(current()) == 1
    definitions.failing = True
    clock.advance(MAX_AGE)
    assert len(current()) == 1


def test_a_plan_that_can_no_longer_be_read_lets_events_pass(clock: MovableClock) -> None:
    definitions = Watched()
    definitions.put("plan", "old", {"id": "old", "track": {"X": {"schema": {"type": "nmber"}}}}, at=clock.now(), by="me")
    put_plan(PLAN, by="me", definitions=definitions, sources=MemorySources(), clock=clock)
    assert [plan.id for plan in CurrentPlans(definitions, clock)()] == ["shop"]
