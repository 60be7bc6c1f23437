"""What a message changed, estimated by the method that holds for these very people."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from regulars.domain.measure.cuped import dependence_of
from regulars.domain.measure.figures import AdjustedFigures, Method, Metric
from regulars.domain.measure.intervals import Interval, Pivot, Sample, means, newcombe, newcombe_p, welch
from regulars.domain.measure.paired import Paired
from regulars.domain.measure.permutation import Group, permuted
from regulars.domain.measure.ratios import means_lift, proportions_lift
from regulars.domain.measure.sequential import Anytime, anytime_interval
from regulars.domain.measure.wording import people

FEWEST_WITH_VALUE = 20
"""People of both groups together with any value at all. Measured (decision 51): with 16, intervals miss a true effect 3 to 7 times in a hundred, and
with 8 up to 11 times: of too few nobody knows how uneven spending is."""

USUAL_CONVERSION = 0.01
"""Ours: what is expected of people without a past, when an interval for any number of looks is laid out before the first."""

TOO_LARGE = "the values are too large to reckon with"
TOO_TINY = "the values are too small to reckon with"
ALL_ALIKE = "everybody has the same value, so there is nothing to estimate from"
TOO_SMALL = "an arm has too few people to estimate from"

_SMALLEST_VALUE = 1e-150
"""A float holds the square of no smaller one with all of its digits: https://docs.python.org/3/library/sys.html#sys.float_info, the root of `min`."""

_EQUALLY_LIKELY = tuple((i + 0.5) / 20 for i in range(20))


@dataclass(frozen=True)
class Estimate:
    """Treated minus control, with its 95 % interval. `p` is the level at which the interval just touches zero. The `quantiles` are twenty equally
    likely values of the effect, ascending: the same method's bounds at other levels. `relative` is the lift, None where that has no bounds."""

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
    """With the past taken out, which `explained` this share of the variance."""

    explained: float = 0.0

    @property
    def figures(self) -> AdjustedFigures:
        return AdjustedFigures("cuped", self.difference, self.low, self.high, self.p, self.explained)


@dataclass(frozen=True)
class Unknown:
    """No method holds, as the `note` says; the `difference` may be known all the same."""

    note: str
    difference: float | None = None


def conversion_estimate(treated: Paired, control: Paired) -> Estimate:
    """Of people who did something or not, 1 or 0, by Newcombe's method, which holds for groups of any size. Raises ValueError for an empty group."""
    counts = round(treated.mean * treated.size), treated.size, round(control.mean * control.size), control.size
    found = newcombe(*counts)
    quantiles = tuple(_quantile(lambda confidence: newcombe(*counts, confidence), each) for each in _EQUALLY_LIKELY)
    relative = proportions_lift(*counts)
    note = "" if relative else "nobody in the control group did it, so there is no lift"
    return Estimate(found.difference, found.low, found.high, newcombe_p(*counts), "newcombe", quantiles, relative, note)


def value_estimate(treated: Paired, control: Paired, *, seed: str) -> Estimate | Unknown:
    """By Welch's method where it holds for these people, and else by dividing them anew (`permutation`). The same `seed` gives the same figures."""
    if unknown := _unknown(treated, control):
        return unknown
    groups = _plain(treated), _plain(control)
    found, pivot = _of_means(*groups, seed)
    relative = means_lift(groups[0].sample, groups[1].sample, pivot)
    note = "" if relative else "the control group's mean can't be told from zero, so the lift has no bounds"
    return Estimate(found.difference, found.low, found.high, found.p, found.method, found.quantiles, relative, note)


def adjusted_estimate(treated: Paired, control: Paired, *, seed: str) -> Adjusted | None:
    """With the people's own past taken out (CUPED): the same difference on average, and a narrower interval. None where the past says nothing."""
    past = dependence_of(treated + control)
    if past is None or _unknown(treated, control):
        return None
    groups = past.taken_out_of(treated), past.taken_out_of(control)
    if not math.hypot(*(group.sample.error for group in groups)) > 0:
        return None
    found, _ = _of_means(*groups, seed)
    return Adjusted(found.difference, found.low, found.high, found.p, found.method, found.quantiles, explained=past.explained)


def anytime(treated: Paired, control: Paired, *, metric: Metric, seed: str) -> Anytime | None:
    """Holds on all days of a window together. It is laid out by the same people's past: what that would make of the difference's variance at the
    end. None where nobody has a past that says how much money to expect, or there is too little yet."""
    if metric == "value" and _unknown(treated, control):
        return None
    whole = treated + control
    both = 1 / treated.size + 1 / control.size
    expected = whole.past.variance or (USUAL_CONVERSION * (1 - USUAL_CONVERSION) if metric == "conversion" else 0.0)
    stretch = permuted(_plain(treated), _plain(control), seed=seed).stretch if metric == "value" else (1.0, 1.0)
    error, expected_error = math.sqrt(whole.outcome.variance * both), math.sqrt(expected * both)
    return anytime_interval(treated.mean - control.mean, error, expected_error=expected_error, stretch=stretch)


def _unknown(treated: Paired, control: Paired) -> Unknown | None:
    if min(treated.size, control.size) < 2:
        return Unknown(TOO_SMALL)
    whole, difference = treated + control, treated.mean - control.mean
    if not all(map(math.isfinite, (difference, whole.deviations, whole.before_deviations, whole.together))):
        return Unknown(TOO_LARGE)
    if 0 < max((abs(outcome) for outcome, _ in whole.largest), default=abs(whole.mean)) < _SMALLEST_VALUE:
        return Unknown(TOO_TINY, difference)
    if not math.hypot(treated.outcome.error, control.outcome.error) > 0:
        return Unknown(ALL_ALIKE, difference)
    having = sum(1 for outcome, _ in whole.largest if outcome) if whole.largest else abs(round(whole.mean * whole.size))
    if having < FEWEST_WITH_VALUE:
        return Unknown(f"only {people(having)} of both groups have any value: of fewer than {FEWEST_WITH_VALUE} nothing can be told", difference)
    return None


def _plain(group: Paired) -> Group:
    return Group(group.outcome, tuple(outcome for outcome, _ in group.largest))


def _of_means(treated: Group, control: Group, seed: str) -> tuple[Estimate, Pivot]:
    draws = permuted(treated, control, seed=seed)
    pivot: Pivot = welch(treated.sample, control.sample) if draws.welch_holds else draws
    return _estimate(treated.sample, control.sample, pivot, "welch" if draws.welch_holds else "permutation"), pivot


def _estimate(treated: Sample, control: Sample, pivot: Pivot, method: Method) -> Estimate:
    found = means(treated, control, pivot)
    quantiles = tuple(_quantile(lambda confidence: means(treated, control, pivot, confidence), each) for each in _EQUALLY_LIKELY)
    p = pivot.p(found.difference / math.hypot(treated.error, control.error))
    return Estimate(found.difference, found.low, found.high, p, method, quantiles)


def _quantile(interval: Callable[[float], Interval], probability: float) -> float:
    """The bound that the effect is below with this probability."""
    found = interval(abs(1 - 2 * probability))
    return found.low if probability < 0.5 else found.high
