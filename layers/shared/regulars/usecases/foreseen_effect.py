"""What a run's control group would show, found out while its people are, and their messages are made: Athena looks at the past meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from regulars.domain.campaigns.campaign import Campaign
from regulars.domain.campaigns.foresight import Detectable, Problem, Tally
from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.campaigns.run import Run
from regulars.domain.goals import Goal
from regulars.domain.lake.sql import printed
from regulars.domain.measure.history import Past, past_sql, read_past, usual_span
from regulars.domain.measure.power_figures import detectable, shows_little
from regulars.domain.measure.power_sentence import unseen
from regulars.ports import QueryEngine


@dataclass(frozen=True)
class ForeseenEffect:
    """What can be detected, where that is known, what is to be said of it, and what asking cost."""

    detectable: Detectable | None = None
    problems: Sequence[Problem] = ()
    cost_usd: float = 0.0


def ask_past(run: Run, *, queries: QueryEngine) -> str:
    """Starts the query for what the audience did before; none, and an empty id, for a campaign without a goal."""
    goal = parse_campaign(run.campaign.document).goal
    return queries.start(printed(past_sql(run, goal, usual_span(goal)))) if goal else ""


def foreseen_effect(run: Run, tally: Tally, query_id: str, *, within: timedelta, queries: QueryEngine) -> ForeseenEffect:
    """Of the groups that were counted, by the query that `ask_past` started. That it failed, or takes longer than `within`, is no failure of the
    preflight."""
    campaign = parse_campaign(run.campaign.document)
    if campaign.goal is None:
        return ForeseenEffect()
    query = queries.wait(query_id, within=max(within, timedelta(0)))
    if query.state != "succeeded":
        why = f"what the control group can show could not be found out: {query.reason or 'the query takes too long'}"
        return ForeseenEffect(problems=[Problem("warning", "goal", why, 0)], cost_usd=query.cost_usd)
    past = read_past(next(queries.fetched(query_id)), campaign.goal, usual_span(campaign.goal))
    return _of_groups(campaign, campaign.goal, past, tally, query.cost_usd)


def _of_groups(campaign: Campaign, goal: Goal, past: Past, tally: Tally, cost_usd: float) -> ForeseenEffect:
    if not past.people:
        return ForeseenEffect(cost_usd=cost_usd)
    found = detectable(campaign, goal, past, tally.audience - tally.control, tally.control)
    if not tally.control or not shows_little(found):
        return ForeseenEffect(found, cost_usd=cost_usd)
    why = unseen(found, tally.control, goal.event, campaign.id)
    return ForeseenEffect(found, [Problem("warning", "control.percent", why, tally.control)], cost_usd)
