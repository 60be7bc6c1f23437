"""What people did, less what their own past leads to expect: A. Deng, Y. Xu, R. Kohavi and T. Walker, "Improving the Sensitivity of Online Controlled
Experiments by Utilizing Pre-Experiment Data" (CUPED), WSDM 2013, section 3.2.

Who spent much before spends much after, in either group. That part of the difference between people has nothing to do with the message, and without
it the rest is seen better: the variance is less by the squared correlation.
"""

from dataclasses import dataclass

from regulars.domain.measure.intervals import Sample
from regulars.domain.measure.paired import MOST_LARGE, Pair, Paired
from regulars.domain.measure.permutation import Group

_NOTHING_LEFT = 1e-9


@dataclass(frozen=True)
class Dependence:
    """How the outcome goes with the past of everybody in both groups: `slope` is the paper's theta (equation 5), `mean` that of the past, and
    `explained` the squared correlation, the share of the variance that is taken out (equation 6). Since it is of both groups together, it is the same
    whoever is in which, and takes nothing of a difference that the message made."""

    slope: float
    mean: float
    explained: float

    def taken_out_of(self, group: Paired) -> Group:
        left = group.deviations - self.slope * (2 * group.together - self.slope * group.before_deviations)
        sample = Sample(group.size, self._less(group.mean, group.before), max(0.0, left))
        return Group(sample, tuple(self._less(*pair) for pair in group.largest or _one_by_one(group)))

    def _less(self, outcome: float, before: float) -> float:
        return outcome - self.slope * (before - self.mean)


def dependence_of(whole: Paired) -> Dependence | None:
    """None where nobody's past differs, where it says nothing, and where it says all, so that nothing would be left to estimate from."""
    if not (whole.deviations > 0 and whole.before_deviations > 0 and whole.together):
        return None
    slope = whole.together / whole.before_deviations
    explained = slope * (whole.together / whole.deviations)
    return Dependence(slope, whole.before, explained) if 0 < explained < 1 - _NOTHING_LEFT else None


def _one_by_one(group: Paired) -> tuple[Pair, ...]:
    """Of people who did something or not, 1 or 0, everybody who ever did, from their counts; nobody of a group in which nobody has anything."""
    did, had = round(group.mean * group.size), round(group.before * group.size)
    both = round(group.together + group.mean * group.before * group.size)
    people: list[Pair] = []
    for pair, count in (((1.0, 0.0), did - both), ((1.0, 1.0), both), ((0.0, 1.0), had - both)):
        people += [pair] * min(count, MOST_LARGE)
    return tuple(people)
