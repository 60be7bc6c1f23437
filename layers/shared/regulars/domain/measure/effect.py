"""Treated minus control, variant by variant."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from regulars.domain.measure.arm import Arm
from regulars.domain.measure.intervals import Interval, newcombe, welch

SMALLEST_ARM = 10
"""Ours: with fewer people in an arm an interval spans half the scale, and a number would only mislead."""

Metric = Literal["conversion", "value"]
METHODS: dict[Metric, str] = {"conversion": "newcombe", "value": "welch"}


TOO_SMALL = f"an arm has fewer than {SMALLEST_ARM} people"
ALL_ALIKE = "everybody has the same value, so there is nothing to estimate from"


@dataclass(frozen=True)
class Effect:
    """`interval` is None where none can be given, and `note` says why; conversion is a difference of shares (0.01 is a point), value one per head."""

    variant: str
    metric: Metric
    interval: Interval | None
    note: str = ""

    def document(self) -> dict[str, Any]:
        shown = {"variant": self.variant, "metric": self.metric, "method": METHODS[self.metric]}
        if self.interval is None:
            return {**shown, "difference": None, "low": None, "high": None, "note": self.note}
        return {**shown, "difference": self.interval.difference, "low": self.interval.low, "high": self.interval.high}


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
    if min(arm.people, control.people) < SMALLEST_ARM:
        return Effect(arm.name, "conversion", None, TOO_SMALL)
    return Effect(arm.name, "conversion", newcombe(arm.converted, arm.people, control.converted, control.people))


def _value(arm: Arm, control: Arm) -> Effect:
    if min(arm.people, control.people) < SMALLEST_ARM:
        return Effect(arm.name, "value", None, TOO_SMALL)
    if arm.value.deviations == control.value.deviations == 0:
        return Effect(arm.name, "value", None, ALL_ALIKE)
    return Effect(arm.name, "value", welch(arm.value, control.value))
