"""How large groups must be for an effect to be seen: with POWER, by a two-sided test at 5 %, which is what a 95 % interval that excludes zero is.

Rates are shares of people from 0 to 1; a difference is treated minus control. Of a difference downward the same holds of whoever did not do it.
"""

import math
from typing import Final

from regulars.domain.lake.buckets import BUCKETS
from regulars.domain.measure.distributions import normal_quantile, normal_tail
from regulars.domain.measure.intervals import CONFIDENCE

POWER: Final = 0.8
"""How often an effect of that size is then found: the convention of J. Cohen, "Statistical power analysis for the behavioral sciences", 1988, 2.4."""

SMALLEST_GROUP: Final = 10
"""Of fewer people no estimate is given, so that nothing is seen in them."""

MOST_CONTROL: Final = BUCKETS // 2
"""A control group of more than half of all people shows less again, and reaches fewer."""

_LEVEL: Final = 0.5 + CONFIDENCE / 2
_Z_LEVEL: Final = normal_quantile(_LEVEL)
_Z_POWER: Final = normal_quantile(POWER)


def power_of_shares(treated_rate: float, control_rate: float, treated: float, control: float) -> float:
    """How often two groups of these sizes differ by more than chance, where that many of each do it.

    J. L. Fleiss, A. Tytun and H. K. Ury, Biometrics 36 (1980) 343-346, for groups of unequal size and without their correction for continuity, which
    Newcombe's interval has not either. The tail of the wrong sign is left out.
    """
    gap = abs(treated_rate - control_rate)
    pooled = (treated * treated_rate + control * control_rate) / (treated + control)
    if_alike = math.sqrt(pooled * (1 - pooled) * (1 / treated + 1 / control))
    if_not = math.sqrt(treated_rate * (1 - treated_rate) / treated + control_rate * (1 - control_rate) / control)
    if not if_not:
        return 1.0 if gap > _Z_LEVEL * if_alike else 0.0
    return normal_tail((_Z_LEVEL * if_alike - gap) / if_not)


def detectable_share(rate: float, treated: int, control: int) -> float | None:
    """The smallest increase over the control group's `rate` that is seen with POWER; None where none is, or a group is too small for any."""
    if min(treated, control) < SMALLEST_GROUP or power_of_shares(1.0, rate, treated, control) < POWER:
        return None
    low, high = rate, 1.0
    while (middle := (low + high) / 2) not in (low, high):
        low, high = (low, middle) if power_of_shares(middle, rate, treated, control) >= POWER else (middle, high)
    return high - rate


def detectable_amount(mean: float, variance: float, treated: int, control: int) -> float | None:
    """The same of what people spend a head, where an effect is that more of them do: their amounts are as before, so the second moment grows with the
    mean, and a group that buys more varies more, never less. None where nobody varies, a mean is not above 0, or a group is too small.

    As in Fleiss, Tytun and Ury's equation for shares, chance alone is judged by what both groups vary together, and the effect by what each does.
    """
    if min(treated, control) < SMALLEST_GROUP or variance <= 0 or mean <= 0:
        return None
    square = variance + mean * mean

    def seen_from(difference: float) -> float:
        raised = mean + difference
        varies = max(square * (raised / mean) - raised * raised, variance)
        together = (treated * varies + control * variance) / (treated + control)
        if_alike = math.sqrt(together) * math.sqrt(1 / treated + 1 / control)
        return _Z_LEVEL * if_alike + _Z_POWER * math.sqrt(varies / treated + variance / control)

    low = high = math.sqrt(variance)
    while seen_from(high) > high:
        high *= 2
    while seen_from(low) < low:
        low /= 2
    while (middle := (low + high) / 2) not in (low, high):
        low, high = (middle, high) if seen_from(middle) > middle else (low, middle)
    return high


def people_needed(rate: float, difference: float, *, control: float, treated: float) -> int | None:
    """How many people an audience must have, of whom one share is held back and another gets the message that is judged, for an increase from `rate`
    to be seen with POWER: Fleiss, Tytun and Ury's equation, solved for the size. None where one of them is nobody, or there is no such increase."""
    raised = rate + difference
    if not (control > 0 and treated > 0 and 0 <= rate < raised <= 1):
        return None
    pooled = (control * rate + treated * raised) / (control + treated)
    if_alike = pooled * (1 - pooled) * (1 / control + 1 / treated)
    if_not = rate * (1 - rate) / control + raised * (1 - raised) / treated
    needed = ((_Z_LEVEL * math.sqrt(if_alike) + _Z_POWER * math.sqrt(if_not)) / difference) ** 2
    return math.ceil(max(needed, SMALLEST_GROUP / min(control, treated)))


def control_needed(rate: float, difference: float, audience: int, *, part: float = 1.0) -> int | None:
    """The smallest control group, in buckets, that shows an increase from `rate` in this audience, where `part` of all others get the message that is
    judged; None where half of the audience is too few."""
    for buckets in range(1, MOST_CONTROL + 1):
        held_back = buckets / BUCKETS
        needed = people_needed(rate, difference, control=held_back, treated=part * (1 - held_back))
        if needed is not None and needed <= audience:
            return buckets
    return None
