from dataclasses import dataclass, field, replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.delivery.pace import TokenBucket
from regulars.domain.delivery.rate import BLOCKS_A_SECOND, LONGEST_PAUSE, NEVER_OPENED, RAMP_SECONDS, Lease, ProjectLimit, Window

NOON = 1_795_694_400
LIMIT = ProjectLimit(9000)
FAST = 1e6

limits = st.integers(1, 20_000).map(ProjectLimit)


@dataclass
class Project:
    """What everybody sees, and how many were sent in each second."""

    limit: ProjectLimit
    window: Window = NEVER_OPENED
    leases: int = 0
    sent: dict[int, int] = field(default_factory=dict)


@dataclass
class Worker:
    """Sends what it leased while it may."""

    project: Project
    per_second: float = FAST
    fast_by: float = 0.0
    until: float = 0.0
    left: int = 0
    used_up: bool = True

    def send(self, true_now: float) -> bool:
        now = true_now + self.fast_by
        if now >= self.until or self.used_up:
            self.project.window, lease = self.project.window.lease(now, self.per_second, self.project.limit)
            self.project.leases += 1
            self.left, self.until = lease.count, lease.until
        if not self.left:
            self.used_up = False
            return False
        self.left -= 1
        self.used_up = not self.left
        self.project.sent[int(true_now)] = self.project.sent.get(int(true_now), 0) + 1
        return True


turns = st.lists(st.tuples(st.integers(0, 4), st.floats(0, 1.5), st.integers(1, 200)), max_size=60)
"""Whose turn it is, how long after the last, and how many they would send."""


@given(limits, turns, st.lists(st.floats(0.1, 20_000), min_size=5, max_size=5))
def test_no_second_has_more_than_the_limit_whatever_workers_interleave(
    limit: ProjectLimit, turns: list[tuple[int, float, int]], rates: list[float]
) -> None:
    project, now = Project(limit), float(NOON)
    workers = [Worker(project, rate) for rate in rates]
    for turn, passed, wanted in turns:
        now += passed
        for _ in range(wanted):
            if not workers[turn].send(now):
                break
        assert project.sent.get(int(now), 0) <= project.window.ceiling <= limit.per_second


@given(turns, st.lists(st.floats(-1, 1), min_size=5, max_size=5))
def test_clocks_that_are_wrong_by_a_second_cost_a_second_each_way_and_not_the_rate(turns: list[tuple[int, float, int]], skews: list[float]) -> None:
    project, now = Project(ProjectLimit(100)), float(NOON)
    project.window = Window(NOON - 1, 100, 0)
    workers = [Worker(project, fast_by=skew) for skew in skews]
    for turn, passed, wanted in turns:
        now += passed
        for _ in range(wanted):
            workers[turn].send(now)
    assert sum(project.sent.values()) <= 100 * (now - NOON + 1 + 2)


@given(limits, st.lists(st.floats(0, 1.5), max_size=30), st.floats(0, 100), st.floats(0.001, LONGEST_PAUSE))
def test_a_pause_is_obeyed_by_all_and_then_it_goes_on(limit: ProjectLimit, before: list[float], at: float, seconds: float) -> None:
    window, now = NEVER_OPENED, float(NOON)
    for passed in before:
        now += passed
        window, _ = window.lease(now, FAST, limit)
    allowed, until = window.ceiling, now + seconds
    window = window.paused(now, until, limit)
    moment = now + seconds * at / 100 * 0.999
    assert window.lease(moment, FAST, limit) == (window, Lease(0, until))
    after, lease = window.lease(int(until) + 1, FAST, limit)
    assert lease.count
    assert after.ceiling <= max(limit.floor, allowed // 2) + limit.step


def test_who_is_told_of_429_while_all_wait_does_not_halve_again_what_will_be_allowed() -> None:
    window = Window(NOON, 8000, 8000).paused(NOON, NOON + 30, LIMIT)
    assert window.paused(NOON + 1, NOON + 20, LIMIT) == window
    assert window.paused(NOON + 1, NOON + 40, LIMIT) == replace(window, paused_until=NOON + 40)
    assert window.ceiling == 4000


def test_one_answer_stops_everybody_for_five_minutes_at_most() -> None:
    assert Window(NOON, 8000, 8000).paused(NOON, NOON + 1e9, LIMIT).paused_until == NOON + LONGEST_PAUSE


def ceilings(window: Window, limit: ProjectLimit, seconds: int, share: float = 1.0) -> list[int]:
    """Of so many seconds, in each of which this share of what is allowed is sent."""
    found = []
    for second in range(window.second + 1, window.second + 1 + seconds):
        window, _ = window.lease(second, FAST, limit)
        window = replace(window, left=round(window.ceiling * (1 - share)))
        found.append(window.ceiling)
    return found


@given(limits, st.floats(0.55, 1))
def test_a_ramp_climbs_steadily_from_a_twentieth_to_the_limit_in_a_minute(limit: ProjectLimit, share: float) -> None:
    climbed = ceilings(NEVER_OPENED, limit, RAMP_SECONDS + 2, share)
    assert all(0 <= later - earlier <= limit.step for earlier, later in pairwise(climbed))
    assert climbed[0] == limit.floor and climbed[-1] == limit.per_second


def test_the_default_limit_is_reached_after_a_minute_and_no_sooner() -> None:
    climbed = ceilings(NEVER_OPENED, LIMIT, 62)
    assert (climbed[0], climbed.index(9000)) == (450, 60)


def test_after_an_idle_minute_the_ramp_begins_anew_and_after_a_short_one_not_quite() -> None:
    assert Window(NOON, 9000, 0).lease(NOON + 62, FAST, LIMIT)[0].ceiling == 450
    assert Window(NOON, 9000, 0).lease(NOON + 10, FAST, LIMIT)[0].ceiling == 9000 - 8 * LIMIT.step


def test_a_slow_campaign_does_not_keep_the_way_open_for_a_wall() -> None:
    assert ceilings(Window(NOON, 9000, 9000), LIMIT, 90, share=0.1)[-1] == 450


@pytest.mark.parametrize(("workers", "per_second"), [(1, 9000), (4, 2250), (4, 8000), (12, 2000), (3, 2000)])
def test_the_whole_rate_is_reached_in_few_leases(workers: int, per_second: float) -> None:
    project = Project(LIMIT, Window(NOON - 1, 9000, 0))
    all_of_them = [(Worker(project, per_second), TokenBucket(per_second, NOON)) for _ in range(workers)]
    for tick in range(2000):
        now = NOON + tick / 1000
        for worker, bucket in all_of_them:
            while not bucket.wait(now) and worker.send(now):
                bucket.take()
    possible = min(9000, workers * per_second)
    assert all(count >= 0.95 * possible for count in project.sent.values())
    assert project.leases <= 2 * (BLOCKS_A_SECOND + 2 * workers)


def test_a_slow_worker_leases_for_the_rest_of_the_second_at_once() -> None:
    window = Window(NOON - 1, 9000, 0)
    assert window.lease(NOON, 25, LIMIT)[1] == Lease(25, NOON + 1)
    assert window.lease(NOON + 0.9, 25, LIMIT)[1] == Lease(3, NOON + 1)
    assert window.lease(NOON, 0.1, LIMIT)[1] == Lease(1, NOON + 1)


def test_one_who_is_late_takes_of_the_window_that_the_others_have_opened() -> None:
    window = Window(NOON + 1, 9000, 8000)
    after, lease = window.lease(NOON + 0.5, FAST, LIMIT)
    assert (after, lease) == (replace(window, left=7550), Lease(450, NOON + 2))


def test_a_window_or_a_pause_of_a_broken_clock_holds_nobody_up() -> None:
    assert Window(NOON + 3600, 9000, 0).lease(NOON, FAST, LIMIT)[0].second == NOON
    assert Window(NOON, 9000, 9000, paused_until=NOON + 3600).lease(NOON, FAST, LIMIT)[1].count


def test_a_rate_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1 push a second, not 0"):
        ProjectLimit(0)
