"""A shard may be long: what is settled and recorded does not stay in memory."""

import gc

from regulars.domain.delivery.outcomes import Settled
from regulars.domain.delivery.recipients import WINDOW
from regulars.ports import Push, PushResult
from tests.fakes.services import ScriptedSender
from tests.usecases.delivery_world import World, sent


def alive() -> int:
    return sum(isinstance(thing, Settled) for thing in gc.get_objects())


def test_rows_of_closed_windows_are_let_go() -> None:
    world, counted = World(10 * WINDOW), list[int]()

    def answer(push: Push, number: int) -> PushResult:
        if number % 250 == 249:
            counted.append(alive())
        return sent(push)

    gc.collect()
    before = alive()
    assert world.deliver(ScriptedSender(answer)).sent == 10 * WINDOW
    assert len(counted) == 20
    assert 0 < max(counted) - before <= WINDOW, "one window was open at a time"
    assert alive() == before
