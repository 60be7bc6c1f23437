"""A run that is paused or told to end: each call of `deliver` hears of it within a second and begins nobody else, whatever its execution does."""

from contextlib import suppress
from datetime import timedelta

import pytest

from regulars.domain.campaigns.control import paused
from regulars.domain.delivery.recipients import WINDOW
from regulars.domain.errors import PushConfigurationError, StoreUnavailableError
from regulars.ports import Push, PushResult
from regulars.usecases.deliver import Delivered
from regulars.usecases.delivery_pass import ASK_EVERY
from tests.fakes.services import ScriptedSender
from tests.usecases.delivery_world import BLOCK, CrashError, World, crash_after, recipient, sent


def pause(world: World) -> None:
    stored = world.runs.get("spring-1")
    world.runs.put(paused(stored.value, "ina", world.clock.now()), expected=stored.version)


def resume(world: World) -> None:
    stored = world.runs.get("spring-1")
    world.runs.put(stored.value.resumed(1, world.clock.now()), expected=stored.version)


def slow(world: World, count: int, happens: str) -> ScriptedSender:
    """A tenth of a second goes by with each message. While it sends the one after `count` others, somebody pauses or stops the run."""

    def answer(push: Push, number: int) -> PushResult:
        if number == count:
            pause(world) if happens == "paused" else world.stop()
        world.clock.advance(timedelta(seconds=0.1))  # type: ignore[attr-defined]
        return sent(push)

    return ScriptedSender(answer)


@pytest.mark.parametrize("happens", ["paused", "stopped"])
def test_a_call_under_way_begins_nothing_more_within_a_second_and_gives_back_what_it_had_claimed(happens: str) -> None:
    world = World(4 * WINDOW)
    told = world.deliver(slow(world, 120, happens))
    assert (told.done, told.left, told.stopped) == (True, happens == "paused", happens == "stopped")
    assert 120 < told.sent <= 120 + 11
    assert list(world.fates.values()) == [("sent", None)] * told.sent
    assert not world.progress.get("spring-1", 0).value.at_risk


def test_the_run_is_asked_once_a_second_whatever_the_rate_is() -> None:
    world, asked = World(2 * WINDOW), list[bool]()
    goes_on = world.runs.goes_on
    world.runs.goes_on = lambda *run: asked.append(True) or goes_on(*run)  # type: ignore[func-returns-value, method-assign]
    world.deliver(slow(world, -1, ""))
    assert len(asked) - 1 == pytest.approx(0.1 * 2 * WINDOW / ASK_EVERY.total_seconds(), rel=0.02)


def test_what_was_stopped_stays_so_for_whoever_calls_again() -> None:
    world = World(3 * WINDOW)
    world.deliver(slow(world, 0, "stopped"))
    assert world.deliver() == Delivered("spring-1", 1, 0, done=True, stopped=True)
    assert world.sender.sent == []


def test_a_run_that_is_resumed_reaches_everybody_who_is_left_and_nobody_twice() -> None:
    world = World(2 * WINDOW)
    before = slow(world, 130, "paused")
    world.deliver(before)
    assert world.deliver() == Delivered("spring-1", 1, 0, done=True, left=True)
    resume(world)
    assert world.deliver().done
    assert sorted([*before.tokens, *world.sender.tokens]) == sorted(f"t{n}" for n in range(2 * WINDOW))
    assert set(world.fates.values()) == {("sent", None)}


def test_a_pause_that_is_over_before_the_call_has_heard_all_of_it_is_none() -> None:
    world = World(WINDOW)
    goes_on = world.runs.goes_on

    def resumed_after(run_id: str, execution: int | None = None) -> bool:
        found = goes_on(run_id, execution)
        if not found:
            resume(world)
        return found

    world.runs.goes_on = resumed_after  # type: ignore[method-assign]
    first = world.deliver(slow(world, 20, "paused"))
    assert (first.done, first.left) == (False, False)
    assert world.deliver().done
    assert len(world.fates) == WINDOW


def test_a_call_of_an_execution_that_is_not_the_newest_leaves_the_shard_to_that() -> None:
    world = World(WINDOW)

    def resumed_elsewhere(push: Push, number: int) -> PushResult:
        if number == 20:
            stored = world.runs.get("spring-1")
            world.runs.put(stored.value.resumed(2, world.clock.now()), expected=stored.version)
        world.clock.advance(timedelta(seconds=0.1))  # type: ignore[attr-defined]
        return sent(push)

    before = ScriptedSender(resumed_elsewhere)
    told = world.deliver(before)
    assert (told.done, told.left, told.sent < 35) == (True, True, True)
    assert world.deliver(execution=1) == Delivered("spring-1", 1, 0, done=True, left=True)
    assert world.deliver().done
    assert sorted([*before.tokens, *world.sender.tokens]) == sorted(f"t{n}" for n in range(WINDOW))


@pytest.mark.parametrize(("when_unsure", "again"), [("skip", 0), ("resend", BLOCK)])
def test_who_is_in_doubt_when_a_run_is_paused_is_so_until_it_goes_on(when_unsure: str, again: int) -> None:
    world = World(2 * BLOCK, delivery={"when_unsure": when_unsure})
    with suppress(CrashError):
        world.deliver(crash_after(BLOCK - 1))
    pause(world)
    assert world.deliver() == Delivered("spring-1", 1, 0, done=True, left=True)
    assert world.rows == []
    resume(world)
    told = world.deliver()
    assert (told.sent, told.unknown) == (BLOCK + again, BLOCK - again)


def test_a_pause_is_no_setback_of_the_shard() -> None:
    world = World(2)
    world.runs.goes_on = lambda *_: bool(pause(world))  # type: ignore[func-returns-value, method-assign]
    assert world.deliver() == Delivered("spring-1", 1, 0, done=True, left=True)
    assert world.progress.get("spring-1", 0).value.setbacks == 0


def test_a_shard_whose_last_recipient_was_under_way_is_whole() -> None:
    world = World(5)
    assert world.deliver(slow(world, 4, "paused")) == Delivered("spring-1", 1, 0, done=True, sent=5)


def test_refused_credentials_of_one_shard_pause_another_that_is_under_way() -> None:
    world = World(2 * WINDOW, shards=2)
    everybody = [recipient(f"h{number}", f"d{number}", f"t{number}") for number in range(2 * WINDOW)]
    world.load(everybody, everybody[:1])

    def answer(push: Push, number: int) -> PushResult:
        if number == 3:
            assert world.deliver(ScriptedSender(refuse), shard=1).left
        world.clock.advance(timedelta(seconds=0.1))  # type: ignore[attr-defined]
        return sent(push)

    def refuse(push: Push, number: int) -> PushResult:
        raise PushConfigurationError("the service account has no permission")

    assert world.deliver(ScriptedSender(answer)).left
    run = world.runs.get("spring-1").value
    assert run.error is not None and (run.state, run.error.code) == ("paused", "push_configuration")


def test_credentials_that_were_refused_before_somebody_resumed_the_run_pause_it_no_more() -> None:
    world = World(3)

    def refuse(push: Push, number: int) -> PushResult:
        world.clock.advance(timedelta(seconds=0.1))  # type: ignore[attr-defined]
        resume(world)
        raise PushConfigurationError("as they were")

    assert not world.deliver(ScriptedSender(refuse)).done
    assert world.deliver().sent == 3


def test_credentials_that_are_refused_again_and_again_cost_no_shard() -> None:
    """A secret that is no service account is found when the session is opened: the shard is given back, and not lost as if calls had died."""
    world = World(3)

    class Unreadable(ScriptedSender):
        def open(self, **_: object):  # type: ignore[no-untyped-def, override]
            raise PushConfigurationError("is not JSON")

    for _ in range(10):
        assert world.deliver(Unreadable()).left
        resume(world)
    assert world.deliver().sent == 3


def test_where_nobody_can_say_whether_the_run_goes_on_nothing_is_begun() -> None:
    world = World(3)

    def away(run_id: str, execution: int | None = None) -> bool:
        raise StoreUnavailableError("the table of runs is away")

    world.runs.goes_on = away  # type: ignore[method-assign]
    with pytest.raises(StoreUnavailableError):
        world.deliver()
    assert (world.sender.sent, world.rows) == ([], [])
