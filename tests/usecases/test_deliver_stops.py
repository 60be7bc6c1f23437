"""A run that does not go on: no call of `deliver` begins another window, whatever became of the execution that called it."""

from contextlib import suppress

from regulars.domain.campaigns.run import RunError
from regulars.domain.delivery.recipients import WINDOW
from regulars.domain.errors import PushConfigurationError, StoreUnavailableError
from regulars.ports import Push, PushResult
from regulars.usecases.deliver import Delivered
from tests.fakes.services import ScriptedSender
from tests.usecases.delivery_world import World, recipient, sent

STOPPED = RunError("aborted", "by hand")


def stopping_at(world: World, count: int) -> ScriptedSender:
    """While it sends the message after `count` others, somebody stops the run."""

    def answer(push: Push, number: int) -> PushResult:
        if number == count:
            stored = world.runs.get("spring-1")
            world.runs.put(stored.value.stopped(STOPPED, world.clock.now()), expected=stored.version)
        return sent(push)

    return ScriptedSender(answer)


def test_a_call_under_way_ends_its_window_and_begins_no_other() -> None:
    world = World(4 * WINDOW)
    assert world.deliver(stopping_at(world, WINDOW + 10)) == Delivered("spring-1", 0, done=True, stopped=True, sent=2 * WINDOW)
    assert list(world.fates.values()) == [("sent", None)] * (2 * WINDOW)


def test_what_was_stopped_stays_so_for_whoever_calls_again() -> None:
    world = World(3 * WINDOW)
    world.deliver(stopping_at(world, 0))
    assert world.deliver() == Delivered("spring-1", 0, done=True, stopped=True)
    assert world.sender.sent == []


def test_a_shard_whose_last_window_was_under_way_is_whole() -> None:
    world = World(WINDOW)
    assert world.deliver(stopping_at(world, 5)) == Delivered("spring-1", 0, done=True, sent=WINDOW)


def test_refused_credentials_of_one_shard_stop_another_that_is_under_way() -> None:
    world = World(2 * WINDOW, shards=2)
    everybody = [recipient(f"h{number}", f"d{number}", f"t{number}") for number in range(2 * WINDOW)]
    world.load(everybody, everybody[:1])

    def answer(push: Push, number: int) -> PushResult:
        if number == 3:
            with suppress(PushConfigurationError):
                world.deliver(ScriptedSender(refuse), shard=1)
        return sent(push)

    def refuse(push: Push, number: int) -> PushResult:
        raise PushConfigurationError("the service account has no permission")

    assert world.deliver(ScriptedSender(answer)).stopped
    error = world.runs.get("spring-1").value.error
    assert error is not None and error.code == "push_configuration"


def test_where_nobody_can_say_whether_the_run_goes_on_nothing_is_begun() -> None:
    world = World(3)

    def away(run_id: str) -> bool:
        raise StoreUnavailableError("the table of runs is away")

    world.runs.goes_on = away  # type: ignore[method-assign]
    try:
        world.deliver()
    except StoreUnavailableError:
        assert (world.sender.sent, world.rows) == ([], [])
    else:
        raise AssertionError("it went on")
