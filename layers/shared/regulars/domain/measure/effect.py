"""Treated minus control, variant by variant."""

from collections.abc import Sequence
from dataclasses import dataclass

from regulars.domain.measure.arm import Arm
from regulars.domain.measure.figures import Method, Metric
from regulars.domain.measure.intervals import Interval, newcombe, welch

SMALLEST_ARM = 10
"""Ours: with fewer people in an arm the interval spans half the scale. It is given, because it is right, and the note says what it is worth."""

METHODS: dict[Metric, Method] = {"conversion": "newcombe", "value": "welch"}


TOO_SMALL = f"an arm has fewer than {SMALLEST_ARM} people: too few to tell anything but a very large effect"
NOBODY = "an arm has too few people to estimate from"
ALL_ALIKE = "everybody has the same value, so there is nothing to estimate from"


@dataclass(frozen=True)
class Effect:
    """`interval` is None where none can be given; `note` says why, or how far to trust it.

    Conversion is a difference of shares (0.01 is a point), value one per head.
    """

    variant: str
    metric: Metric
    interval: Interval | None
    note: str = ""
    difference: float | None = None
    """Where it is known although no interval is."""


def effects(arms: Sequence[Arm], *, with_value: bool) -> list[Effect]:
    """Empty where there is no control arm with people in it: nothing can be known then."""
    control = next((arm for arm in arms if arm.is_control and arm.people), None)
    if control is None:
        return []
    found: list[Effect] = []
    for arm in arms:
        if not arm.is_control:
            found.append(_conversion(arm, control))
            if with_value:
                found.append(_value(arm, control))
    return found


def _conversion(arm: Arm, control: Arm) -> Effect:
    if not arm.people:
        return Effect(arm.name, "conversion", None, NOBODY)
    return Effect(arm.name, "conversion", newcombe(arm.converted, arm.people, control.converted, control.people), _caution(arm, control))


def _value(arm: Arm, control: Arm) -> Effect:
    if min(arm.people, control.people) < 2:
        return Effect(arm.name, "value", None, NOBODY)
    if arm.value.deviations == control.value.deviations == 0:
        return Effect(arm.name, "value", None, ALL_ALIKE, arm.value.mean - control.value.mean)
    return Effect(arm.name, "value", welch(arm.value, control.value), _caution(arm, control))


def _caution(arm: Arm, control: Arm) -> str:
    return TOO_SMALL if min(arm.people, control.people) < SMALLEST_ARM else ""
