"""How a difference of two means is distributed where the message changed nothing, for these very people.

Were nothing changed, everybody would have spent the same in the other group, and the groups that the lot made are as good as any others of their
sizes. So the people of both are put together and divided anew, thousands of times, and each time the difference is taken in units of its standard
error. That holds whatever the spending looks like, where Student's t holds only if both means are about normal: A. Janssen, Statistics and
Probability Letters 36 (1997) 9-21; E. Chung and J. P. Romano, Annals of Statistics 41 (2013) 484-507, section 2.
"""

import math
import random
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from regulars.domain.measure.distributions import normal_quantile, t_tail
from regulars.domain.measure.intervals import CONFIDENCE, Sample

DRAWS = 4_000
"""A tail of 2.5 % is met to a quarter of a point (one standard deviation), and p to 1 in 2,000."""

_ONE_BY_ONE = 150
"""So many of the smaller group, on average, are drawn one by one: those with the largest values. All others, whose sum is all but normal, are drawn
as one number, so that ten million people take no longer than ten thousand."""

_TAIL = (1 - CONFIDENCE) / 2
_HOLDS = (0.6 * _TAIL, 1.4 * _TAIL)
"""Welch's interval holds where each of its tails is met this often among the draws. Four standard deviations of chance are in it."""

_SURELY_IN, _SURELY_OUT, _SURE_FREEDOM = 1.9, 2.3, 10
"""No t nearer to zero is in a tail of 2.5 %, whatever its degrees of freedom, and each that is farther is, from ten degrees on."""

_EQUAL = 1e-9
"""Two splits that differ by less in t are the same: where everybody pays one price there are few."""


@dataclass(frozen=True)
class Group:
    """Numbers of a group, the `largest` of them one by one."""

    sample: Sample
    largest: tuple[float, ...] = ()


@dataclass(frozen=True)
class Permuted:
    """t of all `draws`, ascending, and how often Welch's interval lay `above` and `below` zero among them, as a share. `stretch` is how much farther
    than a normal's the tails of the difference itself reach, at least 1: first that above zero, which the lower bound has to allow for."""

    draws: Sequence[float]
    above: float
    below: float
    stretch: tuple[float, float]

    @property
    def welch_holds(self) -> bool:
        """It depends on both groups together, never on who is in which: so to choose by it bends no rate."""
        return all(_HOLDS[0] <= rate <= _HOLDS[1] for rate in (self.above, self.below))

    def quantile(self, probability: float) -> float:
        rank = max(1, math.floor(min(probability, 1 - probability) * (len(self.draws) + 1)))
        t, outwards = (self.draws[-rank], 1) if probability >= 0.5 else (self.draws[rank - 1], -1)
        return t + outwards * _EQUAL * (1 + abs(t))

    def p(self, t: float) -> float:
        """The split as it is counts as one of them (B. Phipson and G. K. Smyth, Statistical Applications in Genetics 9, 2010, 39)."""
        near = _EQUAL * (1 + abs(t))
        above = len(self.draws) - bisect_left(self.draws, t - near)
        below = bisect_right(self.draws, t + near)
        return min(1.0, 2 * (1 + min(above, below)) / (len(self.draws) + 1))


@lru_cache(maxsize=8)  # an estimate and the interval for all looks ask for the same draws
def permuted(treated: Group, control: Group, *, seed: str) -> Permuted:
    """For groups of at least two people whose values are not all alike. The same `seed` gives the same draws."""
    lot, sign = random.Random(seed), 1 if control.sample.size <= treated.sample.size else -1
    draws: list[float] = []
    differences: list[float] = []
    above = below = 0
    for small, large in _pooled(treated, control).splits(lot):
        difference = sign * (large.mean - small.mean)
        t = _t(difference, small.variance_of_mean + large.variance_of_mean)
        differences.append(difference)
        draws.append(t)
        if abs(t) > _SURELY_IN and _is_out(abs(t), _freedom(small, large)):
            above, below = above + (t > 0), below + (t < 0)
    return Permuted(sorted(draws), above / DRAWS, below / DRAWS, _stretch(sorted(differences), treated.sample.size, control.sample.size))


class _Sums(NamedTuple):
    """Of a group: people, sum and sum of squares."""

    size: int
    total: float
    squares: float

    @property
    def mean(self) -> float:
        return self.total / self.size

    @property
    def variance_of_mean(self) -> float:
        return max(0.0, self.squares - self.total * self.mean) / (self.size - 1) / self.size


@dataclass(frozen=True)
class _Pool:
    """The people of both groups, in units of their standard deviation, counted from the mean of the `rest`: those who are not drawn one by one."""

    smaller: int
    rest: int
    rest_variance: float
    apart: Sequence[float]

    def splits(self, lot: random.Random) -> Iterator[tuple[_Sums, _Sums]]:
        """Both groups of each draw, the smaller one first."""
        people, total = self.rest + len(self.apart), sum(self.apart)
        squares = sum(value * value for value in self.apart) + self.rest * self.rest_variance
        for count in self._counts(lot):
            drawn = lot.sample(self.apart, count)
            others = self.smaller - count
            spread = others * self.rest_variance * (self.rest - others) / (self.rest - 1) if self.rest > 1 else 0.0
            one = sum(drawn) + (lot.gauss(0, math.sqrt(spread)) if spread else 0.0)
            one_squares = sum(value * value for value in drawn) + others * self.rest_variance
            yield _Sums(self.smaller, one, one_squares), _Sums(people - self.smaller, total - one, squares - one_squares)

    def _counts(self, lot: random.Random) -> Sequence[int]:
        """How many of those apart are in the smaller group, for all draws: hypergeometric, less what is less likely than one in 10^20."""
        apart, people = len(self.apart), self.rest + len(self.apart)
        mean = self.smaller * apart / people
        reach = 10 * math.sqrt(mean * (1 - apart / people)) + 10
        lowest = max(0, self.smaller - self.rest, math.floor(mean - reach))
        highest = min(apart, self.smaller, math.ceil(mean + reach))
        counts = range(lowest, highest + 1)
        logs = [_log_choose(apart, count) + _log_choose(self.rest, self.smaller - count) for count in counts]
        most = max(logs)
        return lot.choices(counts, [math.exp(one - most) for one in logs], k=DRAWS)


def _pooled(treated: Group, control: Group) -> _Pool:
    whole = treated.sample + control.sample
    smaller = min(treated.sample.size, control.sample.size)
    scale = math.sqrt(whole.variance)
    by_distance = sorted((value / scale - whole.mean / scale for value in treated.largest + control.largest), key=abs, reverse=True)
    apart = by_distance[: math.ceil(_ONE_BY_ONE * whole.size / smaller)]
    rest = whole.size - len(apart)
    if not rest:
        return _Pool(smaller, 0, 0.0, apart)
    centre = -math.fsum(apart) / rest
    deviations = whole.size - 1 - math.fsum(value * value for value in apart) - rest * centre * centre
    return _Pool(smaller, rest, max(0.0, deviations) / rest, [value - centre for value in apart])


def _t(difference: float, variance: float) -> float:
    if variance:
        return difference / math.sqrt(variance)
    return math.copysign(math.inf, difference) if difference else 0.0


def _is_out(t: float, freedom: float) -> bool:
    return (t > _SURELY_OUT and freedom > _SURE_FREEDOM) or t_tail(t, freedom) < _TAIL


def _freedom(small: _Sums, large: _Sums) -> float:
    """As in `intervals.welch`."""
    a, b = small.variance_of_mean, large.variance_of_mean
    share = a / (a + b) if a + b else 0.5
    return 1 / (share * share / (small.size - 1) + (1 - share) * (1 - share) / (large.size - 1))


def _stretch(differences: Sequence[float], *sizes: int) -> tuple[float, float]:
    usual = normal_quantile(1 - _TAIL) * math.sqrt(sum(1 / size for size in sizes))
    rank = round(_TAIL * len(differences))
    return max(1.0, differences[-rank] / usual), max(1.0, -differences[rank - 1] / usual)


def _log_choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
