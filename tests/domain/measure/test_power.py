"""How many people are needed, and what a control group can show: against published figures, exact probabilities and simulated nothing."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from regulars.domain.measure.intervals import newcombe
from regulars.domain.measure.power import POWER, control_needed, detectable_amount, detectable_share, people_needed, power_of_shares
from tests.drawn import drawn

RATES = st.floats(0.005, 0.6)
SIZES = st.integers(10, 200_000)


def test_the_examples_of_rs_own_pages_come_out_to_the_last_digit() -> None:
    # https://stat.ethz.ch/R-manual/R-devel/library/stats/html/power.prop.test.html, whose comments have the answers.
    assert round(power_of_shares(0.75, 0.50, 50, 50), 3) == 0.740
    assert round(power_of_shares(0.75, 0.50, 76.7, 76.7), 3) == 0.900


@pytest.mark.parametrize(("rate", "raised", "treated", "control"), [(0.1, 0.12, 9_000, 1_000), (0.3, 0.4, 500, 300), (0.05, 0.06, 20_000, 5_000)])
def test_the_power_is_about_what_newcombes_interval_exactly_has(rate: float, raised: float, treated: int, control: int) -> None:
    assert power_of_shares(raised, rate, treated, control) == pytest.approx(exact_power(rate, raised, treated, control), abs=0.03)


@pytest.mark.parametrize(("rate", "treated", "control"), [(0.1, 2_700, 300), (0.04, 9_000, 1_000), (0.02, 45_000, 5_000)])
def test_four_campaigns_in_five_show_what_can_be_detected(rate: float, treated: int, control: int) -> None:
    least = detectable_share(rate, treated, control)
    assert least is not None
    assert exact_power(rate, rate + least, treated, control) == pytest.approx(POWER, abs=0.05)


def alike(variance: float, treated: int, control: int) -> float:
    """The smallest difference that groups show which vary alike: the power of a z test, solved for it."""
    return float(stats.norm.ppf(0.975) + stats.norm.ppf(POWER)) * math.sqrt(variance * (1 / treated + 1 / control))


def needed_for(rate: float, difference: float, held_back: float) -> int | None:
    return people_needed(rate, difference, control=held_back, treated=1 - held_back)


@given(st.floats(0.01, 1e6), st.floats(0.5, 500), SIZES, SIZES)
def test_of_amounts_the_smallest_is_where_effect_and_chance_meet(mean: float, times: float, treated: int, control: int) -> None:
    variance = times * mean * mean
    least = detectable_amount(mean, variance, treated, control)
    assert least is not None and least >= alike(variance, treated, control) * 0.85
    assert detectable_amount(2 * mean, 4 * variance, treated, control) == pytest.approx(2 * least)


def test_of_amounts_a_group_that_buys_more_varies_more() -> None:
    # 3,000 people, 3 % buyers who spend e^4 with a second moment of e^9 (lognormal), every tenth held back: decision 53 has how often it is found.
    mean, square = 0.03 * math.exp(4), 0.03 * math.exp(9)
    variance = square - mean * mean
    least = detectable_amount(mean, variance, 2_700, 300)
    assert least == pytest.approx(4.2, abs=0.01)
    assert least > 1.5 * alike(variance, 2_700, 300)
    assert detectable_amount(1.0, 0.01, 50_000, 50_000) == pytest.approx(alike(0.01, 50_000, 50_000), rel=0.02)
    assert [detectable_amount(0.0, 1.0, 500, 500), detectable_amount(1.0, 0.0, 500, 500), detectable_amount(1.0, 1.0, 500, 9)] == [None] * 3


@given(RATES, SIZES, SIZES)
def test_what_is_detectable_is_what_that_many_people_are_needed_for(rate: float, treated: int, control: int) -> None:
    least = detectable_share(rate, treated, control)
    if least is None:
        assert power_of_shares(1.0, rate, treated, control) < POWER
    else:
        assert power_of_shares(rate + least, rate, treated, control) == pytest.approx(POWER, abs=1e-6)
        needed = needed_for(rate, least, control / (treated + control))
        assert needed == pytest.approx(treated + control, rel=0.001, abs=2)


@drawn(25)
@given(RATES, st.floats(0.05, 0.5), st.integers(100, 1_000_000))
def test_the_control_group_that_would_do_does_and_a_smaller_one_does_not(rate: float, lift: float, audience: int) -> None:
    buckets = control_needed(rate, rate * lift, audience)
    if buckets is None:
        assert (needed_for(rate, rate * lift, 0.5) or math.inf) > audience
    else:
        assert (needed_for(rate, rate * lift, buckets / 10_000) or math.inf) <= audience
        assert buckets == 1 or (needed_for(rate, rate * lift, (buckets - 1) / 10_000) or math.inf) > audience


def test_what_nobody_can_see_has_no_figure() -> None:
    assert [detectable_share(0.1, 9_000, 0), detectable_share(0.1, 9_000, 9), detectable_share(1.0, 500, 500)] == [None] * 3
    assert [needed_for(0.1, 0.05, 0.0), needed_for(0.1, 0.05, 1.0), needed_for(0.1, 0.0, 0.1), needed_for(0.9, 0.2, 0.1)] == [None] * 4
    assert control_needed(0.1, 0.001, 1_000) is None


def test_a_variant_that_half_of_the_treated_get_needs_more_people() -> None:
    needed = people_needed(0.1, 0.02, control=0.2, treated=0.4)
    assert needed is not None and power_of_shares(0.12, 0.1, 0.4 * needed, 0.2 * needed) == pytest.approx(POWER, abs=0.001)
    assert needed > (needed_for(0.1, 0.02, 0.2) or 0)
    assert (control_needed(0.1, 0.02, 20_000, part=0.5) or 0) > (control_needed(0.1, 0.02, 20_000) or 0) > 0


def test_where_nobody_did_it_so_far_an_increase_can_still_be_seen() -> None:
    least = detectable_share(0.0, 9_000, 1_000)
    assert least is not None and 0.002 < least < 0.01


def exact_power(rate: float, raised: float, treated: int, control: int) -> float:
    """How often Newcombe's interval lies above zero, over all that may come of two binomial groups, but for one case in a million."""
    found = 0.0
    for c in range(*_likely(control, rate)):
        low, high = _likely(treated, raised)
        first = low
        if newcombe(high, treated, c, control).low <= 0:
            continue
        above = high
        while first < above:  # the lower bound rises with every one who did it
            middle = (first + above) // 2
            first, above = (first, middle) if newcombe(middle, treated, c, control).low > 0 else (middle + 1, above)
        found += float(stats.binom.pmf(c, control, rate)) * float(stats.binom.sf(first - 1, treated, raised))
    return found


def _likely(size: int, rate: float) -> tuple[int, int]:
    return int(stats.binom.ppf(1e-7, size, rate)), int(stats.binom.ppf(1 - 1e-7, size, rate)) + 1
