"""The one statement that a report is made from: assignments x fates x what people did before and after x what the app reported.

It reads each partition of `events` once: those of the goal, of the guard-rails and of identify calls, for the window and as long before it; and those
of what the app reports of pushes, which are always its own (`event_names.ALWAYS_OWN`), since the launch. Whose all that is, is looked up once.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, cast

from sqlglot import exp

from regulars.domain.campaigns.campaign import Campaign
from regulars.domain.delivery.global_control import HELD_OUT
from regulars.domain.goals import Goal
from regulars.domain.lake import sql
from regulars.domain.lake.event_names import OTHER, PUSH_RECEIVED, PUSH_TAPPED
from regulars.domain.lake.owners import OWNERS, join_owners, owners, person
from regulars.domain.measure.amounts import counts, currency, spelled
from regulars.domain.measure.guardrails import refused, watched
from regulars.domain.measure.paired import MOST_LARGE
from regulars.domain.segments.compile.values import JsonValue, finite

_CLOCK_DOUBT: Final = timedelta(days=1)
"""Devices whose clocks are behind may report a push before it was sent."""

_REPORTED: Final = timedelta(days=60)
"""So long after the launch, what an app reports of a push is read: FCM gives a push up after four weeks
(https://firebase.google.com/docs/cloud-messaging/concept-options#ttl), and a report costs no more the older its run is."""

# Intention to treat: everybody who was assigned counts, reached or not; the clock is the same for treated and control. That two amounts vary together
# is in the variance of their sum: Var(X + Y) = Var(X) + Var(Y) + 2 Cov(X, Y).
_SUMMED: Final = """
SELECT arm,
  CASE substr(fate, 1, 1) WHEN '0' THEN 'sent' WHEN '1' THEN 'unknown' WHEN '2' THEN 'failed' WHEN '3' THEN 'skipped' END AS outcome,
  substr(fate, 2) AS reason, count(*) AS people,
  sum(received) AS received, sum(opened) AS opened, sum(direct) AS direct,
  sum(converted) AS converted, sum(converted_before) AS converted_before, sum(converted * converted_before) AS converted_both,
  sum(goal_events) AS goal_events, sum(goal_values) AS goal_values, sum(foreign_events) AS foreign_events,
  array_agg(DISTINCT least_currency) AS least_currencies, array_agg(DISTINCT greatest_currency) AS greatest_currencies,
  avg(amount) AS value_mean, coalesce(var_samp(amount), 0e0) AS value_variance,
  avg(before) AS before_mean, coalesce(var_samp(before), 0e0) AS before_variance, coalesce(var_samp(amount + before), 0e0) AS both_variance,
  max_by(ARRAY[amount, before], greatest(abs(amount), abs(before)), :most) FILTER (WHERE amount <> 0e0 OR before <> 0e0) AS largest,
  sum(unsubscribed) AS unsubscribed, sum(uninstalled) AS uninstalled, sum(complained) AS complained
FROM :people AS people
GROUP BY arm, fate
"""

_FIGURES: Final = """
  SELECT :arm, :fate,
    coalesce(did.received, 0) AS received, coalesce(did.opened, 0) AS opened,
    CASE WHEN did.goal_events > 0 AND did.last_goal_ts > did.first_tap_ts THEN 1 ELSE 0 END AS direct,
    CASE WHEN did.goal_events > 0 THEN 1 ELSE 0 END AS converted, CASE WHEN did.goals_before > 0 THEN 1 ELSE 0 END AS converted_before,
    coalesce(did.goal_events, 0) AS goal_events, coalesce(did.goal_values, 0) AS goal_values, coalesce(did.foreign_events, 0) AS foreign_events,
    did.least_currency, did.greatest_currency, coalesce(did.amount, 0e0) AS amount, coalesce(did.before, 0e0) AS before,
    CASE WHEN did.first_refusal_ts >= :start THEN 1 ELSE 0 END AS unsubscribed,
    coalesce(did.uninstalled, 0) AS uninstalled, coalesce(did.complained, 0) AS complained
"""

# Every person in an arm, once, with the best that any of their devices had (`audience.fates`), as a text that sorts: its place, then the reason. In
# one group of both tables, because to join them takes three times as long. Ids that have become one person count as one; where they were in several
# arms, or one of them was held out of all campaigns, nobody can say what the message did to that person, who is then in no arm.
_ASSIGNED: Final = """
SELECT coalesce(renamed.owner_id, both.user_id) AS user_id,
  CASE WHEN min(both.arm) = max(both.arm) THEN max(both.arm) END AS arm, min(both.fate) AS fate
FROM (
  SELECT user_id, arm, CAST(NULL AS VARCHAR) AS fate FROM assignments WHERE run_id = :run_id
  UNION ALL
  SELECT user_id, CAST(NULL AS VARCHAR) AS arm,
    concat(CASE outcome WHEN 'sent' THEN '0' WHEN 'unknown' THEN '1' WHEN 'failed' THEN '2' ELSE '3' END, coalesce(reason, '')) AS fate
  FROM deliveries WHERE run_id = :run_id
) AS both
LEFT JOIN owners AS renamed ON renamed.owned_kind = 'user' AND renamed.owned_id = both.user_id
GROUP BY coalesce(renamed.owner_id, both.user_id)
HAVING min(both.arm) <> max(both.arm) OR max(both.arm) <> :held_out
"""

# One row a person. Who taps a push has received it, whatever became of the other call. Of those who said no, the first time in both spans is looked
# for: whoever had said it before, and says it again with each call, as SDKs do, has not unsubscribed because of the message.
_DID: Final = """
SELECT :person AS user_id,
  max(CASE WHEN told IN ('received', 'opened') THEN 1 ELSE 0 END) AS received,
  max(CASE WHEN told = 'opened' THEN 1 ELSE 0 END) AS opened,
  min(CASE WHEN told = 'opened' THEN event_ts END) AS first_tap_ts,
  max(CASE WHEN reached THEN event_ts END) AS last_goal_ts,
  count(CASE WHEN reached AND event_ts >= :start THEN 1 END) AS goal_events,
  count(CASE WHEN reached AND event_ts < :start THEN 1 END) AS goals_before,
  count(CASE WHEN event_ts >= :start AND :counts THEN amount END) AS goal_values,
  count(CASE WHEN event_ts >= :start AND NOT :counts THEN 1 END) AS foreign_events,
  min(CASE WHEN event_ts >= :start THEN currency END) AS least_currency,
  max(CASE WHEN event_ts >= :start THEN currency END) AS greatest_currency,
  sum(CASE WHEN event_ts >= :start AND :counts THEN amount END) AS amount,
  sum(CASE WHEN event_ts < :start AND :counts THEN amount END) AS before,
  min(CASE WHEN told = 'unsubscribed' THEN event_ts END) AS first_refusal_ts,
  max(CASE WHEN told = 'uninstalled' AND event_ts >= :start THEN 1 ELSE 0 END) AS uninstalled,
  max(CASE WHEN told = 'complained' AND event_ts >= :start THEN 1 ELSE 0 END) AS complained
FROM :scanned AS scanned
WHERE :person IS NOT NULL
GROUP BY :person
"""

_ACTED: Final = """
SELECT user_id, anonymous_id, event_ts, told, reached, :finite AS amount, currency
FROM (
  SELECT user_id, anonymous_id, event_ts, :told AS told, :called = :goal AS reached,
    CASE WHEN :called = :goal THEN :spelled END AS spelled, CASE WHEN :called = :goal THEN :currency END AS currency
  FROM events
  WHERE :in_partitions AND event_ts >= :earliest AND event_ts < :end AND (:named OR :refused)
) AS acted
"""

_CALLED: Final = "coalesce(other_name, event_name)"

_REFUSED: Final = "event_name = 'identify' AND type = 'identify' AND :refused"

_TOLD: Final = """
CASE WHEN :uninstalled THEN 'uninstalled' WHEN :complained THEN 'complained' WHEN :called <> :goal THEN 'unsubscribed' END
"""

_REPORTS: Final = """
SELECT user_id, anonymous_id, event_ts, CASE WHEN event_name = :tapped THEN 'opened' ELSE 'received' END AS told, FALSE AS reached,
  CAST(NULL AS DOUBLE) AS amount, CAST(NULL AS VARCHAR) AS currency
FROM events
WHERE event_name IN (:received, :tapped) AND event_ts >= :launched AND event_ts < :until AND :told_run = :run_id
"""


def outcomes(run_id: str, campaign: Campaign, *, planned_at: datetime, launched_at: datetime, as_of: datetime) -> exp.Select:
    """One row an arm and fate: `arm`, `outcome`, `reason`, and of its `people` those of each column of `_SUMMED`, as `arm.Arm` reads them. Those
    without an arm are who had ids in several.

    Goal events count from `planned_at` for the campaign's window, as far as it has passed at `as_of`, and those of as long a span before it as what
    the same people had done. The value of a person is the sum over those events of the goal's number, and 0 for whoever has none; variances are the
    sample's. `goal_values` counts the goal events where that number could be read, `foreign_events` those in another currency than the goal's, which
    are left out. `largest` are the amounts after and before of the people with the most, if any. Everything is finite: no amount is more than
    `limits.GREATEST_NUMBER`, so that even the squares of everybody's on earth add up. What was anonymous counts for whoever has claimed it by
    `as_of`, and what somebody did who became another person by then, for that person, once.
    """
    assigned = exp.Subquery(this=sql.statement(_ASSIGNED, {"run_id": sql.text(run_id), "held_out": sql.text(HELD_OUT)}))
    theirs = exp.Subquery(this=_did(run_id, campaign, planned_at, launched_at, as_of)).as_("did")
    people = figures(exp.column("arm", "assigned"), exp.column("fate", "assigned"), start=sql.timestamp(planned_at))
    people = people.from_(assigned.as_("assigned"), copy=False).join(theirs, on="did.user_id = assigned.user_id", join_type="LEFT", copy=False)
    return summed(people).with_(OWNERS, as_=owners(as_of), copy=False)


def summed(people: exp.Select) -> exp.Select:
    """The answer, of rows of `figures`."""
    return cast(exp.Select, sql.statement(_SUMMED, {"people": exp.Subquery(this=people), "most": exp.Literal.number(MOST_LARGE)}))


def figures(arm: exp.Expression, fate: exp.Expression, *, start: exp.Expression) -> exp.Select:
    """What each person adds, by `did`, the rows of `did_sql`; the window begins at `start`."""
    return cast(exp.Select, sql.statement(_FIGURES, {"arm": arm, "fate": fate, "start": start}))


def did_sql(scanned: exp.Query, whose: exp.Expression, goal: Goal | None, *, start: exp.Expression) -> exp.Select:
    """One row a person, by what they did and what was told of them."""
    values = {"start": start, "counts": counts(goal), "scanned": exp.Subquery(this=scanned), "person": whose}
    return cast(exp.Select, sql.statement(_DID, values))


def _did(run_id: str, campaign: Campaign, planned_at: datetime, launched_at: datetime, as_of: datetime) -> exp.Expression:
    scanned: exp.Query = _reports(run_id, launched_at)
    goal = campaign.goal
    if goal:
        scanned = exp.union(_acted(campaign, goal, planned_at, as_of), scanned, distinct=False, copy=False)
    return join_owners(did_sql(scanned, person("scanned"), goal, start=sql.timestamp(planned_at)), "scanned")


def _acted(campaign: Campaign, goal: Goal, planned_at: datetime, as_of: datetime) -> exp.Query:
    called, event = sql.statement(_CALLED), sql.text(goal.event)
    names = watched(campaign.guardrails)
    told = {name: _in(called, names[name]) for name in ("uninstalled", "complained")}
    wanted = (goal.event, *(name for each in names.values() for name in each))
    values = {
        "called": called,
        "goal": event,
        "told": sql.statement(_TOLD, {"called": called, "goal": event, **told}),
        "spelled": spelled(goal),
        "finite": finite(exp.column("spelled")),
        "currency": currency(goal),
        "in_partitions": _in(exp.column("event_name"), (*wanted, "identify", OTHER)),
        "named": _in(called, wanted),
        "refused": sql.statement(_REFUSED, {"refused": refused(exp.column("traits"), campaign.delivery.purpose)}),
        "earliest": sql.timestamp(planned_at - goal.within),
        "end": sql.timestamp(min(planned_at + goal.within, as_of)),
    }
    return cast(exp.Query, sql.statement(_ACTED, values))


def _reports(run_id: str, launched_at: datetime) -> exp.Query:
    values = {
        "run_id": sql.text(run_id),
        "received": sql.text(PUSH_RECEIVED),
        "tapped": sql.text(PUSH_TAPPED),
        "launched": sql.timestamp(launched_at - _CLOCK_DOUBT),
        "until": sql.timestamp(launched_at + _REPORTED),
        "told_run": JsonValue(exp.column("properties"), ("run_id",)).text(),
    }
    return cast(exp.Query, sql.statement(_REPORTS, values))


def _in(value: exp.Expr, names: Sequence[str]) -> exp.In:
    return exp.In(this=value.copy(), expressions=[sql.text(name) for name in dict.fromkeys(names)])
