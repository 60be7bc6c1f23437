"""The report of a run, as `campaign report --json` shows it (docs/campaigns.md)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from regulars.domain.campaigns.arms import bounds
from regulars.domain.campaigns.campaign import Campaign, Goal
from regulars.domain.campaigns.run import Dollars, Run, RunState
from regulars.domain.measure.arm import Arm, read_arms
from regulars.domain.measure.effect import METHODS, Effect, effects
from regulars.domain.measure.figures import ArmFigures, EffectFigures
from regulars.domain.measure.sentence import sentence
from regulars.domain.queries import ResultRow


@dataclass(frozen=True)
class GoalWindow:
    """When goal events count: from `start` up to `end`, which has passed where it is `closed`."""

    start: datetime
    end: datetime
    closed: bool


@dataclass(frozen=True)
class Report:
    """`as_of` is the moment up to which outcomes were counted; `window` is None for a campaign without a goal."""

    run_id: str
    campaign: str
    state: RunState
    as_of: datetime
    sentence: str
    arms: Sequence[ArmFigures]
    effect: Sequence[EffectFigures]
    window: GoalWindow | None
    cost: Dollars


def report(run: Run, campaign: Campaign, rows: Sequence[ResultRow], *, as_of: datetime, cost: Dollars) -> Report:
    """`rows` are those of `query.outcomes_sql`."""
    arms = read_arms([arm for arm, _ in bounds(campaign)], rows)
    goal = campaign.goal
    found = effects(arms, with_value=bool(goal.value)) if goal else []
    window = _window(goal, run.planned_at, as_of) if goal else None
    return Report(
        run_id=run.run_id,
        campaign=campaign.id,
        state=run.state,
        as_of=as_of,
        sentence=sentence(campaign, arms, found, closed=window is None or window.closed, rehearsal=not run.sends),
        arms=[_arm(arm, with_value=bool(goal and goal.value)) for arm in arms],
        effect=[_effect(effect) for effect in found],
        window=window,
        cost=cost,
    )


def _window(goal: Goal, planned_at: datetime, as_of: datetime) -> GoalWindow:
    end = planned_at + goal.within
    return GoalWindow(planned_at, end, closed=as_of >= end)


def _arm(arm: Arm, *, with_value: bool) -> ArmFigures:
    value, unreadable = round(arm.total_value, 2), arm.unreadable if with_value else 0
    outcomes, told = (arm.sent, arm.unknown, arm.failed, arm.skipped), (arm.received, arm.opened, arm.converted)
    return ArmFigures(arm.name, arm.people, *outcomes, *told, value, arm.goal_events, unreadable)


def _effect(effect: Effect) -> EffectFigures:
    interval, note = effect.interval, effect.note or None
    method = METHODS[effect.metric]
    if interval is None:
        return EffectFigures(effect.variant, effect.metric, method, effect.difference, None, None, note)
    return EffectFigures(effect.variant, effect.metric, method, interval.difference, interval.low, interval.high, note)
