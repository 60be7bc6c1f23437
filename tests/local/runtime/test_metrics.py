"""Values by their minute: as many as an alarm looks back on, and no more."""

import tracemalloc

import pytest

from local.runtime.metrics import Metric, Metrics

NOON = 1_800_000_000.0
DEPTH = Metric("N", "M", frozenset({("Q", "q")}))


@pytest.mark.parametrize(("statistic", "value"), [("Sum", 9), ("Maximum", 6), ("Minimum", 1), ("SampleCount", 3), ("Average", 3)])
def test_a_statistic_is_of_all_values_of_a_period(statistic: str, value: float) -> None:
    metrics = Metrics()
    for second, each in ((0, 100), (10, 1), (20, 2), (130, 6), (200, 50)):
        metrics.add("N", "M", {"Q": "q"}, each, at=NOON + second + 60 * bool(second))
    assert metrics.statistic(DEPTH, statistic, start=NOON + 60, end=NOON + 200) == value
    assert metrics.statistic(DEPTH, statistic, start=NOON + 900, end=NOON + 1200) is None


def test_days_of_values_take_no_more_than_one(request: pytest.FixtureRequest) -> None:
    metrics = Metrics()

    def a_day(number: int) -> int:
        for minute in range(1440):
            metrics.add("N", "M", {"Q": "q"}, minute, at=NOON + 86_400 * number + 60 * minute)
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    request.addfinalizer(tracemalloc.stop)
    first = a_day(0)
    assert a_day(1) + a_day(2) <= 2 * first + 20_000
