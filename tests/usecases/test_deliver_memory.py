"""A shard may be long: what was sent to somebody does not stay in memory once it is recorded."""

import gc
from collections import Counter
from collections.abc import Iterator

import pytest

from regulars.domain.delivery.decision import Ready
from regulars.domain.delivery.outcomes import Settled
from regulars.domain.delivery.recipients import WINDOW
from regulars.ports import Push, PushResult
from regulars.usecases.delivery_journal import Entry
from tests.fakes.services import ScriptedSender
from tests.usecases.delivery_world import World, sent

KEPT = (Entry, Ready, Push, Settled)


@pytest.fixture(autouse=True)
def all_else_is_not_looked_at() -> Iterator[None]:
    """What other tests have left is millions of objects, and is no longer among those that `gc.get_objects` gives."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


def alive() -> Counter[type]:
    return Counter(kind for thing in gc.get_objects() if (kind := type(thing)) in KEPT)


def test_what_is_known_of_recorded_people_is_let_go() -> None:
    world, counted = World(6 * WINDOW), list[Counter[type]]()

    def answer(push: Push, number: int) -> PushResult:
        if number % WINDOW == WINDOW - 1:
            counted.append(alive())
        return sent(push)

    assert world.deliver(ScriptedSender(answer)).sent == 6 * WINDOW
    assert len(counted) == 6
    left = alive()
    for kind in KEPT:
        assert 0 < max(those[kind] for those in counted) <= 2 * WINDOW, "a window that is sent, and one that is begun"
        assert left[kind] <= 1
