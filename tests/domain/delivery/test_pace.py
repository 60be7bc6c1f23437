import pytest

from regulars.domain.delivery.pace import Parallelism, RetryPolicy, TokenBucket, parallelism, pause_seconds, retry_delay


def test_retries_wait_twice_as_long_each_time_within_a_quarter_either_way() -> None:
    for failures, middle in ((1, 10.0), (2, 20.0), (3, 40.0)):
        delays = [retry_delay(10.0, failures, 0.0, jitter, 120.0) for jitter in (0.0, 0.5, 0.999)]
        assert delays[0] == pytest.approx(0.75 * middle)
        assert delays[1] == pytest.approx(middle)
        assert delays[2] == pytest.approx(1.25 * middle, rel=0.01)


def test_a_retry_is_never_sooner_than_the_server_asked() -> None:
    assert retry_delay(10.0, 1, 110.0, 0.5, 120.0) == 110.0
    assert retry_delay(10.0, 1, 110.0, 0.0, 120.0) == 110.0
    assert [retry_delay(10.0, failures, 1.0, 0.5, 120.0) for failures in (1, 2, 3)] == [1.0, 2.0, 4.0]


def test_a_retry_waits_no_longer_than_two_minutes_unless_the_server_asks_for_more() -> None:
    assert [retry_delay(10.0, failures, 0.0, 0.5, 120.0) for failures in (4, 5, 2_000)] == [80.0, 120.0, 120.0]
    assert retry_delay(10.0, 3, 600.0, 0.5, 120.0) == 600.0


def test_a_pause_is_what_the_server_asked_or_a_minute_and_a_little_more() -> None:
    assert pause_seconds(RetryPolicy(), 0.0, 0.0) == 60.0
    assert pause_seconds(RetryPolicy(), 5.0, 0.5) == pytest.approx(5.25)


@pytest.mark.parametrize(
    ("per_second", "latency", "expected"),
    [
        (8000, 0.06, Parallelism(600, 6)),
        (10_000, 0.5, Parallelism(700, 7)),
        (1, 0.1, Parallelism(10, 1)),
        (1000, 0.1, Parallelism(125, 2)),
    ],
)
def test_streams_follow_rate_times_latency_up_to_seven_connections(per_second: float, latency: float, expected: Parallelism) -> None:
    assert parallelism(per_second, latency) == expected


def taken(bucket: TokenBucket, begin: float, seconds: float, step: float = 0.001) -> int:
    count = 0
    for tick in range(round(seconds / step)):
        while bucket.wait(begin + tick * step) == 0:
            bucket.take()
            count += 1
    return count


def test_the_bucket_lets_no_more_through_than_the_rate_and_one_burst() -> None:
    assert taken(TokenBucket(1000, 0.0), 0.0, 10.0) in range(10_000, 10_052)


def test_an_idle_bucket_saves_up_no_more_than_one_burst() -> None:
    bucket = TokenBucket(100, 0.0)
    assert bucket.wait(3600.0) == 0
    assert taken(bucket, 3600.0, 0.001) == 5


def test_the_wait_is_until_the_next_token() -> None:
    bucket = TokenBucket(2, 0.0)
    assert bucket.wait(0.0) == 0
    bucket.take()
    assert bucket.wait(0.0) == pytest.approx(0.5)


def test_a_paused_bucket_lets_nothing_through_and_does_not_burst_afterwards() -> None:
    bucket = TokenBucket(1000, 0.0)
    bucket.pause(60.0)
    assert bucket.wait(1.0) == pytest.approx(59.0)
    bucket.pause(30.0)
    assert bucket.wait(1.0) == pytest.approx(59.0), "a shorter pause does not shorten it"
    assert taken(bucket, 60.0, 0.01) <= 11


def test_a_rate_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="per_second"):
        TokenBucket(0, 0.0)
