"""How fast to send, how many at once, and how long to wait. Pure: moments and random numbers are parameters.

Waiting times follow https://firebase.google.com/docs/cloud-messaging/scale-fcm: on 429 the Retry-After, else 60 seconds; on 500 and 503
exponential back-off with jitter, from the Retry-After or else 10 seconds. 100 streams a connection is what FCM's front end allows.
"""

import math
from dataclasses import dataclass

STREAMS_PER_CONNECTION = 100
MAX_CONNECTIONS = 7
EXPECTED_LATENCY = 0.1
MIN_STREAMS = 10
HEADROOM = 1.25
MAX_DOUBLINGS = 64


@dataclass(frozen=True)
class RetryPolicy:
    """Seconds, and numbers of tries. Tests make it quick."""

    attempts: int = 4
    """So many tries has the endpoint of access tokens each time it is asked."""
    first_delay: float = 10.0
    reconnect_delay: float = 0.25
    """The first delay when there was no connection: nothing was loaded that would have to recover."""
    longest_delay: float = 120.0
    """Doubling ends here; what the server asks may be longer."""
    quota_pause: float = 60.0


def retry_delay(first: float, failures: int, retry_after: float, jitter: float, longest: float) -> float:
    """Seconds until the next try after `failures` failed ones (from 1): what the server asked (`retry_after`, 0 where it asked nothing) or else
    `first`, doubled each time up to `longest`, spread by a quarter either way, and never sooner than was asked. `jitter` is uniform in [0, 1)."""
    doubled = (retry_after or first) * 2.0 ** min(failures - 1, MAX_DOUBLINGS)
    return max(retry_after, min(doubled, longest) * (0.75 + jitter / 2))


def pause_seconds(policy: RetryPolicy, retry_after: float, jitter: float) -> float:
    """How long nothing is sent after a 429: what the server asked, else the policy's, plus up to a tenth so that workers part."""
    return (retry_after or policy.quota_pause) * (1 + jitter / 10)


@dataclass(frozen=True)
class Parallelism:
    """How many requests may be under way, over how many connections."""

    streams: int
    connections: int


def parallelism(per_second: float, latency: float = EXPECTED_LATENCY) -> Parallelism:
    """Enough to keep up `per_second` answers a second that take `latency` seconds each (Little's law), with a quarter more for bursts."""
    needed = math.ceil(per_second * latency * HEADROOM)
    streams = min(max(needed, MIN_STREAMS), MAX_CONNECTIONS * STREAMS_PER_CONNECTION)
    return Parallelism(streams, math.ceil(streams / STREAMS_PER_CONNECTION))


class TokenBucket:
    """At most `per_second` a second on average, in bursts of a twentieth of a second. Moments are seconds of any steady clock."""

    def __init__(self, per_second: float, now: float) -> None:
        if per_second <= 0:
            raise ValueError(f"per_second must be positive, not {per_second}")
        self._rate = per_second
        self._capacity = max(1.0, per_second / 20)
        self._tokens = self._capacity
        self._counted_at = now
        self._paused_until = now

    def wait(self, now: float) -> float:
        """Seconds until `take` may be called; 0 means now."""
        if now < self._paused_until:
            return self._paused_until - now
        self._tokens = min(self._capacity, self._tokens + max(0.0, now - self._counted_at) * self._rate)
        self._counted_at = now
        return 0.0 if self._tokens >= 1 else (1 - self._tokens) / self._rate

    def take(self) -> None:
        self._tokens -= 1

    def pause(self, until: float) -> None:
        """Nothing before `until`, and nothing saved up in the meantime."""
        self._paused_until = max(self._paused_until, until)
        self._counted_at = max(self._counted_at, self._paused_until)
        self._tokens = min(self._tokens, 1.0)
