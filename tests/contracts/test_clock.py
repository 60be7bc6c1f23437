"""What every Clock does, real or fake."""

from datetime import timedelta

import pytest

from regulars.adapters.system_clock import SystemClock
from regulars.ports import Clock
from tests.contracts.suite import suite
from tests.fakes.clock import MovableClock


@pytest.fixture
def system() -> Clock:
    return SystemClock()


clock = suite(Clock, adapter="system", fake=MovableClock)


def test_moments_are_in_utc_and_never_go_back(clock: Clock) -> None:
    first, second = clock.now(), clock.now()
    assert first.utcoffset() == second.utcoffset() == timedelta(0)
    assert first <= second
