"""The interval for any number of looks."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

from regulars.domain.measure.sequential import anytime_interval


def test_the_mixture_is_at_its_best_where_it_was_expected_to_be() -> None:
    alpha = 0.05
    widest = -special.lambertw(-(alpha**2) / math.e, -1).real - 1

    def relative_width(expected: float) -> float:
        found = anytime_interval(0.0, 1.0, expected_error=expected)
        assert found is not None
        return found.high

    assert relative_width(1.0) == pytest.approx(math.sqrt((1 + 1 / widest) * math.log((1 + widest) / alpha**2)), rel=1e-6)
    assert relative_width(1.0) < min(relative_width(1.01), relative_width(0.99))
    assert relative_width(1.0) == pytest.approx(3.035, abs=0.001)


@pytest.mark.parametrize("people", [50, 1_000, 100_000])
def test_it_is_the_papers_interval_of_a_mean(people: int) -> None:
    """Waudby-Smith et al., theorem 2.2: sigma sqrt(2 (t rho^2 + 1) / (t rho)^2 log(sqrt(t rho^2 + 1) / alpha)), of t people, here with sigma = 3 and
    the rho for which it is at its best after 1,000."""
    alpha, sigma, widest = 0.05, 3.0, 8.211968
    square = widest / 1_000
    expected = sigma * math.sqrt(2 * (people * square + 1) / (people**2 * square) * math.log(math.sqrt(people * square + 1) / alpha))
    # ours is of a sum that grows, theirs of a mean: of `people` the sum is as many times as large
    found = anytime_interval(0.0, sigma * math.sqrt(people), expected_error=sigma * math.sqrt(1_000))
    assert found is not None
    assert found.high / people == pytest.approx(expected, rel=1e-6)


@given(st.floats(-1e3, 1e3), st.floats(2e-3, 1e3), st.floats(2e-3, 1e3), st.tuples(st.floats(1, 3), st.floats(1, 3)))
def test_it_excludes_zero_exactly_where_its_p_is_below_five_percent(
    difference: float, error: float, expected: float, stretch: tuple[float, float]
) -> None:
    found = anytime_interval(difference, error, expected_error=expected, stretch=stretch)
    assert found is not None
    assert found.low < found.difference < found.high
    if abs(found.p - 0.05) > 1e-9:
        assert found.excludes_zero == (found.p < 0.05)


@pytest.mark.parametrize(("error", "expected"), [(0.0, 1.0), (1.0, 0.0), (1e-9, 1.0), (1.0, 1e-9), (math.nan, 1.0), (1.0, math.inf)])
def test_there_is_none_before_there_is_anything_to_tell(error: float, expected: float) -> None:
    assert anytime_interval(0.3, error, expected_error=expected) is None
