"""When a session may start its next push: at its own pace, and with what the project's rate leases it."""

import logging
import time

from regulars.domain.delivery.pace import TokenBucket
from regulars.domain.delivery.rate import Lease
from regulars.domain.errors import StoreUnavailableError
from regulars.ports import PushRate

_LOG = logging.getLogger(__name__)

DISTRUST_SECONDS = 10.0
"""So long one that got no answer about the project's rate does not ask again: each try may take seconds, in which no answer of FCM is read."""


class SharedBucket:
    """A TokenBucket that others share. Moments are the session's (`time.monotonic`).

    `wait` asks for the next block when the last is used up, a few times a second and in the sender's own thread: one UpdateItem. Ask it only for
    something that is to be sent. Where the rate does not answer, a small share goes on, so that neither all stops nor all together overrun.
    """

    def __init__(self, rate: PushRate, per_second: float, now: float) -> None:
        self._own = TokenBucket(per_second, now)
        self._rate, self._per_second = rate, per_second
        self._utc_ahead = time.time() - now
        self._lease, self._left = Lease(0, 0.0), 0
        self._trusted_from = self._pause_told_until = self._alone_until = 0.0

    def wait(self, now: float) -> float:
        """Seconds until `take` may be called; 0 means now."""
        return self._own.wait(now) or self._wait_for_lease(now + self._utc_ahead)

    def take(self) -> None:
        self._own.take()
        self._left -= 1

    def pause(self, until: float) -> None:
        """Nothing before `until`, here and with everybody else. Of many 429 that one pause meets, the first tells the others."""
        utc, utc_until = time.monotonic() + self._utc_ahead, until + self._utc_ahead
        self._own.pause(until)
        self._lease, self._left = Lease(0, utc_until), 0
        if utc < self._pause_told_until or utc < self._trusted_from:
            return
        try:
            self._rate.pause(utc, utc_until)
            self._pause_told_until = utc_until
        except StoreUnavailableError as error:
            self._distrust(utc, error)

    def _wait_for_lease(self, utc: float) -> float:
        used_up = self._lease.count > 0 and not self._left
        if used_up or utc >= self._lease.until:
            self._lease = self._ask(utc)
            self._left = self._lease.count
        return 0.0 if self._left else self._lease.until - utc

    def _ask(self, utc: float) -> Lease:
        if utc >= self._trusted_from:
            try:
                return self._rate.lease(utc, self._per_second)
            except StoreUnavailableError as error:
                self._distrust(utc, error)
        return self._alone(utc)

    def _distrust(self, utc: float, error: StoreUnavailableError) -> None:
        _LOG.warning("Nobody says how fast the project may send, so %d pushes a second go on from here: %s", self._rate.limit.alone, error)
        self._trusted_from = utc + DISTRUST_SECONDS

    def _alone(self, utc: float) -> Lease:
        """A small share, once a second."""
        if utc < self._alone_until:
            return Lease(0, self._alone_until)
        self._alone_until = float(int(utc) + 1)
        return Lease(self._rate.limit.alone, self._alone_until)
