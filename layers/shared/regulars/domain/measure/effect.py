"""What one arm's people did more than another's: an estimate, where one can be given, and why not where none can."""

from collections.abc import Sequence
from dataclasses import dataclass

from regulars.domain.measure.arm import Arm
from regulars.domain.measure.estimate import Adjusted, Estimate, Unknown, adjusted_estimate, anytime, conversion_estimate, value_estimate
from regulars.domain.measure.figures import Bounds, JudgedBy, Method, Metric, Verdict
from regulars.domain.measure.sequential import Anytime
from regulars.domain.measure.wording import people

SMALLEST_ARM = 10
"""Ours: of fewer people an interval spans half the scale, and a number would only be quoted without it."""

PAST_MATTERS = 0.05
"""Ours: the share of the variance that the past has to explain before the verdict is taken from the adjusted estimate. Below it both say the same."""

USUAL_METHODS: dict[Metric, Method] = {"conversion": "newcombe", "value": "welch"}


@dataclass(frozen=True)
class Question:
    """What is asked of every two arms alike. `withheld` says why there is no answer to any of it."""

    metrics: Sequence[Metric]
    seed: str
    withheld: str = ""
    no_value: str = ""
    """Why there is nothing to tell about values, where no event has one."""


@dataclass(frozen=True)
class Contrast:
    """`arm` minus `against`, in people (conversion, a difference of shares) or in value a head. Without an `estimate` the `note` says why;
    `difference` may be known all the same. The `verdict`, and `p_adjusted` that it is from, come from `several.judged`."""

    arm: Arm
    against: Arm
    metric: Metric
    estimate: Estimate | None = None
    difference: float | None = None
    adjusted: Adjusted | None = None
    anytime: Anytime | None = None
    note: str = ""
    p_adjusted: float | None = None
    verdict: Verdict | None = None

    @property
    def is_adjusted(self) -> bool:
        """Whether the verdict is taken from the adjusted estimate. How much the past explains is seen in both arms together, so this can't be chosen
        for what comes out."""
        return self.metric == "value" and self.adjusted is not None and self.adjusted.explained >= PAST_MATTERS

    def judged_by(self, *, closed: bool) -> JudgedBy | None:
        """What the verdict is taken from. While the window is open people look again and again, and stop when they like what they see: until it has
        `closed` that is the interval which holds however often one looks."""
        if not closed:
            return "anytime" if self.anytime else None
        if self.is_adjusted:
            return "adjusted"
        return "plain" if self.estimate else None

    def decisive(self, *, closed: bool) -> Estimate | Anytime | None:
        return self.told(closed=True) if closed else self.anytime

    def told(self, *, closed: bool) -> Estimate | None:
        """The estimate behind the sentence, the totals and the picture. Of an open window that is the plain one: `anytime` is only wider."""
        return self.adjusted if closed and self.is_adjusted else self.estimate

    def caused(self, *, closed: bool) -> float | None:
        """By the estimate that is told, for everybody in the arm."""
        told = self.told(closed=closed)
        return told.difference * self.arm.people if told else None

    @property
    def bounds_at_any_time(self) -> Bounds | None:
        return Bounds(self.anytime.low, self.anytime.high) if self.anytime else None

    @property
    def method(self) -> Method:
        return self.estimate.method if self.estimate else USUAL_METHODS[self.metric]


def contrast(arm: Arm, against: Arm, metric: Metric, question: Question) -> Contrast:
    """Everybody who was assigned counts, reached or not."""
    if question.withheld:
        return Contrast(arm, against, metric, note=question.withheld)
    if small := too_small(arm, against):
        return Contrast(arm, against, metric, note=small)
    if metric == "value" and question.no_value:
        return Contrast(arm, against, metric, note=question.no_value)
    ours, theirs = (arm.conversion, against.conversion) if metric == "conversion" else (arm.value, against.value)
    seed = f"{question.seed} {arm.name} {against.name}"
    estimate = conversion_estimate(ours, theirs) if metric == "conversion" else value_estimate(ours, theirs, seed=seed)
    if isinstance(estimate, Unknown):
        return Contrast(arm, against, metric, difference=estimate.difference, note=estimate.note)
    adjusted, always = adjusted_estimate(ours, theirs, seed=seed), anytime(ours, theirs, metric=metric, seed=seed)
    return Contrast(arm, against, metric, estimate, estimate.difference, adjusted, always, estimate.note)


def too_small(*arms: Arm) -> str:
    small = min(arms, key=lambda arm: arm.people)
    if small.people >= SMALLEST_ARM:
        return ""
    who = "the control group" if small.is_control else f"the arm {small.name}"
    return f"{who} has {people(small.people)} in it, and of fewer than {SMALLEST_ARM} a number would say nothing"
