"""Quantiles and tails are scipy's, to nine digits."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats

from regulars.domain.measure.distributions import chi_square_tail, incomplete_beta, normal_quantile, normal_tail, t_quantile, t_tail

_DIGITS = {"rel": 1e-9, "abs": 1e-300}


@pytest.mark.parametrize("freedom", [0.5, 1, 1.5, 2, 3.7, 10, 99.9, 2_500, 99_999, 1e6, 1e12])
@pytest.mark.parametrize("probability", [0.5, 0.9, 0.975, 0.9995])
def test_students_quantile_is_scipys(probability: float, freedom: float) -> None:
    # scipy's own has fewer digits for so many degrees, where the normal's and Student's agree
    expected = stats.t.ppf(probability, freedom) if freedom < 1e9 else stats.norm.ppf(probability)
    assert t_quantile(probability, freedom) == pytest.approx(expected, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize(("probability", "freedom"), [(0.4, 5), (1.0, 5), (0.9, 0), (0.9, math.nan)])
def test_a_quantile_outside_of_its_range_is_refused(probability: float, freedom: float) -> None:
    with pytest.raises(ValueError, match="degrees of freedom"):
        t_quantile(probability, freedom)


@given(st.floats(-40, 40), st.floats(0.1, 1e6))
def test_students_tail_is_scipys(t: float, freedom: float) -> None:
    if abs(t) < 1e-5:  # scipy loses digits there, as 1e-8 of one degree shows: 1/2 - arctan(t) / pi
        assert t_tail(t, 1) == pytest.approx(0.5 - math.atan(t) / math.pi, rel=1e-12)
    else:
        assert t_tail(t, freedom) == pytest.approx(stats.t.sf(t, freedom), **_DIGITS)


@pytest.mark.parametrize("t", [1e154, 1e200, math.inf])
def test_far_out_in_the_tail_there_is_nothing(t: float) -> None:
    assert t_tail(t, 30) == 0
    assert t_tail(-t, 30) == 1


@given(st.floats(0, 500), st.floats(0.5, 400))
def test_chi_squares_tail_is_scipys(x: float, freedom: float) -> None:
    assert chi_square_tail(x, freedom) == pytest.approx(stats.chi2.sf(x, freedom), **_DIGITS)


@pytest.mark.parametrize("freedom", [0, -1, math.nan])
def test_chi_square_without_degrees_of_freedom_is_refused(freedom: float) -> None:
    with pytest.raises(ValueError, match="degrees of freedom"):
        chi_square_tail(1, freedom)


def test_chi_square_has_nothing_beyond_the_end_of_its_scale() -> None:
    assert [chi_square_tail(x, 3) for x in (-1, 0, 5e-324, 1e300, math.inf)] == [1, 1, 1, 0, 0]


@pytest.mark.parametrize(("a", "b", "x"), [(0.5, 0.5, 0.3), (5, 0.5, 0.999), (2, 30, 0.01), (80, 200, 0.3), (1, 1, 0), (1, 1, 1)])
def test_the_incomplete_beta_function_is_scipys(a: float, b: float, x: float) -> None:
    assert incomplete_beta(a, b, x) == pytest.approx(special.betainc(a, b, x), rel=1e-12)


@pytest.mark.parametrize("z", [-38, -3, 0, 1.96, 6, 37])
def test_the_normals_tail_is_scipys(z: float) -> None:
    assert normal_tail(z) == pytest.approx(stats.norm.sf(z), **_DIGITS)


def test_the_normal_quantile() -> None:
    assert normal_quantile(0.975) == pytest.approx(1.959963984540054)
