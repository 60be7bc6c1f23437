"""One rate for everything that sends: what the whole project may send in a second, given out in blocks. Pure: moments are seconds of UTC.

FCM counts messages a project and minute, in minutes that are not the clock's, and answers 429 beyond
(https://firebase.google.com/docs/cloud-messaging/throttling-and-quotas); it asks for a traffic that grows slowly, over a minute rather than at
once (https://firebase.google.com/docs/cloud-messaging/scale-fcm). All who send share one `Window`, which lies where all can read and write it:

    a second begins     whoever comes first opens its window, with what may be sent in it
    a worker sends      it leases a block of the window, and sends no more than that; what it has not sent when the second ends is lost
    FCM says 429        whoever is told says so in the window, and nobody leases before the pause is over

A window's ceiling rises by a step from each second that was well used to the next, and falls by as much with each that was not: so a rate that
nobody has sent at lately is reached again only by climbing, after an idle time as after a pause.

Windows follow each other and none is opened twice, whatever clocks say: one who is late takes of the window that the others have opened. A clock
that is fast by a second therefore costs one second's pushes too many, once; it does not send at twice the rate.
"""

import math
from dataclasses import dataclass, replace
from typing import Final

RAMP_SECONDS: Final = 60
FLOOR_SHARE: Final = 20
"""A ramp begins with this part (a twentieth) of the limit."""
BLOCKS_A_SECOND: Final = 20
"""Into about so many blocks a window is leased: each is one write to DynamoDB."""
LONE_SHARE: Final = 100
"""Who cannot ask the others sends this part (a hundredth) of the limit: with up to a hundred such workers it is kept."""
TRUSTED_SKEW: Final = 5
"""A window of which the second is further ahead, in seconds, is of a broken clock, and is replaced."""
LONGEST_PAUSE: Final = 300.0
"""Seconds that one answer of FCM may stop everybody. Whoever is refused again after that says so again."""


@dataclass(frozen=True, slots=True)
class ProjectLimit:
    """Pushes a second, of all workers of all campaigns together. Tries count, as they do with FCM."""

    per_second: int

    def __post_init__(self) -> None:
        if self.per_second < 1:
            raise ValueError(f"a project sends at least 1 push a second, not {self.per_second}")

    @property
    def floor(self) -> int:
        """The lowest ceiling."""
        return max(1, self.per_second // FLOOR_SHARE)

    @property
    def step(self) -> int:
        """By how much the ceiling rises, or falls, a second."""
        return max(1, math.ceil((self.per_second - self.floor) / RAMP_SECONDS))

    @property
    def alone(self) -> int:
        """How many a second a worker sends that cannot ask the others."""
        return max(1, self.per_second // LONE_SHARE)


@dataclass(frozen=True, slots=True)
class Lease:
    """`count` pushes may be sent before the moment `until`. With none, that is when to ask again."""

    count: int
    until: float


@dataclass(frozen=True, slots=True)
class Window:
    """One second of the project: how many pushes it allows (`ceiling`), and how many of them are not leased yet (`left`)."""

    second: int
    ceiling: int
    left: int
    paused_until: float = 0.0

    def lease(self, now: float, per_second: float, limit: ProjectLimit) -> tuple["Window", Lease]:
        """A block for a worker that sends `per_second`, and the window once it is taken, which is a new one where the second is over. A lease of
        nothing leaves the window as it is."""
        if self._is_paused(now):
            return self, Lease(0, self.paused_until)
        window = self if now < self.second + 1 <= now + 1 + TRUSTED_SKEW else self._following(int(now), limit)
        count = min(window.left, window._block(now, per_second))
        return replace(window, left=window.left - count), Lease(count, window.second + 1)

    def paused(self, now: float, until: float, limit: ProjectLimit) -> "Window":
        """Nothing more of this window, none before `until`, and then half of what was allowed. Who is told while all wait only makes it longer."""
        until = min(until, now + LONGEST_PAUSE)
        if self._is_paused(now):
            return replace(self, paused_until=max(self.paused_until, until))
        return replace(self, ceiling=max(limit.floor, self.ceiling // 2), left=0, paused_until=until)

    def _is_paused(self, now: float) -> bool:
        return now < self.paused_until <= now + LONGEST_PAUSE + TRUSTED_SKEW

    def _following(self, second: int, limit: ProjectLimit) -> "Window":
        passed = abs(second - self.second)
        well_used = 2 * self.left <= self.ceiling
        steps = 2 - passed if well_used else -passed
        ceiling = min(limit.per_second, max(limit.floor, self.ceiling + steps * limit.step))
        return Window(second, ceiling, ceiling, self.paused_until)

    def _block(self, now: float, per_second: float) -> int:
        """A twentieth of the window, and no more than the worker can send before it ends."""
        return max(1, math.ceil(min(self.ceiling / BLOCKS_A_SECOND, per_second * (self.second + 1 - now))))


NEVER_OPENED: Final = Window(0, 0, 0)
