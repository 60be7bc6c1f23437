"""Confidence intervals for the difference of two groups, treated minus control."""

import math
from dataclasses import dataclass

from regulars.domain.measure.distributions import normal_quantile, t_quantile

CONFIDENCE = 0.95


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


def wilson(successes: int, size: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Wilson's score interval for one proportion (E. B. Wilson, JASA 22, 1927, 209-212)."""
    z = normal_quantile(0.5 + confidence / 2)
    share, scale = successes / size, size + z * z
    centre = successes + z * z / 2
    width = z * math.sqrt(z * z / 4 + successes * (1 - share))
    low = 0.0 if successes == 0 else (centre - width) / scale
    return low, 1.0 if successes == size else (centre + width) / scale


def newcombe(treated: int, treated_size: int, control: int, control_size: int, confidence: float = CONFIDENCE) -> Interval:
    """The difference of two proportions: R. G. Newcombe, Statistics in Medicine 17 (1998) 873-890, method 10 (hybrid Wilson score).

    Raises ValueError for an empty group or more successes than people.
    """
    if not (0 <= treated <= treated_size and 0 <= control <= control_size and treated_size and control_size):
        raise ValueError("two groups of at least one person are needed, with no more successes than people")
    p1, p2 = treated / treated_size, control / control_size
    l1, u1 = wilson(treated, treated_size, confidence)
    l2, u2 = wilson(control, control_size, confidence)
    difference = p1 - p2
    return Interval(difference, difference - math.hypot(p1 - l1, u2 - p2), difference + math.hypot(u1 - p1, p2 - l2))


def welch(treated: Sample, control: Sample, confidence: float = CONFIDENCE) -> Interval:
    """The difference of two means without equal variances: B. L. Welch, Biometrika 34 (1947) 28-35, with Satterthwaite's degrees of freedom.

    Where nobody in either group differs from the mean, the interval has no width. Raises ValueError for a group of fewer than two.
    """
    if treated.size < 2 or control.size < 2:
        raise ValueError("two groups of at least two people are needed")
    a, b = treated.variance / treated.size, control.variance / control.size
    difference = treated.mean - control.mean
    if a + b == 0:
        return Interval(difference, difference, difference)
    freedom = (a + b) ** 2 / (a * a / (treated.size - 1) + b * b / (control.size - 1))
    width = t_quantile(0.5 + confidence / 2, freedom) * math.sqrt(a + b)
    return Interval(difference, difference - width, difference + width)
