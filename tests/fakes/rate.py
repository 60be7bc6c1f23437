"""The rate of senders that share one process."""

import threading

from regulars.domain.delivery.rate import NEVER_OPENED, Lease, ProjectLimit


class MemoryRate:
    """`window` is what all see."""

    def __init__(self, limit: ProjectLimit) -> None:
        self.window, self._limit, self._one_at_a_time = NEVER_OPENED, limit, threading.Lock()

    @property
    def limit(self) -> ProjectLimit:
        return self._limit

    def lease(self, now: float, per_second: float) -> Lease:
        with self._one_at_a_time:
            self.window, lease = self.window.lease(now, per_second, self._limit)
            return lease

    def pause(self, now: float, until: float) -> None:
        with self._one_at_a_time:
            self.window = self.window.paused(now, until, self._limit)
