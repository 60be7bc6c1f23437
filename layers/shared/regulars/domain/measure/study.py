"""What a report is of: a run of a campaign, or a journey."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from regulars.domain.campaigns.arms import bounds
from regulars.domain.campaigns.campaign import CONTROL, Campaign
from regulars.domain.campaigns.run import Run, RunState
from regulars.domain.goals import Goal
from regulars.domain.journeys.journey import Journey
from regulars.domain.journeys.registry import Standing
from regulars.domain.lake.buckets import BUCKETS

TREATED: Final = "treated"
"""The arm of everybody in a journey who is not held out."""

_STATES: Final[dict[Standing, RunState]] = {"live": "running", "paused": "paused", "stopped": "succeeded"}


@dataclass(frozen=True)
class GoalWindow:
    """When goal events count: from `start` up to `end`, which has passed where it is `closed`. Of a journey each person's begins when they came in:
    `end` is that of the last."""

    start: datetime
    end: datetime
    closed: bool


@dataclass(frozen=True)
class Study:
    """`id` is that of the run, or the journey's own, and what is drawn by chance is drawn by it. `bounds` are those of the arms (`arms.bounds`).
    `window` is None without a goal. Nothing `sends` in a rehearsal. `held_out` are people of the global control group, who are in no arm."""

    kind: Literal["campaign", "journey"]
    id: str
    of: str
    state: RunState
    goal: Goal | None
    bounds: Sequence[tuple[str, int]]
    window: GoalWindow | None
    sends: bool = True
    held_out: int = 0

    @property
    def holds_back(self) -> bool:
        """Whether anybody is to be in the control group."""
        return any(arm == CONTROL for arm, _ in self.bounds)


def study_of_run(run: Run, campaign: Campaign, as_of: datetime) -> Study:
    goal, held_out = campaign.goal, run.counts.held_out
    window = _window(run.planned_at, run.planned_at, goal, as_of) if goal else None
    return Study("campaign", run.run_id, campaign.id, run.state, goal, bounds(campaign), window, run.sends, held_out)


def study_of_journey(journey: Journey, standing: Standing, *, first: datetime, last: datetime, as_of: datetime) -> Study:
    """Of the people who came in from `first` to `last`."""
    goal, held = journey.goal, journey.holdout_buckets
    arms = ((CONTROL, held), (TREATED, BUCKETS)) if held else ((TREATED, BUCKETS),)
    return Study("journey", journey.id, journey.id, _STATES[standing], goal, arms, _window(first, last, goal, as_of) if goal else None)


def _window(first: datetime, last: datetime, goal: Goal, as_of: datetime) -> GoalWindow:
    end = last + goal.within
    return GoalWindow(first, end, closed=as_of >= end)
