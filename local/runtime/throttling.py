"""How many requests a stage takes: API Gateway's token bucket, one for each route.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html
"""

import threading
import time
from collections.abc import Callable

from local.resources.model import ApiStage, Throttle


class Throttles:
    """`clock` counts seconds. Without a stage, or where it says nothing, all is taken; AWS would then keep to the account's own limits."""

    def __init__(self, stage: ApiStage | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._stage = stage
        self._clock = clock
        self._buckets: dict[str, TokenBucket] = {}
        self._lock = threading.Lock()

    def takes(self, route_key: str) -> bool:
        """Whether one more request for the route is taken now; then it is counted."""
        throttle = None if self._stage is None else self._stage.route_throttles.get(route_key, self._stage.throttle)
        if throttle is None:
            return True
        with self._lock:
            bucket = self._buckets.setdefault(route_key, TokenBucket(throttle, self._clock()))
            return bucket.take(self._clock())


class TokenBucket:
    """Full at first: `burst` tokens, of which a request takes one, and `rate` come back each second."""

    def __init__(self, throttle: Throttle, now: float) -> None:
        self._throttle = throttle
        self._tokens = float(throttle.burst)
        self._filled_at = now

    def take(self, now: float) -> bool:
        self._tokens = min(self._throttle.burst, self._tokens + (now - self._filled_at) * self._throttle.rate)
        self._filled_at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True
