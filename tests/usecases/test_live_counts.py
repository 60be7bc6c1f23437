"""How far a run is while it is under way: the balance holds at every moment, and each person counts by the best of their devices."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from regulars.domain.campaigns.counts import Counts
from regulars.domain.campaigns.pause import Pause
from regulars.domain.campaigns.run import RunSummary
from regulars.domain.delivery.recipients import WINDOW
from regulars.ports import Push, PushResult
from regulars.usecases.live_counts import live_counts
from tests.fakes.services import ScriptedSender
from tests.usecases.delivery_world import BLOCK, CrashError, World, crash_after, recipient, sent


def sized(people: int, **campaign: object) -> World:
    """A run of which the people are counted, and 2 more who are held back."""
    world = World(people, **campaign)
    stored = world.runs.get("spring-1")
    world.runs.put(stored.value.sized(Counts(people + 2, 2, people, skipped={"not_reached": people}), 0), expected=stored.version)
    return world


def told(world: World) -> RunSummary:
    found = live_counts(world.runs.get("spring-1").value, progress=world.progress, lake=world.lake, clock=world.clock)
    counts = found.counts
    assert counts.audience == counts.control + counts.treated
    assert counts.treated == counts.sent + counts.unknown + sum(counts.failed.values()) + sum(counts.skipped.values())
    return found


def test_before_anybody_is_sent_to_all_are_not_reached() -> None:
    counts = told(sized(5)).counts
    assert (counts.audience, counts.sent, counts.skipped) == (7, 0, {"not_reached": 5})


def test_while_a_call_sends_its_people_are_counted_by_the_block() -> None:
    world, seen = sized(3 * WINDOW), []

    def answer(push: Push, number: int) -> PushResult:
        seen.append(told(world).counts.sent)
        return sent(push)

    world.deliver(ScriptedSender(answer))
    assert seen == sorted(seen)
    assert all(number - BLOCK * 2 <= known <= number for number, known in enumerate(seen))
    assert told(world).counts == Counts(3 * WINDOW + 2, 2, 3 * WINDOW, 3 * WINDOW, pushes=3 * WINDOW)


def test_somebody_with_two_devices_counts_once_by_the_better_one() -> None:
    world = sized(2)
    world.register("h0", d0="t0", d9="t9")
    world.load([recipient("h0", "d0", "t0"), recipient("h1", "d1", "t1"), recipient("h0", "d9", "t9")])
    world.deliver(ScriptedSender(lambda push, number: PushResult(push.key, "failed", "refused") if number == 0 else sent(push)))
    assert told(world).counts == Counts(4, 2, 2, 2, pushes=2)


def test_after_a_call_that_died_what_it_wrote_down_still_counts_and_nothing_counts_twice() -> None:
    world = sized(3 * WINDOW)
    with pytest.raises(CrashError):
        world.deliver(crash_after(WINDOW + BLOCK))
    died = told(world).counts
    assert WINDOW <= died.sent <= WINDOW + BLOCK
    world.deliver()
    ended = told(world).counts
    assert (ended.sent, ended.unknown, ended.not_reached) == (3 * WINDOW - BLOCK, BLOCK, 0)


def test_nobody_is_at_work_on_a_shard_that_was_given_back() -> None:
    world = sized(WINDOW)
    world.deliver(ScriptedSender(lambda push, number: sent(push) if number < 4 else None))
    found = told(world)
    assert (found.counts.sent, found.per_second, found.seconds_left) == (4, 0, None)


def test_how_fast_it_goes_and_how_long_it_takes_are_told_while_a_call_lives() -> None:
    world = sized(3 * WINDOW)
    seen: list[RunSummary] = []

    def answer(push: Push, number: int) -> PushResult:
        world.clock.advance(timedelta(seconds=0.01))  # type: ignore[attr-defined]
        seen.append(told(world))
        return sent(push)

    world.deliver(ScriptedSender(answer))
    late = seen[-1]
    assert late.per_second == pytest.approx(100, rel=0.15)
    assert late.seconds_left == pytest.approx(late.counts.not_reached / late.per_second)


def test_of_a_run_that_has_ended_or_has_no_shards_yet_the_record_says_it() -> None:
    world = sized(3)
    world.deliver()
    run = world.runs.get("spring-1").value
    for one in (replace(run, state="failed"), replace(run, manifest="")):
        assert live_counts(one, progress=world.progress, lake=world.lake, clock=world.clock) == one.summary


def test_of_whoever_is_held_back_it_is_told_how_many_they_are_and_until_when() -> None:
    world = sized(6, delivery={"quiet_hours": {"from": "21:00", "to": "08:00"}})
    for number in range(3):
        device = world.devices.stored[f"d{number}"]
        kept = replace(device.value, use=replace(device.value.use, timezone="America/Los_Angeles"))
        world.devices.stored[f"d{number}"] = replace(device, value=kept)
    world.deliver()
    found, until = told(world), datetime(2026, 11, 22, 8, tzinfo=UTC)
    assert (found.counts.sent, found.counts.not_reached, found.held, found.held_until) == (3, 3, 3, until)
    assert found.seconds_left == (until - world.clock.now()).total_seconds()
    world.clock.moment = until  # type: ignore[attr-defined]
    world.deliver()
    assert (told(world).counts.sent, told(world).held) == (6, 0)


def test_whose_hour_has_come_waits_no_more_and_of_a_paused_run_nobody_says_how_long_it_takes() -> None:
    world = sized(1, delivery={"quiet_hours": {"from": "21:00", "to": "08:00"}})
    world.deliver()
    assert told(world).held == 1
    stored = world.runs.get("spring-1")
    world.runs.put(stored.value.paused(Pause(world.clock.now(), "ann")), expected=stored.version)
    assert (told(world).held, told(world).seconds_left) == (1, None)
    world.clock.moment = datetime(2026, 11, 22, 10, tzinfo=UTC)  # type: ignore[attr-defined]
    assert (told(world).held, told(world).held_until) == (0, None)
