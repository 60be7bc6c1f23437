"""Lifts agree with the differences that they are of."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from regulars.domain.measure.distributions import normal_quantile
from regulars.domain.measure.intervals import Sample, Student, means, newcombe, welch, wilson
from regulars.domain.measure.ratios import means_lift, proportions_lift
from tests.drawn import drawn


@given(st.integers(1, 300), st.integers(1, 300), st.data())
def test_the_lift_of_proportions_excludes_zero_exactly_where_newcombes_interval_does(size: int, other: int, data: st.DataObject) -> None:
    counts = data.draw(st.integers(0, size)), size, data.draw(st.integers(1, other)), other
    difference, lift = newcombe(*counts), proportions_lift(*counts)
    assert lift is not None
    assert -1 <= lift.low <= lift.difference + 1e-12 and lift.difference - 1e-12 <= lift.high
    assume(min(abs(difference.low), abs(difference.high)) > 1e-12)
    assert lift.excludes_zero == difference.excludes_zero


@given(st.integers(1, 200), st.integers(1, 200), st.data())
def test_each_bound_of_the_lift_of_proportions_is_where_the_interval_of_the_difference_from_that_multiple_touches_zero(
    size: int, other: int, data: st.DataObject
) -> None:
    treated, control = data.draw(st.integers(0, size)), data.draw(st.integers(1, other))
    lift = proportions_lift(treated, size, control, other)
    assert lift is not None
    p1, p2, (l1, u1), (l2, u2) = treated / size, control / other, wilson(treated, size), wilson(control, other)
    for ratio, treated_bound, control_bound in ((1 + lift.low, l1, u2), (1 + lift.high, u1, l2)):
        assert abs(p1 - ratio * p2) == pytest.approx(math.hypot(p1 - treated_bound, ratio * (control_bound - p2)), rel=1e-6, abs=1e-9)


def test_the_lift_of_proportions_is_that_of_a_published_example() -> None:
    """Perondi et al. 2004 (7 of 34 children lived, and 1 of 34), as M. W. Fagerland, S. Lydersen and P. Laake, Statistical Analysis of Contingency
    Tables (2017), chapter 4, have it by MOVER-R Wilson: 7.0000, 1.1537 to 41.9763. Donner and Zou's own examples could not be looked up."""
    lift = proportions_lift(7, 34, 1, 34)
    assert lift is not None
    assert [round(1 + each, 4) for each in (lift.difference, lift.low, lift.high)] == [7.0, 1.1537, 41.9763]


def test_there_is_no_lift_over_nobody() -> None:
    assert proportions_lift(3, 100, 0, 100) is None


MEANS = st.builds(Sample, st.integers(2, 500), st.floats(-50, 1e3), st.floats(0.1, 1e5))


@given(MEANS, MEANS)
def test_the_lift_of_means_excludes_zero_exactly_where_welchs_interval_does(treated: Sample, control: Sample) -> None:
    pivot = welch(treated, control)
    difference, lift = means(treated, control, pivot), means_lift(treated, control, pivot)
    if lift is None:
        assert control.mean <= pivot.quantile(0.975) * control.error
        return
    assume(min(abs(difference.low), abs(difference.high)) > 1e-6)
    assert lift.low <= lift.difference <= lift.high
    assert lift.excludes_zero == difference.excludes_zero


@drawn(30)
@given(MEANS, MEANS)
def test_each_bound_of_the_lift_of_means_is_where_the_difference_from_that_multiple_is_as_far_out_as_may_be(treated: Sample, control: Sample) -> None:
    pivot = welch(treated, control)
    lift = means_lift(treated, control, pivot)
    assume(lift is not None and lift.high < 1e6)
    assert lift is not None
    for ratio, side in ((1 + lift.low, 1), (1 + lift.high, -1)):
        error = math.hypot(treated.error, ratio * control.error)
        assert treated.mean - ratio * control.mean == pytest.approx(side * pivot.quantile(0.975) * error, rel=1e-6)


def test_a_mean_that_cannot_be_told_from_zero_gives_a_lift_without_bounds() -> None:
    control = Sample(50, 1.0, 50 * 49 * 0.3)
    assert control.error > 0.5
    assert means_lift(Sample(50, 5.0, 100.0), control, Student(60)) is None
    assert means_lift(Sample(50, 5.0, 100.0), Sample(50, -1.0, 1.0), Student(60)) is None


def test_many_people_make_the_lifts_of_both_kinds_alike() -> None:
    people = 10**7
    shares = proportions_lift(310_000, people, 300_000, people)
    spending = means_lift(*(Sample(people, share, people * share * (1 - share)) for share in (0.031, 0.03)), Student(1e9))
    assert shares is not None and spending is not None
    assert (shares.low, shares.high) == pytest.approx((spending.low, spending.high), abs=1e-6)
    usual = normal_quantile(0.975) * math.sqrt(1 / 310_000 + 1 / 300_000)
    assert math.log1p(shares.low) == pytest.approx(math.log(31 / 30) - usual, rel=0.02)
