"""By how much more of it there is than in the control group, as a share of that: 0.1 is a tenth more. Each interval agrees with that of the
difference about whether there is any."""

import math

from regulars.domain.measure.intervals import CONFIDENCE, Interval, Pivot, Sample, wilson


def proportions_lift(treated: int, treated_size: int, control: int, control_size: int, confidence: float = CONFIDENCE) -> Interval | None:
    """Of two proportions: MOVER-R of A. Donner and G. Y. Zou, Statistical Methods in Medical Research 21 (2012) 347-359, from Wilson's limits.

    Its bounds are where Newcombe's interval for p1 - R p2 touches zero, so that of R = 1 is Newcombe's own. None where the control group has nobody.
    """
    if not control:
        return None
    p1, p2 = treated / treated_size, control / control_size
    (l1, u1), (l2, u2) = wilson(treated, treated_size, confidence), wilson(control, control_size, confidence)
    # R solves R^2 a - 2 R p1 p2 + c = 0. For the lower bound a may be negative, for the upper one c: each is the form that takes no difference then
    product = p1 * p2
    a, c = u2 * (2 * p2 - u2), l1 * (2 * p1 - l1)
    low = c / (product + math.sqrt(product * product - a * c)) if c else 0.0
    a, c = l2 * (2 * p2 - l2), u1 * (2 * p1 - u1)
    high = (product + math.sqrt(product * product - a * c)) / a
    return Interval(p1 / p2 - 1, low - 1, high - 1)


def means_lift(treated: Sample, control: Sample, pivot: Pivot, confidence: float = CONFIDENCE) -> Interval | None:
    """Of two means: E. C. Fieller, Journal of the Royal Statistical Society B 16 (1954) 175-185. The bounds are the R for which the mean of the
    treated less R times that of the control group is as far from zero as `pivot` allows, in units of its standard error.

    None where the mean of the control group is not above zero, or can't be told from it: the lift has no bounds then.
    """
    if not control.mean > 0:
        return None
    ratio, of_treated, of_control = treated.mean / control.mean, treated.error / control.mean, control.error / control.mean
    bounds = []
    for probability in (0.5 + confidence / 2, 0.5 - confidence / 2):
        t = pivot.quantile(probability)
        if abs(t * of_control) >= 1:
            return None
        g = (t * of_control) ** 2
        root = math.hypot(t * of_control * ratio, math.sqrt(1 - g) * t * of_treated)
        bounds.append((ratio - math.copysign(root, t)) / (1 - g))
    if not all(map(math.isfinite, bounds)):
        return None
    return Interval(ratio - 1, bounds[0] - 1, bounds[1] - 1)
