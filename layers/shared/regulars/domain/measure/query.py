"""The one statement that a report is made from: assignments x outcomes x goal events x what the app reported."""

from datetime import datetime, timedelta

from sqlglot import exp

from regulars.domain.campaigns.audience import fates
from regulars.domain.campaigns.campaign import Campaign
from regulars.domain.lake import sql
from regulars.domain.lake.event_names import PUSH_RECEIVED, PUSH_TAPPED, named
from regulars.domain.language import Path
from regulars.domain.segments.compile.values import JsonValue

_CLOCK_DOUBT = timedelta(days=1)
"""Devices whose clocks are behind may report a push before it was sent."""

# Intention to treat: everybody who was assigned counts, reached or not; the clock is the same for treated and control.
_OUTCOMES = """
SELECT assigned.arm, fates.outcome, fates.reason, count(*) AS people,
  sum(CASE WHEN app.received = 1 THEN 1 ELSE 0 END) AS received,
  sum(CASE WHEN app.opened = 1 THEN 1 ELSE 0 END) AS opened,
  sum(CASE WHEN goals.user_id IS NOT NULL THEN 1 ELSE 0 END) AS converted,
  coalesce(sum(goals.events), 0) AS goal_events,
  coalesce(sum(goals.readable), 0) AS goal_values,
  avg(coalesce(goals.value, 0e0)) AS value_mean,
  coalesce(var_samp(coalesce(goals.value, 0e0)), 0e0) AS value_variance
FROM (SELECT DISTINCT user_id, arm FROM assignments WHERE run_id = :run_id) AS assigned
LEFT JOIN :fates AS fates ON fates.user_id = assigned.user_id
LEFT JOIN :goals AS goals ON goals.user_id = assigned.user_id
LEFT JOIN (
  SELECT user_id,
    max(CASE WHEN event_name = :received THEN 1 ELSE 0 END) AS received,
    max(CASE WHEN event_name = :tapped THEN 1 ELSE 0 END) AS opened
  FROM events
  WHERE event_name IN (:received, :tapped) AND event_ts >= :launched AND :told_run = :run_id
  GROUP BY user_id
) AS app ON app.user_id = assigned.user_id
GROUP BY assigned.arm, fates.outcome, fates.reason
"""

_GOALS = """
SELECT user_id, sum(amount) AS value, count(*) AS events, count(amount) AS readable
FROM (
  SELECT user_id, :amount AS amount FROM events
  WHERE :named AND event_ts >= :start AND event_ts < :end AND user_id IS NOT NULL
) AS reached
GROUP BY user_id
"""

_NO_GOALS = "SELECT user_id, 0e0 AS value, 0 AS events, 0 AS readable FROM events WHERE FALSE"


def outcomes_sql(run_id: str, campaign: Campaign, *, planned_at: datetime, launched_at: datetime, as_of: datetime) -> str:
    """One row an arm and fate: `arm, outcome, reason, people, received, opened, converted, goal_events, goal_values, value_mean, value_variance`.

    Goal events count from `planned_at` for the campaign's window, as far as it has passed at `as_of`. The value of a person is the sum over
    those events of the goal's number, and 0 for whoever has none; its variance is the sample's. `goal_values` counts the goal events where that
    number could be read.
    """
    tree = sql.statement(
        _OUTCOMES,
        {
            "run_id": sql.text(run_id),
            "fates": exp.Subquery(this=fates(run_id)),
            "goals": exp.Subquery(this=_goals(campaign, planned_at, as_of)),
            "received": sql.text(PUSH_RECEIVED),
            "tapped": sql.text(PUSH_TAPPED),
            "launched": sql.timestamp(launched_at - _CLOCK_DOUBT),
            "told_run": _property(("run_id",)).text(),
        },
    )
    return sql.printed(tree)


def _goals(campaign: Campaign, planned_at: datetime, as_of: datetime) -> exp.Expression:
    goal = campaign.goal
    if goal is None:
        return sql.statement(_NO_GOALS)
    return sql.statement(
        _GOALS,
        {
            "amount": _property(goal.value).number() if goal.value else exp.Literal.number("0e0"),
            "named": exp.and_(*named(goal.event), copy=False),
            "start": sql.timestamp(planned_at),
            "end": sql.timestamp(min(planned_at + goal.within, as_of)),
        },
    )


def _property(path: Path) -> JsonValue:
    return JsonValue(exp.column("properties"), path)
