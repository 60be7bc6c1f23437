"""What is in doubt when nobody sends any more: it is in the journal before anybody counts, and nothing is that surely did not happen."""

from collections import Counter

import pytest

from regulars.domain.campaigns.pause import Pause
from regulars.domain.delivery.recipients import WINDOW
from regulars.domain.errors import PushUnavailableError, ShardHeldError, StoreUnavailableError
from regulars.ports import Push, PushResult
from regulars.usecases.deliver import Delivered
from regulars.usecases.settle import settle
from tests.fakes.services import ScriptedSender
from tests.usecases.delivery_world import BLOCK, CrashError, World, crash_after, recipient, sent

UNKNOWN = ("unknown", "interrupted")


def died(world: World, after: int) -> ScriptedSender:
    """A call of deliver that is killed at the message after so many others."""
    sender = crash_after(after)
    with pytest.raises(CrashError):
        world.deliver(sender)
    return sender


@pytest.mark.parametrize("when_unsure", ["skip", "resend"])
def test_whom_a_call_that_died_was_about_to_send_to_is_unknown_and_who_had_not_their_turn_is_not_reached(when_unsure: str) -> None:
    world = World(3 * WINDOW, delivery={"when_unsure": when_unsure})
    died(world, WINDOW + BLOCK)
    assert world.settle() == BLOCK
    assert Counter(world.fates.values()) == {("sent", None): WINDOW + BLOCK, UNKNOWN: BLOCK}


def test_to_settle_again_finds_nothing_more() -> None:
    world = World(3 * WINDOW)
    died(world, WINDOW + 100)
    world.settle()
    before = world.rows
    assert world.settle() == 0
    assert world.rows == before


def test_what_nobody_began_is_not_written_down_however_often_it_is_settled() -> None:
    world = World(2 * WINDOW)
    assert [world.settle(), world.settle(), world.rows] == [0, 0, []]


def test_a_shard_of_which_everything_is_written_down_is_not_even_taken() -> None:
    world = World(9 * WINDOW)
    world.settle()
    assert world.progress.writes == 0
    world.deliver()
    before = world.progress.writes
    world.settle()
    assert world.progress.writes == before


def test_of_a_block_of_which_something_is_recorded_the_rest_alone_is_in_doubt() -> None:
    world = World(10)
    assert not world.deliver(ScriptedSender(lambda push, number: sent(push) if number < 4 else None)).done
    died(world, 2)
    assert world.settle() == 6
    assert Counter(world.fates.values()) == {("sent", None): 4, UNKNOWN: 6}


def test_what_the_deadline_left_was_not_sent() -> None:
    world = World(2 * WINDOW)
    assert not world.deliver(ScriptedSender(lambda push, number: sent(push) if number < 4 else None)).done
    assert world.settle() == 0
    assert Counter(world.fates.values()) == {("sent", None): 4}


def test_who_was_to_be_sent_to_again_and_never_was_is_unknown() -> None:
    world = World(3, delivery={"when_unsure": "resend"})
    world.deliver(ScriptedSender(lambda push, _: sent(push) if push.key else PushResult(push.key, "unknown", "no_answer")))
    assert world.settle() == 1
    assert world.fates == {"h0": UNKNOWN, "h1": ("sent", None), "h2": ("sent", None)}


def test_who_was_to_get_nothing_is_not_in_doubt() -> None:
    world = World(1)
    world.load([recipient("h0", "d0", "t0"), recipient("h1", None), {**recipient("h2", None), "skip_reason": "already_reached"}])
    died(world, 0)
    assert world.settle() == 1
    assert world.fates["h0"] == UNKNOWN
    assert {fate for user, fate in world.fates.items() if user != "h0"} <= {("skipped", "no_device"), ("skipped", "already_reached")}


def test_one_shard_is_settled_beside_another_that_goes_on() -> None:
    world = World(2, shards=2)
    world.load([recipient("h0", "d0", "t0")], [recipient("h1", "d1", "t1")])
    died(world, 0)

    def answer(push: Push, number: int) -> PushResult:
        assert world.settle(0) == 1
        return sent(push)

    assert world.deliver(ScriptedSender(answer), shard=1).sent == 1
    assert world.fates == {"h0": UNKNOWN, "h1": ("sent", None)}


def test_all_shards_are_settled_where_none_is_named() -> None:
    world = World(2, shards=2)
    world.load([recipient("h0", "d0", "t0")], [recipient("h1", "d1", "t1")])
    for shard in (0, 1):
        with pytest.raises(CrashError):
            world.deliver(crash_after(0), shard=shard)
    assert world.settle() == 2
    assert world.fates == {"h0": UNKNOWN, "h1": UNKNOWN}


def test_a_shard_to_which_a_call_is_sending_is_not_settled() -> None:
    world = World(2)

    def answer(push: Push, number: int) -> PushResult:
        with pytest.raises(ShardHeldError):
            world.settle()
        return sent(push)

    world.deliver(ScriptedSender(answer))
    assert world.fates == {"h0": ("sent", None), "h1": ("sent", None)}


def test_what_was_surely_not_sent_before_fcm_went_away_is_not_in_doubt() -> None:
    def away(push: Push, number: int) -> PushResult:
        raise PushUnavailableError("no route")

    world = World(3)
    with pytest.raises(PushUnavailableError):
        world.deliver(ScriptedSender(away))
    assert (world.settle(), world.rows) == (0, [])


def test_without_the_list_of_shards_nobody_is_said_to_be_in_none() -> None:
    world = World(1)
    world.lake.content.clear()
    with pytest.raises(StoreUnavailableError, match="not whole"):
        world.settle()


@pytest.mark.parametrize("execution", [1, 2])
def test_who_is_in_doubt_stays_so_where_the_run_is_paused_or_goes_on_in_a_later_execution(execution: int) -> None:
    world = World(2)
    with pytest.raises(CrashError):
        world.deliver(crash_after(0))
    stored = world.runs.get("spring-1")
    waits = stored.value.paused(Pause(world.clock.now())) if execution == 1 else stored.value.resumed(2, world.clock.now())
    world.runs.put(waits, expected=stored.version)
    settled = settle("spring-1", 0, execution=1, runs=world.runs, progress=world.progress, lake=world.lake, clock=world.clock)
    assert (settled, world.rows) == (0, [])


# ------------------------------------------------------------------------------------------------------- by deliver, of a run that was stopped


def test_a_call_that_comes_after_the_run_was_stopped_settles_and_sends_nothing() -> None:
    world = World(2 * WINDOW)
    died(world, 100)
    world.stop()
    assert world.deliver() == Delivered("spring-1", 1, 0, done=True, stopped=True, unknown=BLOCK)
    assert world.sender.sent == []
    assert world.deliver() == Delivered("spring-1", 1, 0, done=True, stopped=True)


def test_a_call_that_is_stopped_under_way_settles_what_one_before_it_left() -> None:
    world = World(2 * WINDOW)
    died(world, 0)
    world.runs.goes_on = lambda *_: bool(world.stop())  # type: ignore[method-assign]
    assert world.deliver() == Delivered("spring-1", 1, 0, done=True, stopped=True, unknown=BLOCK)
    assert set(world.fates.values()) == {UNKNOWN}
