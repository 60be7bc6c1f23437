"""A shard may be long: what was sent to somebody does not stay in memory once it is recorded."""

import gc
from collections import Counter

from regulars.domain.delivery.decision import Ready
from regulars.domain.delivery.outcomes import Settled
from regulars.domain.delivery.recipients import WINDOW
from regulars.ports import Push, PushResult
from regulars.usecases.delivery_journal import Entry
from tests.fakes.services import ScriptedSender
from tests.usecases.delivery_world import World, sent

KEPT = (Entry, Ready, Push, Settled)


def alive() -> Counter[type]:
    return Counter(kind for thing in gc.get_objects() if (kind := type(thing)) in KEPT)


def test_what_is_known_of_recorded_people_is_let_go() -> None:
    world, counted = World(6 * WINDOW), list[Counter[type]]()

    def answer(push: Push, number: int) -> PushResult:
        if number % WINDOW == WINDOW - 1:
            counted.append(alive())
        return sent(push)

    gc.collect()
    before = alive()
    assert world.deliver(ScriptedSender(answer)).sent == 6 * WINDOW
    assert len(counted) == 6
    for kind in KEPT:
        assert 0 < max(those[kind] for those in counted) - before[kind] <= 2 * WINDOW, "a window that is sent, and one that is begun"
        assert alive()[kind] <= before[kind] + 1
