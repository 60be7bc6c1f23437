"""What the page reads off a report, beyond its figures as they are: which estimate is the one to go by, and what it means for all people together."""

from collections.abc import Sequence
from dataclasses import dataclass

from regulars.domain.campaigns.campaign import CONTROL
from regulars.domain.measure.figures import ArmFigures, EffectFigures, Metric
from regulars.domain.measure.report import Report


@dataclass(frozen=True)
class Headline:
    """The difference to go by, with its interval."""

    difference: float
    low: float
    high: float

    def times(self, factor: float) -> "Headline":
        return Headline(self.difference * factor, self.low * factor, self.high * factor)


def is_open(report: Report) -> bool:
    """Whether goal events still come in."""
    return report.window is not None and not report.window.closed


def headline(effect: EffectFigures) -> Headline | None:
    """What the verdict was taken from, if there is anything yet."""
    if effect.judged_by == "adjusted" and effect.adjusted:
        return Headline(effect.adjusted.difference, effect.adjusted.low, effect.adjusted.high)
    bounds = effect.anytime if effect.judged_by == "anytime" else effect
    if effect.judged_by is None or effect.difference is None or bounds is None or bounds.low is None or bounds.high is None:
        return None
    return Headline(effect.difference, bounds.low, bounds.high)


def was_sent(arm: ArmFigures) -> bool:
    """Whether anybody got the message, or may have."""
    return arm.sent + arm.unknown > 0


def effect_on(report: Report, arm: ArmFigures, metric: Metric) -> EffectFigures | None:
    return next((effect for effect in report.effect if effect.variant == arm.arm and effect.metric == metric), None)


def control_of(report: Report) -> ArmFigures | None:
    return next((arm for arm in report.arms if arm.arm == CONTROL), None)


def treated_of(report: Report) -> Sequence[ArmFigures]:
    return [arm for arm in report.arms if arm.arm != CONTROL]
