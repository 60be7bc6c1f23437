"""The time of several executions: it jumps when all of them wait, to when the first of them goes on."""

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Final

NAP: Final = 0.03
"""Seconds that a jump takes in truth, in which what is wrong with FCM may pass."""


class SharedTime:
    """A clock that goes as the machine's does between jumps. `executions` is how many there are that may wait."""

    def __init__(self) -> None:
        self._ahead = timedelta(0)
        self._changed = threading.Condition()
        self._wakes: list[datetime] = []
        self._executions = 1

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def passes(self, span: timedelta) -> None:
        """For everybody, whatever they are at."""
        with self._changed:
            self._ahead += span

    def joined(self, executions: int) -> None:
        """So many more may wait, or fewer."""
        with self._changed:
            self._executions += executions
            self._changed.notify_all()

    def sleep(self, seconds: float) -> None:
        with self._changed:
            wake = self.now() + timedelta(seconds=seconds)
            self._wakes.append(wake)
            while self.now() < wake:
                if len(self._wakes) >= self._executions:
                    time.sleep(NAP)
                    self._ahead += max(min(self._wakes) - self.now(), timedelta(0))
                    self._changed.notify_all()
                else:
                    self._changed.wait(NAP)
            self._wakes.remove(wake)
