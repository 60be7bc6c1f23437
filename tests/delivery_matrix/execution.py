"""One shard's part of infra/statemachines/campaign.asl.json: Deliver, Breathe, and Settle when it is given up."""

from collections import deque
from collections.abc import Callable, Iterable
from typing import Final, TypeVar

from regulars.domain.errors import ShardHeldError, StoreUnavailableError
from regulars.usecases.deliver import Delivered
from tests.delivery_matrix.calls import Killed, Life
from tests.delivery_matrix.platform import Platform

TRIES: Final = {Killed: 3, StoreUnavailableError: 6, ShardHeldError: 6}
"""MaxAttempts by what a call died of. Every retry waits twice as long as the one before, from 5 seconds on."""

INTERVAL: Final = 5
T = TypeVar("T")

MOST_CALLS: Final = 300
"""More than any cell needs: with so many it would never end."""


class Execution:
    """`lives` are those of its calls: each is lived until what is to happen in it has, and then nothing happens any more."""

    def __init__(self, platform: Platform, lives: Iterable[Life] = (), *, given_up: Callable[[], None] = lambda: None) -> None:
        """`given_up` is done before the shard is settled."""
        self._platform, self._lives, self._given_up = platform, deque(lives), given_up

    def run(self) -> bool:
        """Whether the shard is done; else it was given up and is settled."""
        for _ in range(MOST_CALLS):
            told = self._retried(self._deliver, Killed, StoreUnavailableError)
            if told is None:
                self._given_up()
                settled = self._retried(self._settle, StoreUnavailableError, ShardHeldError)
                assert settled, "it could not be settled"
                return False
            if told.done:
                return True
            self._platform.clock.sleep(told.wait_seconds)
        raise AssertionError(f"not done after {MOST_CALLS} calls")

    def _deliver(self) -> Delivered:
        life = self._lives[0] if self._lives else Life()
        try:
            return self._platform.deliver(life)
        except Killed:
            self._platform.start_container()
            raise
        finally:
            if self._lives and life.happened:
                self._lives.popleft()
            self._platform.look()

    def _settle(self) -> bool:
        self._platform.settle()
        return True

    def _retried(self, state: Callable[[], T], *errors: type[BaseException]) -> T | None:
        """What the state gives; None when its tries are used up."""
        left = dict(TRIES)
        for again in range(sum(TRIES.values())):
            try:
                return state()
            except errors as error:
                left[type(error)] -= 1
                if left[type(error)] < 0:
                    return None
            self._platform.clock.sleep(INTERVAL * 2**again)
        return None
