"""All that is known of what a run changed: from here the report takes its figures, and the sentence and the notes their words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from regulars.domain.goals import Goal
from regulars.domain.measure.arm import Arm
from regulars.domain.measure.effect import Contrast, Question, contrast
from regulars.domain.measure.figures import DetectableFigures, GuardrailFigures, Metric, WinnerFigures
from regulars.domain.measure.harm import harms
from regulars.domain.measure.paired import Paired
from regulars.domain.measure.power import detectable_amount, detectable_share
from regulars.domain.measure.sample_ratio import SampleRatio, sample_ratio
from regulars.domain.measure.several import judged, winner
from regulars.domain.measure.study import GoalWindow, Study

MISMATCHED = "withheld: the arms do not have the people that their buckets promise, so a difference may come from who is missing"


@dataclass(frozen=True)
class Findings:
    """`effects` are each variant against the control group, none where there is nobody in it;
    `comparisons` the variants against each other."""

    study: Study
    as_of: datetime
    arms: Sequence[Arm]
    in_several: int
    """People in none of them: their ids were in several before they were known to be one's."""
    ratio: SampleRatio
    effects: Sequence[Contrast]
    comparisons: Sequence[Contrast]
    winner: WinnerFigures
    harms: Sequence[GuardrailFigures]
    all_variants: Contrast | None
    """As one against the control group, in people who reached the goal."""
    detectable: DetectableFigures
    """Of the smallest variant with anybody in it."""

    @property
    def window(self) -> GoalWindow | None:
        """None where there is no goal."""
        return self.study.window

    @property
    def treated(self) -> Sequence[Arm]:
        return [arm for arm in self.arms if not arm.is_control]

    @property
    def control(self) -> Arm | None:
        """Where there is anybody in it."""
        return _control(self.arms)

    @property
    def sends(self) -> bool:
        """Whether anybody can have been changed by the message: nobody by a rehearsal, nor where all were skipped or failed."""
        return _sends(self.study, self.treated)

    @property
    def warnings(self) -> Sequence[GuardrailFigures]:
        """The guard-rails that a message hit."""
        sent = {arm.name for arm in self.treated if arm.was_sent}
        return [each for each in self.harms if each.verdict == "more" and each.variant in sent] if self.sends else []

    @property
    def closed(self) -> bool:
        return self.window is None or self.window.closed

    @property
    def currencies(self) -> Sequence[str]:
        """What the values that count are in: the goal's own, or those that the events name; none where they name none, or there are no values."""
        goal = self.study.goal
        if goal is None or not goal.value:
            return ()
        return (goal.currency,) if goal.currency else sorted({code for arm in self.arms for code in arm.currencies})

    @property
    def currency(self) -> str | None:
        """None as well where there are several."""
        return self.currencies[0] if len(self.currencies) == 1 else None


def find(study: Study, arms: Sequence[Arm], *, in_several: int = 0, as_of: datetime) -> Findings:
    """`arms` have all of the study's, those with nobody too; `in_several` are people whose ids were in several."""
    goal, control, window = study.goal, _control(arms), study.window
    ratio = sample_ratio({arm.name: arm.people for arm in arms}, study.bounds)
    closed = window is None or window.closed
    question = Question(
        metrics=_metrics(goal),
        seed=study.id,
        withheld="" if ratio.ok else MISMATCHED,
        no_value=no_value(goal, arms),
    )
    treated = [arm for arm in arms if not arm.is_control]
    against_control = [contrast(arm, control, metric, question) for arm in treated for metric in question.metrics] if control else []
    each_other = [contrast(b, a, metric, question) for a, b in combinations(treated, 2) for metric in question.metrics]
    effects, comparisons = judged(against_control, closed=closed), judged(each_other, closed=closed)
    all_variants = [contrast(_merged(treated), control, "conversion", question)] if control and goal else []
    return Findings(
        study=study,
        as_of=as_of,
        arms=arms,
        in_several=in_several,
        ratio=ratio,
        effects=effects,
        comparisons=comparisons,
        winner=_winner(study, ratio, effects, comparisons, sends=_sends(study, treated)),
        harms=list(harms(treated, control, withheld=question.withheld)) if control and goal else [],
        all_variants=next(iter(judged(all_variants, closed=closed)), None),
        detectable=_detectable(treated, control, question) if control and not question.withheld else DetectableFigures(),
    )


def no_value(goal: Goal | None, arms: Sequence[Arm]) -> str:
    """Said where goals were reached and not one of them has a value; else nothing."""
    events, unreadable, foreign = (sum(getattr(arm, name) for arm in arms) for name in ("goal_events", "unreadable", "foreign"))
    if goal is None or not goal.value or not events or unreadable + foreign < events:
        return ""
    none = f"none of {events:,} {goal.event} has a number at `{'.'.join(goal.value)}`"
    return f"{none} in {goal.currency}" if foreign else none


def _control(arms: Sequence[Arm]) -> Arm | None:
    return next((arm for arm in arms if arm.is_control and arm.people), None)


def _sends(study: Study, treated: Sequence[Arm]) -> bool:
    return study.sends and any(arm.was_sent for arm in treated)


def _metrics(goal: Goal | None) -> Sequence[Metric]:
    if goal is None:
        return ()
    return ("conversion", "value") if goal.value else ("conversion",)


def _detectable(treated: Sequence[Arm], control: Arm, question: Question) -> DetectableFigures:
    """What these groups would have shown, from what the control group did and how much all of these people differ."""
    arm = min((arm for arm in treated if arm.people), key=lambda arm: arm.people, default=None)
    if arm is None or not question.metrics:
        return DetectableFigures()
    conversion = detectable_share(control.conversion.mean, arm.people, control.people)
    if "value" not in question.metrics or question.no_value:
        return DetectableFigures(conversion)
    variance = (arm.value.deviations + control.value.deviations) / max(1, arm.people + control.people - 2)
    return DetectableFigures(conversion, detectable_amount(control.value.mean, variance, arm.people, control.people))


def _merged(arms: Sequence[Arm]) -> Arm:
    return Arm("treated", people=sum(arm.people for arm in arms), conversion=sum((arm.conversion for arm in arms), Paired()))


def _winner(study: Study, ratio: SampleRatio, effects: Sequence[Contrast], comparisons: Sequence[Contrast], *, sends: bool) -> WinnerFigures:
    """Nobody has won where there was no contest, or before it is over."""
    window = study.window
    told: Mapping[str, bool] = {
        f"the {study.kind} names no goal": window is None,
        "the result is withheld, because the arms do not have the people that their buckets promise": not ratio.ok,
        "nothing was sent": not sends,
        "there is only one message, so there is nothing to choose between": not comparisons,
        "nobody was held back, so it cannot be known whether any message is better than none": not effects,
        "the window is still open, and who leads now may not in the end": window is not None and not window.closed,
    }
    because = next((reason for reason, holds in told.items() if holds), None)
    return WinnerFigures(None, because) if because else winner(effects, comparisons)
