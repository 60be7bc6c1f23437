"""The one statement that a report is made from: assignments x outcomes x goal events x what the app reported."""

from datetime import datetime, timedelta
from typing import cast

from sqlglot import exp

from regulars.domain.campaigns.audience import fates
from regulars.domain.campaigns.campaign import Campaign
from regulars.domain.delivery.global_control import HELD_OUT
from regulars.domain.lake import sql
from regulars.domain.lake.event_names import PUSH_RECEIVED, PUSH_TAPPED, named
from regulars.domain.lake.owners import OWNERS, join_owners, owners, person
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
FROM (SELECT DISTINCT user_id, arm FROM assignments WHERE run_id = :run_id AND arm <> :held_out) AS assigned
LEFT JOIN :fates AS fates ON fates.user_id = assigned.user_id
LEFT JOIN owners AS renamed ON renamed.owned_kind = 'user' AND renamed.owned_id = assigned.user_id
LEFT JOIN :goals AS goals ON goals.user_id = coalesce(renamed.owner_id, assigned.user_id)
LEFT JOIN :app AS app ON app.user_id = coalesce(renamed.owner_id, assigned.user_id)
GROUP BY assigned.arm, fates.outcome, fates.reason
"""

# Who taps a push has received it, whatever became of the other call: each of these events says so.
_APP = """
SELECT :person AS user_id,
  1 AS received,
  max(CASE WHEN event_name = :tapped THEN 1 ELSE 0 END) AS opened
FROM events
WHERE event_name IN (:received, :tapped) AND event_ts >= :launched AND :told_run = :run_id
GROUP BY :person
"""

_REACHED = """
SELECT :person AS user_id, :amount AS amount FROM events WHERE :named AND event_ts >= :start AND event_ts < :end AND :person IS NOT NULL
"""

_GOALS = """
SELECT user_id, sum(amount) AS value, count(*) AS events, count(amount) AS readable
FROM :reached AS reached
GROUP BY user_id
"""

_NO_GOALS = "SELECT user_id, 0e0 AS value, 0 AS events, 0 AS readable FROM events WHERE FALSE"


def outcomes_sql(run_id: str, campaign: Campaign, *, planned_at: datetime, launched_at: datetime, as_of: datetime) -> str:
    """One row an arm and fate: `arm, outcome, reason, people, received, opened, converted, goal_events, goal_values, value_mean, value_variance`.

    Goal events count from `planned_at` for the campaign's window, as far as it has passed at `as_of`. The value of a person is the sum over
    those events of the goal's number, and 0 for whoever has none; its variance is the sample's. `goal_values` counts the goal events where that
    number could be read. What was anonymous counts for whoever has claimed it by `as_of`, and what somebody did who became another person by then,
    for both ids.
    """
    parts = {"fates": fates(run_id), "goals": _goals(campaign, planned_at, as_of), "app": _app(run_id, launched_at)}
    tree = sql.statement(
        _OUTCOMES, {"run_id": sql.text(run_id), "held_out": sql.text(HELD_OUT), **{name: exp.Subquery(this=part) for name, part in parts.items()}}
    )
    return sql.printed(cast(exp.Select, tree).with_(OWNERS, as_=owners(as_of), copy=False))


def _app(run_id: str, launched_at: datetime) -> exp.Expression:
    values = {
        "run_id": sql.text(run_id),
        "received": sql.text(PUSH_RECEIVED),
        "tapped": sql.text(PUSH_TAPPED),
        "launched": sql.timestamp(launched_at - _CLOCK_DOUBT),
        "told_run": _property(("run_id",)).text(),
        "person": person(),
    }
    return join_owners(cast(exp.Select, sql.statement(_APP, values)))


def _goals(campaign: Campaign, planned_at: datetime, as_of: datetime) -> exp.Expression:
    goal = campaign.goal
    if goal is None:
        return sql.statement(_NO_GOALS)
    values = {
        "amount": _property(goal.value).number() if goal.value else exp.Literal.number("0e0"),
        "named": exp.and_(*named(goal.event), copy=False),
        "start": sql.timestamp(planned_at),
        "end": sql.timestamp(min(planned_at + goal.within, as_of)),
        "person": person(),
    }
    reached = join_owners(cast(exp.Select, sql.statement(_REACHED, values)))
    return sql.statement(_GOALS, {"reached": exp.Subquery(this=reached)})


def _property(path: Path) -> JsonValue:
    return JsonValue(exp.column("properties"), path)
