"""What happens to the calls of a run, at moments that are drawn."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from functools import partial
from random import Random
from threading import Event
from typing import Final

from regulars.domain.delivery.progress import LEASE
from tests.delivery_matrix.calls import Killed, Life, die
from tests.delivery_matrix.execution import Execution
from tests.delivery_matrix.platform import Platform

KILLS: Final = 3
PEOPLE_PER_STEP: Final = 25
"""About so many are sent to by each thing that a call does, so that what happens may happen at any of them."""


def nothing(platform: Platform, draw: Random) -> None:
    """Nothing."""
    assert Execution(platform).run()


def killed(platform: Platform, draw: Random) -> None:
    """Three calls are killed, each at a drawn moment."""
    assert Execution(platform, [Life(_moment(platform, draw), die) for _ in range(KILLS)]).run()


def frozen(platform: Platform, draw: Random) -> None:
    """A call sleeps over its lease, and goes on after another one has sent; twice."""

    def sleep() -> None:
        platform.clock.passes(LEASE + timedelta(seconds=1))
        platform.deliver(Life(), left=timedelta(seconds=0.1))

    assert Execution(platform, [Life(_moment(platform, draw), sleep) for _ in range(2)]).run()


def twice(platform: Platform, draw: Random) -> None:
    """Two executions of the run at once."""
    platform.clock.joined(1)
    with ThreadPoolExecutor(2) as threads:
        for running in [threads.submit(_to_the_end, Execution(platform), platform) for _ in range(2)]:
            assert running.result()
    platform.clock.joined(1)


def restarted(platform: Platform, draw: Random) -> None:
    """The execution is stopped, its call goes on, and another execution of the run is started."""
    begun = Event()
    platform.clock.joined(1)
    with ThreadPoolExecutor(1) as threads:
        going_on = threads.submit(platform.deliver, Life(_moment(platform, draw), begun.set))
        going_on.add_done_callback(lambda _: platform.clock.joined(-1))
        begun.wait(5)
        assert Execution(platform).run()
        going_on.result()


def given_up(platform: Platform, draw: Random) -> None:
    """The stores fail until the shard is given up; the campaign is launched again."""
    failing = Life(_moment(platform, draw), partial(platform.lose_stores, lost=True))
    assert not Execution(platform, [failing], given_up=partial(platform.lose_stores, lost=False)).run()
    platform.stop("unfinished")
    platform.launch()
    assert Execution(platform).run()


def stopped(platform: Platform, draw: Random) -> None:
    """Somebody stops the run while a call sends; the campaign is launched again."""
    assert Execution(platform, [Life(_moment(platform, draw), partial(platform.stop, "aborted"))]).run()
    platform.stop("aborted")
    platform.launch()
    assert Execution(platform).run()


def process_killed(platform: Platform, draw: Random) -> None:
    """The process of a call is killed by a signal while it sends."""
    with suppress(Killed):
        platform.deliver_in_a_process(kill_at=draw.randint(8, 12), after=draw.uniform(0, 0.04))
    platform.look()
    platform.clock.passes(LEASE)
    assert Execution(platform).run()


EVENTS: Final[Mapping[str, Callable[[Platform, Random], None]]] = {
    "nothing": nothing,
    "killed": killed,
    "frozen": frozen,
    "two at once": twice,
    "restarted": restarted,
    "given up": given_up,
    "stopped": stopped,
    "process killed": process_killed,
}


def _to_the_end(execution: Execution, platform: Platform) -> bool:
    try:
        return execution.run()
    finally:
        platform.clock.joined(-1)


def _moment(platform: Platform, draw: Random) -> int:
    return draw.randint(1, len(platform.users) // PEOPLE_PER_STEP)
