"""Confidence intervals for the difference of two groups, treated minus control."""

import math
from dataclasses import dataclass
from typing import Protocol

from regulars.domain.measure.distributions import normal_quantile, normal_tail, t_quantile, t_tail

CONFIDENCE = 0.95

_LARGEST_Z = 40.0
"""A float has no normal probability beyond."""


@dataclass(frozen=True)
class Interval:
    """A difference and the bounds of its confidence interval."""

    difference: float
    low: float
    high: float

    @property
    def excludes_zero(self) -> bool:
        return self.low > 0 or self.high < 0


@dataclass(frozen=True)
class Sample:
    """Numbers seen in a group: how many, their mean, and the sum of their squared deviations from it."""

    size: int = 0
    mean: float = 0.0
    deviations: float = 0.0

    def __add__(self, other: "Sample") -> "Sample":
        """Two groups as one, without the rounding of sums of squares: Chan, Golub and LeVeque 1979, "Updating formulae", equations 2.1."""
        size = self.size + other.size
        if not size:
            return self
        gap = other.mean - self.mean
        mean = self.mean + gap * other.size / size
        return Sample(size, mean, self.deviations + other.deviations + gap * gap * self.size * other.size / size)

    @property
    def variance(self) -> float:
        """The unbiased one; 0 for fewer than two numbers."""
        return self.deviations / (self.size - 1) if self.size > 1 else 0.0

    @property
    def error(self) -> float:
        """The standard error of the mean."""
        return math.sqrt(self.variance / self.size)


class Pivot(Protocol):
    """What a difference in units of its standard error is distributed like where nothing differs."""

    def quantile(self, probability: float) -> float: ...

    def p(self, t: float) -> float:
        """How often it is as far out as `t`, twice the smaller tail: below 5 % exactly where the 95 % interval excludes zero."""
        ...


@dataclass(frozen=True)
class Student:
    """Student's t."""

    freedom: float

    def quantile(self, probability: float) -> float:
        return t_quantile(probability, self.freedom) if probability >= 0.5 else -t_quantile(1 - probability, self.freedom)

    def p(self, t: float) -> float:
        return 2 * t_tail(abs(t), self.freedom)


def wilson(successes: int, size: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Wilson's score interval for one proportion (E. B. Wilson, JASA 22, 1927, 209-212)."""
    return _wilson(successes, size, normal_quantile(0.5 + confidence / 2))


def newcombe(treated: int, treated_size: int, control: int, control_size: int, confidence: float = CONFIDENCE) -> Interval:
    """The difference of two proportions: R. G. Newcombe, Statistics in Medicine 17 (1998) 873-890, method 10 (hybrid Wilson score).

    Raises ValueError for an empty group or more successes than people.
    """
    if not (0 <= treated <= treated_size and 0 <= control <= control_size and treated_size and control_size):
        raise ValueError("two groups of at least one person are needed, with no more successes than people")
    return _newcombe((treated, treated_size), (control, control_size), normal_quantile(0.5 + confidence / 2))


def newcombe_p(treated: int, treated_size: int, control: int, control_size: int) -> float:
    """The level at which Newcombe's interval just touches zero, by bisection: below 5 % exactly where the 95 % interval excludes zero."""
    groups = (treated, treated_size), (control, control_size)
    if treated * control_size == control * treated_size:
        return 1.0
    inside, outside = 0.0, _LARGEST_Z
    for _ in range(100):
        middle = (inside + outside) / 2
        inside, outside = (middle, outside) if _newcombe(*groups, middle).excludes_zero else (inside, middle)
    return 2 * normal_tail(outside)


def means(treated: Sample, control: Sample, pivot: Pivot, confidence: float = CONFIDENCE) -> Interval:
    """The difference of two means without equal variances. A pivot with heavier tails on one side makes a longer interval on the other."""
    difference, error = treated.mean - control.mean, math.hypot(treated.error, control.error)
    low, high = (difference - pivot.quantile(0.5 + side * confidence / 2) * error for side in (1, -1))
    return Interval(difference, low, high)


def welch(treated: Sample, control: Sample) -> Student:
    """B. L. Welch, Biometrika 34 (1947) 28-35, with Satterthwaite's degrees of freedom (Biometrics Bulletin 2, 1946, 110-114). They are reckoned from
    the share of one variance, so that none is squared. Raises ValueError for a group of fewer than two, and where nobody in either group differs."""
    if min(treated.size, control.size) < 2 or not treated.error + control.error > 0:
        raise ValueError("two groups of at least two people are needed, not all of them alike")
    share = (treated.error / math.hypot(treated.error, control.error)) ** 2
    return Student(1 / (share * share / (treated.size - 1) + (1 - share) * (1 - share) / (control.size - 1)))


def _wilson(successes: int, size: int, z: float) -> tuple[float, float]:
    share, scale = successes / size, size + z * z
    centre = successes + z * z / 2
    width = z * math.sqrt(z * z / 4 + successes * (1 - share))
    low = 0.0 if successes == 0 else (centre - width) / scale
    return low, 1.0 if successes == size else (centre + width) / scale


def _newcombe(treated: tuple[int, int], control: tuple[int, int], z: float) -> Interval:
    p1, p2 = treated[0] / treated[1], control[0] / control[1]
    (l1, u1), (l2, u2) = _wilson(*treated, z), _wilson(*control, z)
    difference = p1 - p2
    return Interval(difference, difference - math.hypot(p1 - l1, u2 - p2), difference + math.hypot(u1 - p1, p2 - l2))
