"""The one statement that the report of a journey is made from. It is that of a run (`query`) with a start of its own for each person: the moment at
which they came in, or would have, were they not held out.

`events` is read once: who came in and what the journey did (`journeys.trail`), the goal, the guard-rails, identify calls, and what apps
reported. Whose each row is, is looked up once; and each person's start is the first entry among their rows.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final, NamedTuple, cast

from sqlglot import exp

from regulars.domain.goals import Goal
from regulars.domain.journeys.journey import Journey
from regulars.domain.lake import sql
from regulars.domain.lake.event_names import (
    JOURNEY_ENTERED,
    MESSAGE_FAILED,
    MESSAGE_SENT,
    MESSAGE_SKIPPED,
    MESSAGE_UNKNOWN,
    OTHER,
    PUSH_RECEIVED,
    PUSH_TAPPED,
)
from regulars.domain.lake.owners import OWNERS, join_owners, owners, person
from regulars.domain.lake.tables import OWN_SOURCE
from regulars.domain.lake.times import lake_moment
from regulars.domain.measure.amounts import currency, spelled
from regulars.domain.measure.guardrails import refused, watched
from regulars.domain.measure.query import did_sql, figures, summed
from regulars.domain.queries import ResultRow
from regulars.domain.reasons import NO_MESSAGE
from regulars.domain.segments.compile.values import JsonValue, finite

WITHOUT_GOAL: Final = timedelta(days=30)
"""So long after somebody came in, what became of them is counted for a journey that names no goal."""

# Texts that sort, the best first, as those of `query`'s _ASSIGNED.
_FATE: Final = """
CASE event_name WHEN :sent THEN '0' WHEN :unknown THEN '1' WHEN :failed THEN concat('2', coalesce(:reason, ''))
  WHEN :skipped THEN concat('3', coalesce(:reason, '')) END
"""

_OURS: Final = "source = :own AND event_name IN :names AND :journey = :journey_id"

_REPORTED: Final = "event_name IN (:received, :tapped) AND :journey = :journey_id"

_REFUSED: Final = "event_name = 'identify' AND type = 'identify' AND :refused"

_TOLD: Final = """
CASE WHEN :reported THEN CASE WHEN event_name = :tapped THEN 'opened' ELSE 'received' END
  WHEN :uninstalled THEN 'uninstalled' WHEN :complained THEN 'complained' WHEN :refused THEN 'unsubscribed' END
"""

_SEEN: Final = """
SELECT user_id, anonymous_id, event_ts, :told AS told, :reached AS reached,
  CASE WHEN :reached THEN :spelled END AS spelled, CASE WHEN :reached THEN :currency END AS currency,
  CASE WHEN :entered THEN event_ts END AS entered_ts, CASE WHEN :entered THEN :arm END AS arm, CASE WHEN :delivered THEN :became END AS fate
FROM events
WHERE :in_partitions AND event_ts >= :earliest AND event_ts < :end AND (:wanted OR :entered OR :delivered OR :reported OR :refused)
"""

_WHOSE: Final = """
SELECT :person AS user_id, seen.event_ts AS event_ts, told, reached, :finite AS amount, currency, entered_ts, arm, fate
FROM :seen AS seen
"""

_SINCE: Final = """
SELECT user_id, event_ts, told, reached, amount, currency, entered_ts, arm, fate, min(entered_ts) OVER (PARTITION BY user_id) AS start_ts
FROM :whose AS whose
WHERE user_id IS NOT NULL
"""

_WITHIN: Final = """
SELECT * FROM :since AS since
WHERE event_ts >= date_add('second', :minus, start_ts) AND event_ts < date_add('second', :seconds, start_ts)
"""

# Whoever was held out of one run and not of another has no arm, and nobody can say what the journey did to them.
_RUN: Final = (
    "CASE WHEN min(arm) = max(arm) THEN max(arm) END AS arm",
    "coalesce(min(fate), :no_message) AS fate",
    "min(start_ts) AS start_ts",
)


class Entries(NamedTuple):
    """When the first and the last of those came in who are counted."""

    first: datetime
    last: datetime


def journey_outcomes(journey: Journey, *, since: datetime, as_of: datetime) -> exp.Select:
    """The rows of `query.outcomes`, of who came into the journey from `since` on, with `first_start_ts` and `last_start_ts` beside them.

    Each person counts once, from their first entry in the span: for the goal's window from then on, as far as it has passed at `as_of`, and for as
    long before it. Held out or not, the clock is the same. Ids that have become one person's by `as_of` are one person. `outcome` is the best that
    became of a message of the journey in that window, and `no_message` where their way led to none.
    """
    within = journey.goal.within if journey.goal else WITHOUT_GOAL
    start = exp.column("start_ts", "scanned")
    did = did_sql(_scanned(journey, since, as_of, within), exp.column("user_id", "scanned"), journey.goal, start=start)
    did = did.select(*(sql.statement(each, _no_message(each)) for each in _RUN), copy=False)
    people = figures(exp.column("arm", "did"), exp.column("fate", "did"), start=exp.column("start_ts", "did"))
    people = people.select(exp.column("start_ts", "did"), copy=False).from_(exp.Subquery(this=did).as_("did"), copy=False)
    tree = summed(people).select("min(start_ts) AS first_start_ts", "max(start_ts) AS last_start_ts", dialect=sql.DIALECT, copy=False)
    return tree.with_(OWNERS, as_=owners(as_of), copy=False)


def entries(rows: Iterable[ResultRow]) -> Entries | None:
    """None where nobody came in."""
    known = [(lake_moment(first), lake_moment(last)) for row in rows if (first := row["first_start_ts"]) and (last := row["last_start_ts"])]
    return Entries(min(first for first, _ in known), max(last for _, last in known)) if known else None


def _scanned(journey: Journey, since: datetime, as_of: datetime, within: timedelta) -> exp.Query:
    seen = exp.Subquery(this=_seen(journey, since, as_of, within))
    whose = join_owners(
        cast(exp.Select, sql.statement(_WHOSE, {"seen": seen, "person": person("seen"), "finite": finite(exp.column("spelled"))})), "seen"
    )
    started = sql.statement(_SINCE, {"whose": exp.Subquery(this=whose)})
    seconds = int(within.total_seconds())
    span = {"since": exp.Subquery(this=started), "seconds": sql.whole(seconds), "minus": sql.whole(-seconds)}
    return cast(exp.Query, sql.statement(_WITHIN, span))


def _seen(journey: Journey, since: datetime, as_of: datetime, within: timedelta) -> exp.Expression:
    named, goal = watched(), journey.goal
    told = {name: _called(named[name]) for name in ("uninstalled", "complained")}
    goals = (goal.event,) if goal else ()
    delivered = (MESSAGE_SENT, MESSAGE_UNKNOWN, MESSAGE_FAILED, MESSAGE_SKIPPED)
    reported = _reported(journey.id)
    refusal = sql.statement(_REFUSED, {"refused": refused(exp.column("traits"), journey.delivery.purpose)})
    entered = exp.and_(_ours(journey.id, (JOURNEY_ENTERED,)), exp.GTE(this=exp.column("event_ts"), expression=sql.timestamp(since)))
    wanted = (*goals, *(name for each in named.values() for name in each))
    partitions = (*wanted, "identify", OTHER, JOURNEY_ENTERED, *delivered, PUSH_RECEIVED, PUSH_TAPPED)
    values = {
        "told": sql.statement(_TOLD, {"reported": reported, "tapped": sql.text(PUSH_TAPPED), "refused": refusal, **told}),
        "reached": _called(goals) if goals else exp.false(),
        **_worth(goal),
        "entered": exp.paren(entered),
        "arm": _property("arm"),
        "delivered": exp.paren(_ours(journey.id, delivered)),
        "became": _became(),
        "in_partitions": _in(exp.column("event_name"), partitions),
        "earliest": sql.timestamp(since - within),
        "end": sql.timestamp(as_of),
        "wanted": _called(wanted),
        "reported": exp.paren(reported),
        "refused": exp.paren(refusal),
    }
    return sql.statement(_SEEN, values)


def _worth(goal: Goal | None) -> dict[str, exp.Expr]:
    if goal is None:
        return {"spelled": exp.Literal.number("0e0"), "currency": exp.Cast(this=exp.null(), to=exp.DataType.build("varchar"))}
    return {"spelled": spelled(goal), "currency": currency(goal)}


def _ours(journey_id: str, names: Iterable[str]) -> exp.Expression:
    listed = exp.Tuple(expressions=[sql.text(name) for name in names])
    return sql.statement(_OURS, {"own": sql.text(OWN_SOURCE), "names": listed, "journey": _property("journey"), "journey_id": sql.text(journey_id)})


def _reported(journey_id: str) -> exp.Expression:
    names = {"received": sql.text(PUSH_RECEIVED), "tapped": sql.text(PUSH_TAPPED)}
    return sql.statement(_REPORTED, {**names, "journey": _property("journey_id"), "journey_id": sql.text(journey_id)})


def _became() -> exp.Expression:
    names = {"sent": MESSAGE_SENT, "unknown": MESSAGE_UNKNOWN, "failed": MESSAGE_FAILED, "skipped": MESSAGE_SKIPPED}
    return sql.statement(_FATE, {**{name: sql.text(event) for name, event in names.items()}, "reason": _property("reason")})


def _no_message(text: str) -> dict[str, exp.Expr]:
    return {"no_message": sql.text(f"3{NO_MESSAGE}")} if ":no_message" in text else {}


def _property(name: str) -> exp.Expr:
    return JsonValue(exp.column("properties"), (name,)).text()


def _called(names: Iterable[str]) -> exp.Expr:
    return _in(sql.statement("coalesce(other_name, event_name)"), names)


def _in(value: exp.Expr, names: Iterable[str]) -> exp.In:
    return exp.In(this=value, expressions=[sql.text(name) for name in dict.fromkeys(names)])
