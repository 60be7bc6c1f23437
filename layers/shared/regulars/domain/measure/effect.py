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


@dataclass(frozen=True)
class Effect:
    """`interval` is None where an arm is too small for one; conversion is a difference of shares (0.01 is a point), value one per head."""

    variant: str
    metric: Metric
    interval: Interval | None

    def document(self) -> dict[str, Any]:
        shown = {"variant": self.variant, "metric": self.metric, "method": METHODS[self.metric]}
        if self.interval is None:
            return {**shown, "difference": None, "low": None, "high": None, "note": f"an arm has fewer than {SMALLEST_ARM} people"}
        return {**shown, "difference": self.interval.difference, "low": self.interval.low, "high": self.interval.high}


def effects(arms: Sequence[Arm], *, with_value: bool) -> list[Effect]:
    """Empty where there is no control arm with people in it: nothing can be known then."""
    control = next((arm for arm in arms if arm.is_control and arm.people), None)
    if control is None:
        return []
    found: list[Effect] = []
    for arm in arms:
        if arm.is_control:
            continue
        enough = min(arm.people, control.people) >= SMALLEST_ARM
        conversion = newcombe(arm.converted, arm.people, control.converted, control.people) if enough else None
        found.append(Effect(arm.name, "conversion", conversion))
        if with_value:
            found.append(Effect(arm.name, "value", welch(arm.value, control.value) if enough else None))
    return found
