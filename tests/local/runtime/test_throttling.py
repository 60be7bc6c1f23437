"""API Gateway's token buckets."""

from local.resources.model import ApiStage, Throttle
from local.runtime.throttling import Throttles


class Seconds:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def taken(throttles: Throttles, route: str, requests: int) -> int:
    return sum(throttles.takes(route) for _ in range(requests))


def test_a_burst_is_taken_at_once_and_then_what_the_rate_gives_back() -> None:
    clock = Seconds()
    throttles = Throttles(ApiStage("Stage", "api", Throttle(rate=10, burst=5)), clock)
    assert taken(throttles, "$default", 100) == 5
    clock.now = 0.25
    assert taken(throttles, "$default", 100) == 2
    clock.now = 3600
    assert taken(throttles, "$default", 100) == 5, "a bucket is never fuller than its burst"


def test_each_route_has_a_bucket_of_its_own_and_may_have_limits_of_its_own() -> None:
    stage = ApiStage("Stage", "api", Throttle(rate=1, burst=3), {"GET /open": Throttle(rate=1, burst=1)})
    throttles = Throttles(stage, Seconds())
    assert [taken(throttles, route, 10) for route in ("$default", "GET /admin", "GET /open")] == [3, 3, 1]


def test_without_a_stage_or_its_word_all_is_taken() -> None:
    assert taken(Throttles(), "$default", 1000) == taken(Throttles(ApiStage("Stage", "api")), "$default", 1000) == 1000
