"""Intervals against their authors' worked examples and against scipy."""

import random

import pytest
from scipy import stats

from regulars.domain.measure.intervals import Interval, Sample, newcombe, welch, wilson


def sample(numbers: list[float]) -> Sample:
    total = Sample()
    for number in numbers:
        total += Sample(1, number)
    return total


@pytest.mark.parametrize(
    ("a", "m", "b", "n", "low", "high"),
    # R. G. Newcombe, Statistics in Medicine 17 (1998) 873-890, table II, method 10.
    [
        (56, 70, 48, 80, 0.0524, 0.3339),
        (9, 10, 3, 10, 0.1705, 0.8090),
        (6, 7, 2, 7, 0.0582, 0.8062),
        (5, 56, 0, 29, -0.0381, 0.1926),
        (0, 10, 0, 20, -0.1611, 0.2775),
        (0, 10, 0, 10, -0.2775, 0.2775),
        (10, 10, 0, 20, 0.6791, 1.0000),
        (10, 10, 0, 10, 0.6075, 1.0000),
    ],
)
def test_two_proportions_are_newcombes_own_examples(a: int, m: int, b: int, n: int, low: float, high: float) -> None:
    found = newcombe(a, m, b, n)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)
    assert found.difference == pytest.approx(a / m - b / n)


@pytest.mark.parametrize(("successes", "size"), [(0, 10), (10, 10), (1, 1), (0, 1), (81, 263), (1, 1_000_000)])
def test_one_proportion_is_scipys_wilson(successes: int, size: int) -> None:
    expected = stats.binomtest(successes, size).proportion_ci(0.95, method="wilson")
    assert wilson(successes, size) == pytest.approx((expected.low, expected.high), abs=1e-12)


@pytest.mark.parametrize("counts", [(1, 0, 1, 2), (1, 1, 0, 0), (3, 2, 0, 5), (-1, 2, 0, 5)])
def test_impossible_counts_are_refused(counts: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="two groups"):
        newcombe(*counts)


@pytest.mark.parametrize("sizes", [(2, 2), (2, 400), (15, 11), (3_000, 333)])
def test_two_means_are_scipys_welch(sizes: tuple[int, int]) -> None:
    source = random.Random(7)
    one = [source.lognormvariate(3, 1) for _ in range(sizes[0])]
    other = [source.lognormvariate(2.8, 0.5) for _ in range(sizes[1])]
    expected = stats.ttest_ind(one, other, equal_var=False).confidence_interval(0.95)
    found = welch(sample(one), sample(other))
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), rel=1e-9)


def test_where_nobody_differs_the_interval_has_no_width() -> None:
    assert welch(sample([2.0, 2.0]), sample([1.0, 1.0, 1.0])) == Interval(1.0, 1.0, 1.0)


def test_a_mean_of_one_person_has_no_interval() -> None:
    with pytest.raises(ValueError, match="at least two"):
        welch(sample([1.0]), sample([1.0, 2.0]))


def test_groups_add_up_to_the_whole_even_far_from_zero() -> None:
    source = random.Random(11)
    numbers = [1e9 + source.gauss(0, 1) for _ in range(2_000)]
    parts = sample(numbers[:1]) + sample(numbers[1:700]) + Sample() + sample(numbers[700:])
    assert parts.size == 2_000
    assert parts.variance == pytest.approx(stats.tvar(numbers), rel=1e-6)


def test_newcombes_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    source = random.Random(3)
    held = 0
    for _ in range(2_000):
        treated = sum(source.random() < 0.12 for _ in range(180))
        control = sum(source.random() < 0.10 for _ in range(60))
        found = newcombe(treated, 180, control, 60)
        held += found.low <= 0.02 <= found.high
    assert 0.93 <= held / 2_000 <= 0.98
