"""What beats only while a journey runs, and the timers of what is due soon."""

from datetime import timedelta
from typing import Any

import pytest

from regulars.domain.documents import JsonObject
from regulars.domain.errors import ConflictError, QueueUnavailableError, RunnerUnavailableError
from regulars.domain.journeys.inputs import Due
from regulars.ports import WebhookAnswer
from regulars.usecases.wake import SETTLED
from tests.usecases.journey_world import NOW, JourneyWorld


def waiting(how_long: str) -> JsonObject:
    steps = {"rest": {"wait": how_long, "then": "hello"}, "hello": {"message": {"push": {"title": "Hello"}}, "then": None}}
    return {"id": "rest", "entry": {"event": "Signed Up"}, "start": "rest", "steps": steps}


@pytest.fixture
def world() -> JourneyWorld:
    world = JourneyWorld()
    world.knows("ann", device="a")
    return world


def test_a_launch_has_a_sweep_made_which_begins_the_heartbeat(world: JourneyWorld) -> None:
    world.launch("patient")
    world.launch("patient")  # again: whoever launches once more because the first did not come through is heard
    assert world.waker.starts == 2
    world.woken()
    assert world.heartbeat.beats


def test_a_launch_that_begins_nothing_is_told_and_may_be_made_again(world: JourneyWorld) -> None:
    world.waker.refuses = RunnerUnavailableError("Lambda is away")
    with pytest.raises(RunnerUnavailableError):
        world.launch("patient")
    world.waker.refuses = None
    world.launch("patient")
    assert world.waker.starts == 1


def test_when_nothing_runs_any_more_and_everybody_is_out_it_ends(world: JourneyWorld) -> None:
    world.launch("patient")
    world.launch("welcome")
    world.happens("ann", "Signed Up")
    world.stop("patient")
    world.sweep(later=SETTLED * 2)
    assert world.heartbeat.beats  # for the other one
    world.stop("welcome")
    world.sweep()
    assert world.heartbeat.beats  # what is under way comes yet
    world.clock.advance(SETTLED * 2)
    assert world.woken().ended
    assert not world.heartbeat.beats
    assert not world.journeys.wakes


def test_somebody_who_is_still_inside_keeps_it_going(world: JourneyWorld) -> None:
    world.launch("patient")
    world.happens("ann", "Signed Up")
    world.stop("patient")
    world.woken()
    world.clock.advance(SETTLED * 2)
    for _ in range(2):  # the worker is away: whoever is found goes on being found
        woken = world.woken()
        assert (woken.sent, woken.ended, world.heartbeat.beats) == (1, False, True)


def test_a_launch_in_the_moment_in_which_it_ends_is_seen(world: JourneyWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    world.launch("patient")
    world.stop("patient")
    world.clock.advance(SETTLED * 2)
    end = world.heartbeat.end

    def ended_and_launched() -> None:
        world.launch("welcome")
        end()

    monkeypatch.setattr(world.heartbeat, "end", ended_and_launched)
    assert not world.woken().ended
    assert world.heartbeat.beats


def test_what_is_put_off_of_a_stopped_journey_is_given_up_now(world: JourneyWorld) -> None:
    hook = "https://example.com/hook"
    world.launch(
        {"id": "calls", "entry": {"event": "Signed Up"}, "start": "call", "steps": {"call": {"webhook": {"url": hook, "body": {}}, "then": None}}}
    )
    world.webhooks.answers[hook] = WebhookAnswer(503, taken=False, final=False, because="", retry_after=timedelta(hours=2))
    world.happens("ann", "Signed Up")
    world.stop("calls")
    world.sweep()
    assert (len(world.webhooks.calls), world.journeys.errands) == (1, {})
    assert "Webhook Failed" in world.names("ann")


def test_what_is_due_soon_has_a_timer_and_what_is_due_later_waits_for_the_sweep(world: JourneyWorld) -> None:
    world.launch(waiting("5m"))
    world.launch({**waiting("1h"), "id": "long"})
    world.happens("ann", "Signed Up")
    assert world.timers.told == [Due("ann", "rest", "", NOW + timedelta(minutes=5))]
    world.clock.advance(timedelta(minutes=5, seconds=1))
    world.work(world.timers.told)
    assert len(world.sender.sent) == 1
    world.sweep(later=timedelta(minutes=5))
    assert len(world.sender.sent) == 1


def test_a_webhook_that_is_called_again_soon_has_a_timer_and_what_a_pause_holds_none(world: JourneyWorld) -> None:
    hook = "https://example.com/hook"
    steps = {"call": {"webhook": {"url": hook, "body": {}}, "then": "hello"}, "hello": {"message": {"push": {"title": "Hello"}}, "then": None}}
    world.launch({"id": "calls", "entry": {"event": "Signed Up"}, "start": "call", "steps": steps})
    world.pause("calls")
    world.happens("ann", "Signed Up")
    assert (world.timers.told, len(world.journeys.errands)) == ([], 2)
    world.resume("calls")
    world.webhooks.answers[hook] = WebhookAnswer(503, taken=False, final=False, because="", retry_after=timedelta(0))
    world.sweep()
    assert len(world.timers.told) == 1
    world.webhooks.answers.clear()
    world.clock.advance(timedelta(seconds=31))
    world.work(world.timers.told)
    assert len(world.webhooks.calls) == 2


def test_a_timer_that_cannot_be_set_costs_nobody_anything(world: JourneyWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    world.launch(waiting("5m"))

    def refuses(_: object) -> None:
        raise QueueUnavailableError("it is a test")

    monkeypatch.setattr(world.timers, "tell", refuses)
    done = world.happens("ann", "Signed Up")
    assert (done.entered, done.undone, done.untimed) == (1, [], "it is a test")
    world.sweep(later=timedelta(minutes=5))
    assert len(world.sender.sent) == 1


def test_two_who_launch_different_journeys_at_one_moment_are_both_heard(world: JourneyWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    put = world.registry.put

    def interrupted(*given: Any, **named: Any) -> None:
        monkeypatch.setattr(world.registry, "put", put)
        world.launch("welcome")
        put(*given, **named)

    monkeypatch.setattr(world.registry, "put", interrupted)
    world.launch("patient")
    assert {each.journey_id for each in world.registry.get().value.journeys.values()} == {"welcome", "patient"}


def test_whoever_never_comes_first_is_told_to_try_again(world: JourneyWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(*_: Any, **__: Any) -> None:
        raise ConflictError("another write came first")

    monkeypatch.setattr(world.registry, "put", refuses)
    with pytest.raises(ConflictError, match="try again"):
        world.launch("patient")
    assert world.waker.starts == 0
