"""What the page reads off a report, beyond its figures as they are: which estimate is the one to go by, and what it means for all people together."""

from collections.abc import Sequence
from dataclasses import dataclass

from regulars.domain.campaigns.campaign import CONTROL
from regulars.domain.measure.effect import PAST_MATTERS
from regulars.domain.measure.figures import ArmFigures, EffectFigures
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


def headline(effect: EffectFigures, *, early: bool) -> Headline | None:
    """While the window is open, the interval that allows looking every day, if there is one yet; else the one that the verdict was taken from."""
    if effect.difference is None or effect.low is None or effect.high is None:
        return None
    if early:
        return Headline(effect.difference, effect.anytime.low, effect.anytime.high) if effect.anytime else None
    past = effect.adjusted if effect.metric == "value" else None
    if past is not None and past.explained >= PAST_MATTERS:
        return Headline(past.difference, past.low, past.high)
    return Headline(effect.difference, effect.low, effect.high)


def control_of(report: Report) -> ArmFigures | None:
    return next((arm for arm in report.arms if arm.arm == CONTROL), None)


def treated_of(report: Report) -> Sequence[ArmFigures]:
    return [arm for arm in report.arms if arm.arm != CONTROL]
