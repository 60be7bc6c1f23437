"""Quantiles of the normal and of Student's t distribution, to nine digits or more, without scipy (which is for tests only)."""

import math
from statistics import NormalDist

_SMALLEST = 1e-300
_PRECISION = 1e-15
_LARGEST_STEPS = 500


def normal_quantile(probability: float) -> float:
    """The z below which a standard normal falls with this probability."""
    return NormalDist().inv_cdf(probability)


def t_quantile(probability: float, freedom: float) -> float:
    """The t below which Student's t with `freedom` degrees (any positive number) falls with a probability from 0.5 to below 1.

    By bisection of the upper tail P(T > t) = I_x(freedom/2, 1/2) / 2 with x = freedom / (freedom + t^2): DLMF 8.17.
    Raises ValueError outside of that.
    """
    if not 0.5 <= probability < 1 or not freedom > 0:
        raise ValueError("a probability from 0.5 to below 1 and positive degrees of freedom are needed")
    tail = 1 - probability
    low, high = 0.0, 2.0
    while _upper_tail(high, freedom) > tail:
        low, high = high, high * 2
    for _ in range(200):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if _upper_tail(middle, freedom) > tail else (low, middle)
    return (low + high) / 2


def _upper_tail(t: float, freedom: float) -> float:
    return incomplete_beta(freedom / 2, 0.5, freedom / (freedom + t * t)) / 2


def incomplete_beta(a: float, b: float, x: float) -> float:
    """The regularized incomplete beta function I_x(a, b): DLMF 8.17.22's continued fraction (https://dlmf.nist.gov/8.17#v).

    It converges fast for x below (a + 1) / (a + b + 2); beyond, I_x(a, b) = 1 - I_{1-x}(b, a) (8.17.4).
    """
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - incomplete_beta(b, a, 1 - x)
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x))
    return front * _fraction(a, b, x) / a


def _fraction(a: float, b: float, x: float) -> float:
    """1 / (1 + d1 / (1 + d2 / (1 + ...))) by the modified Lentz method (Thompson and Barnett 1986)."""
    c, d = 1.0, 1 / _nonzero(1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, _LARGEST_STEPS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1 / _nonzero(1 + term * d)
            c = _nonzero(1 + term / c)
            value *= c * d
        if abs(c * d - 1) < _PRECISION:
            break
    return value


def _nonzero(value: float) -> float:
    return value if abs(value) > _SMALLEST else _SMALLEST
