"""Quantiles and tail probabilities of the normal, Student's t and the chi-square distribution, to nine digits or more, without scipy (which is for
tests only). DLMF is the Digital Library of Mathematical Functions, https://dlmf.nist.gov."""

import math
from collections.abc import Iterator
from itertools import count, islice
from statistics import NormalDist

_SMALLEST = 1e-300
_PRECISION = 1e-15
_LARGE = 50.0
"""From here on five terms of Stirling's series have all digits that a float has."""
_ALMOST_NORMAL = 1e5
"""Degrees of freedom from which on two terms of Hill's series have twelve digits."""
_MOST_STEPS = 200
"""Of Newton's method: some five are enough from a few degrees of freedom on."""
_MOST_TERMS = 10_000
"""Of a continued fraction: a hundred are enough for what is asked here."""


def normal_quantile(probability: float) -> float:
    """The z below which a standard normal falls with this probability."""
    return NormalDist().inv_cdf(probability)


def normal_tail(z: float) -> float:
    """The probability that a standard normal exceeds z."""
    return math.erfc(z / math.sqrt(2)) / 2


def t_quantile(probability: float, freedom: float) -> float:
    """The t below which Student's t with `freedom` degrees (any positive number) falls with a probability from 0.5 to below 1.

    By Newton's method from the normal's quantile, which is never larger: the tail is convex, so each step goes up and none goes beyond. Raises
    ValueError outside of that.
    """
    if not 0.5 <= probability < 1 or not freedom > 0:
        raise ValueError("a probability from 0.5 to below 1 and positive degrees of freedom are needed")
    tail, t = 1 - probability, normal_quantile(probability)
    for _ in range(_MOST_STEPS):
        density = _t_density(t, freedom)
        step = (t_tail(t, freedom) - tail) / density if density else 0.0
        t += max(step, 0.0)
        if step <= t * _PRECISION:
            break
    return t


def _t_density(t: float, freedom: float) -> float:
    """DLMF 8.17's integrand, in terms of t."""
    return math.exp(-(freedom + 1) / 2 * math.log1p(t * t / freedom) - _log_beta(freedom / 2, 0.5)) / math.sqrt(freedom)


def t_tail(t: float, freedom: float) -> float:
    """The probability that Student's t exceeds t: I_x(freedom/2, 1/2) / 2 with x = freedom / (freedom + t^2) for a positive t (DLMF 8.17).

    Of very many degrees by G. W. Hill's normal approximation, Communications of the ACM 13 (1970) 617-619, algorithm 395.
    """
    if t < 0:
        return 1 - t_tail(-t, freedom)
    square = t * t
    if math.isinf(square):
        return 0.0
    if freedom > _ALMOST_NORMAL:
        w = math.sqrt((freedom - 0.5) * math.log1p(square / freedom))
        return normal_tail(w + (w**3 + 3 * w) / (48 * (freedom - 0.5) ** 2))
    return _beta(freedom / 2, 0.5, freedom / (freedom + square), square / (freedom + square)) / 2


def chi_square_tail(x: float, freedom: float) -> float:
    """The probability that chi-square with `freedom` degrees exceeds x: the regularized incomplete gamma function Q(freedom/2, x/2) (DLMF 8.2.4)."""
    if not freedom > 0:
        raise ValueError("positive degrees of freedom are needed")
    if x / 2 <= 0 or math.isinf(x):
        return 0.0 if x > 1 else 1.0
    return _upper_gamma(freedom / 2, x / 2)


def incomplete_beta(a: float, b: float, x: float) -> float:
    """The regularized incomplete beta function I_x(a, b) (DLMF 8.17.2)."""
    return _beta(a, b, x, 1 - x)


def _beta(a: float, b: float, x: float, y: float) -> float:
    """I_x(a, b), where y is 1 - x without its rounding: DLMF 8.17.22's continued fraction.

    It converges fast for x below (a + 1) / (a + b + 2); beyond, I_x(a, b) = 1 - I_{1-x}(b, a) (8.17.4).
    """
    if x <= 0 or y <= 0:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - _beta(b, a, y, x)
    logarithms = (math.log(x) if x < 0.5 else math.log1p(-y), math.log(y) if y < 0.5 else math.log1p(-x))
    front = math.exp(a * logarithms[0] + b * logarithms[1] - _log_beta(a, b))
    return front / _fraction(1.0, ((term, 1.0) for term in _beta_terms(a, b, x))) / a


def _beta_terms(a: float, b: float, x: float) -> Iterator[float]:
    for m in count():
        yield -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        yield (m + 1) * (b - m - 1) * x / ((a + 2 * m + 1) * (a + 2 * m + 2))


def _log_beta(a: float, b: float) -> float:
    """ln B(a, b). For a large a the difference of two logarithms of gamma would lose the digits that matter: there by Stirling's series (DLMF
    5.11.1)."""
    a, b = max(a, b), min(a, b)
    if a < _LARGE:
        return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)
    above = (a + b - 0.5) * math.log1p(b / a) + b * math.log(a) - b + _stirling(a + b) - _stirling(a)
    return math.lgamma(b) - above


def _stirling(x: float) -> float:
    square = x * x
    return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / (1188 * square)) / square) / square) / square) / x


def _upper_gamma(a: float, x: float) -> float:
    """Q(a, x): by the series DLMF 8.7.1 of 1 - Q below a + 1, beyond by the continued fraction 8.9.2 in its even form."""
    front = math.exp(a * math.log(x) - x - math.lgamma(a))
    if x >= a + 1:
        return front / _fraction(x + 1 - a, ((-n * (n - a), x + 2 * n + 1 - a) for n in count(1)))
    term = total = 1 / a
    for n in count(1):
        term *= x / (a + n)
        total += term
        if term < total * _PRECISION:
            break
    return 1 - front * total


def _fraction(first: float, terms: Iterator[tuple[float, float]]) -> float:
    """first + a1 / (b1 + a2 / (b2 + ...)) by the modified Lentz method (Thompson and Barnett 1986)."""
    c = value = _nonzero(first)
    d = 0.0
    for a, b in islice(terms, _MOST_TERMS):
        d = 1 / _nonzero(b + a * d)
        c = _nonzero(b + a / c)
        value *= c * d
        if abs(c * d - 1) < _PRECISION:
            break
    return value


def _nonzero(value: float) -> float:
    return value if abs(value) > _SMALLEST else _SMALLEST
