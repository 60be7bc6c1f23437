"""The report of a run, as `campaign report --json` shows it (docs/campaigns.md)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from regulars.domain.campaigns.arms import bounds
from regulars.domain.campaigns.campaign import Campaign
from regulars.domain.measure.arm import Row, read_arms
from regulars.domain.measure.effect import effects
from regulars.domain.measure.sentence import sentence


def report(run: Mapping[str, Any], campaign: Campaign, rows: Sequence[Row], *, as_of: datetime, cost: Mapping[str, Any]) -> dict[str, Any]:
    """`rows` are those of `query.outcomes_sql`; `as_of` is the moment up to which outcomes were counted."""
    arms = read_arms([arm for arm, _ in bounds(campaign)], rows)
    goal, planned_at = campaign.goal, datetime.fromisoformat(run["planned_at"])
    found = effects(arms, with_value=bool(goal.value)) if goal else []
    end = planned_at + goal.within if goal else planned_at
    return {
        "run_id": run["run_id"],
        "campaign": campaign.id,
        "state": run["state"],
        "as_of": as_of.isoformat(),
        "sentence": sentence(campaign, arms, found, closed=as_of >= end),
        "arms": [arm.document() for arm in arms],
        "effect": [one.document() for one in found],
        "window": {"from": planned_at.isoformat(), "to": end.isoformat(), "closed": as_of >= end} if goal else None,
        "cost": dict(cost),
    }
