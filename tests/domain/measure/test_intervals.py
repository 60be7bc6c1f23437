"""Intervals against their authors' worked examples and against scipy."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from regulars.domain.measure.intervals import Sample, Student, means, newcombe, newcombe_p, welch, wilson


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
    found = means(sample(one), sample(other), welch(sample(one), sample(other)))
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), rel=1e-9)


@given(st.integers(1, 400), st.integers(1, 400), st.data())
def test_two_proportions_differ_exactly_where_their_interval_excludes_zero(size: int, other: int, data: st.DataObject) -> None:
    counts = data.draw(st.integers(0, size)), size, data.draw(st.integers(0, other)), other
    p, found = newcombe_p(*counts), newcombe(*counts)
    assert 0 <= p <= 1
    assert (p < 0.05) == found.excludes_zero
    if 1e-6 < p < 1:
        touching = newcombe(*counts, confidence=1 - p)
        assert min(abs(touching.low), abs(touching.high)) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(("counts", "p"), [((500, 1_000, 500, 1_000), 1.0), ((0, 10, 0, 20), 1.0), ((10**6, 10**6, 0, 10**6), 0.0)])
def test_two_proportions_at_the_ends_of_the_scale(counts: tuple[int, int, int, int], p: float) -> None:
    assert newcombe_p(*counts) == p


@pytest.mark.parametrize("sizes", [(2, 2), (2, 400), (15, 11), (3_000, 333)])
def test_two_means_differ_as_often_as_scipy_says(sizes: tuple[int, int]) -> None:
    source = random.Random(8)
    one, other = ([source.lognormvariate(3, 1) for _ in range(size)] for size in sizes)
    expected = stats.ttest_ind(one, other, equal_var=False)
    pivot = welch(sample(one), sample(other))
    assert pivot.freedom == pytest.approx(expected.df, rel=1e-9)
    assert pivot.p(expected.statistic) == pytest.approx(expected.pvalue, rel=1e-9)


def test_two_means_are_those_of_a_published_example() -> None:
    """Student's hours of sleep (Biometrika 6, 1908, 1-25), as R's documentation of `t.test` has them by Welch's method: t = -1.8608, df = 17.776,
    p-value = 0.07939, -3.3654832 to 0.2054832. The text of Welch's paper of 1947 could not be looked up, so its own figures are not here."""
    one = sample([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0])
    other = sample([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4])
    pivot = welch(one, other)
    found = means(one, other, pivot)
    t = found.difference / math.hypot(one.error, other.error)
    assert (round(found.low, 7), round(found.high, 7)) == (-3.3654832, 0.2054832)
    assert (round(t, 4), round(pivot.freedom, 3), round(pivot.p(t), 5)) == (-1.8608, 17.776, 0.07939)


def test_students_quantiles_are_as_far_below_zero_as_above() -> None:
    assert Student(7).quantile(0.1) == -Student(7).quantile(0.9) == pytest.approx(stats.t.ppf(0.1, 7))


@pytest.mark.parametrize(("one", "other"), [([2.0, 2.0], [1.0, 1.0, 1.0]), ([1.0], [1.0, 2.0])], ids=["nobody differs", "one person"])
def test_where_nothing_can_be_told_of_two_means_it_is_refused(one: list[float], other: list[float]) -> None:
    with pytest.raises(ValueError, match="at least two people"):
        welch(sample(one), sample(other))


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
