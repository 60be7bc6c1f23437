"""How a session asks for the project's rate, and what it does without an answer."""

from types import SimpleNamespace

import pytest

from regulars.adapters import fcm_bucket
from regulars.adapters.fcm_bucket import DISTRUST_SECONDS, SharedBucket
from regulars.domain.delivery.rate import Lease, ProjectLimit, Window
from regulars.domain.errors import StoreUnavailableError
from tests.fakes.rate import MemoryRate

NOON = 1_795_694_400
LIMIT = ProjectLimit(1000)


class Rate(MemoryRate):
    """Counts what it is asked, and may be away."""

    def __init__(self) -> None:
        super().__init__(LIMIT)
        self.window = Window(NOON - 1, 1000, 0)
        self.asked = self.told = 0
        self.away = False

    def lease(self, now: float, per_second: float) -> Lease:
        self.asked += 1
        self._answer()
        return super().lease(now, per_second)

    def pause(self, now: float, until: float) -> None:
        self.told += 1
        self._answer()
        super().pause(now, until)

    def _answer(self) -> None:
        if self.away:
            raise StoreUnavailableError("it is a test")


@pytest.fixture
def rate() -> Rate:
    return Rate()


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The session's clock begins at 0, when it is noon."""
    clock = SimpleNamespace(time=lambda: NOON, monotonic=lambda: 0.0)
    monkeypatch.setattr(fcm_bucket, "time", clock)
    return clock


def taken(bucket: SharedBucket, *, begin: float = 0.0, end: float) -> int:
    count = 0
    for tick in range(round(begin * 1000), round(end * 1000)):
        while not bucket.wait(tick / 1000):
            bucket.take()
            count += 1
    return count


def test_two_sessions_share_the_rate_and_each_keeps_to_its_own_pace(rate: Rate) -> None:
    fast, slow = SharedBucket(rate, 5000, 0.0), SharedBucket(rate, 100, 0.0)
    counts = [0, 0]
    for tick in range(1000):
        for number, bucket in enumerate((slow, fast)):
            while not bucket.wait(tick / 1000):
                bucket.take()
                counts[number] += 1
    assert sum(counts) == 1000
    assert counts[0] >= 50, "a slow one is not starved"


def test_the_rate_is_asked_once_a_block(rate: Rate) -> None:
    assert taken(SharedBucket(rate, 1000, 0.0), end=1.0) in range(950, 1001)
    assert rate.asked <= 24


def test_who_was_refused_asks_again_when_the_second_is_over(rate: Rate) -> None:
    rate.window = Window(NOON, 1000, 0)
    bucket = SharedBucket(rate, 5000, 0.0)
    assert [bucket.wait(0.25), bucket.wait(0.5)] == [0.75, 0.5]
    assert rate.asked == 1
    assert bucket.wait(1.0) == 0


def test_what_was_leased_in_a_second_is_not_sent_in_the_next(rate: Rate) -> None:
    bucket = SharedBucket(rate, 5000, 0.0)
    assert bucket.wait(0.5) == 0
    rate.pause(NOON + 0.6, NOON + 30)
    assert bucket.wait(0.7) == 0
    assert bucket.wait(1.0) == 29


def test_a_429_stops_the_others_too_and_of_many_the_first_tells_it(rate: Rate) -> None:
    told, other = SharedBucket(rate, 5000, 0.0), SharedBucket(rate, 5000, 0.0)
    for answer in range(50):
        told.pause(30.0 + answer / 50)
    assert rate.told == 1
    assert told.wait(1.0) == pytest.approx(29.98)
    assert other.wait(1.0) == 29


def test_a_rate_that_is_away_leaves_a_hundredth_and_is_asked_again_later(rate: Rate, caplog: pytest.LogCaptureFixture) -> None:
    bucket = SharedBucket(rate, 5000, 0.0)
    rate.away = True
    assert taken(bucket, end=5.0) == 5 * LIMIT.alone
    assert rate.asked == 1
    assert "10 pushes a second go on from here: it is a test" in caplog.text
    rate.away = False
    assert taken(bucket, begin=5.0, end=DISTRUST_SECONDS) == 5 * LIMIT.alone
    assert taken(bucket, begin=DISTRUST_SECONDS, end=DISTRUST_SECONDS + 1) > 10 * LIMIT.alone


def test_a_pause_that_nobody_can_be_told_of_is_kept_by_the_one_who_was_refused(rate: Rate) -> None:
    bucket = SharedBucket(rate, 5000, 0.0)
    rate.away = True
    bucket.pause(30.0)
    bucket.pause(40.0)
    assert rate.told == 1
    assert taken(bucket, end=40.0) == 0
