"""What an audience did before: how many did the goal within so long, and what it came to, of those who were in it some weeks ago.

Whoever is in an audience now was chosen by what they had done by now: of people who have not bought for a month nobody has bought in a month, and
that says nothing of the next one. So the audience is taken as of then, and what its people did is read from then on, as a report will.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, cast

from sqlglot import exp

from regulars.domain.campaigns.audience import audience_at, sizes
from regulars.domain.campaigns.run import Run
from regulars.domain.goals import Goal
from regulars.domain.lake import sql
from regulars.domain.lake.event_names import named
from regulars.domain.lake.owners import OWNERS, join_owners, owners, person
from regulars.domain.measure.amounts import amount, counts, currency
from regulars.domain.queries import ResultRow

SHORTEST: Final = timedelta(days=28)
"""Four of each day of the week, unless somebody asks for less."""

_DAYS: Final = (1, 2, 3, 7, 14, 28, 56, 90)

_PAST = """
SELECT count(*) AS past_people,
  coalesce(sum(goals.events), 0) AS goal_events,
  coalesce(sum(goals.readable), 0) AS goal_values,
  coalesce(avg(coalesce(goals.value, 0e0)), 0e0) AS value_mean,
  coalesce(var_samp(coalesce(goals.value, 0e0)), 0e0) AS value_variance
FROM :audience AS member
LEFT JOIN owners AS renamed ON renamed.owned_kind = 'user' AND renamed.owned_id = member.user_id
LEFT JOIN :goals AS goals ON goals.user_id = coalesce(renamed.owner_id, member.user_id)
"""

_DID = "coalesce(sum(CASE WHEN goals.first_ts < :end THEN 1 ELSE 0 END), 0)"

_GOALS = """
SELECT user_id, min(event_ts) AS first_ts,
  sum(CASE WHEN event_ts < :closes AND :counts THEN amount END) AS value,
  sum(CASE WHEN event_ts < :closes AND :counts THEN 1 ELSE 0 END) AS events,
  count(CASE WHEN event_ts < :closes AND :counts THEN amount END) AS readable
FROM :reached AS reached
GROUP BY user_id
"""

_REACHED = """
SELECT :person AS user_id, event_ts, :amount AS amount, :currency AS currency
FROM events
WHERE :named AND event_ts >= :start AND event_ts < :end AND :person IS NOT NULL
"""

_WITH_SIZES = "SELECT * FROM :present AS present CROSS JOIN :past AS past"


@dataclass(frozen=True)
class Past:
    """The audience of so long ago (`span`), and what it did since: so many `people`, of whom so many did the goal within each window (`did`, the
    shortest first). `mean` and `variance` are of the value a head within the goal's own window: 0 where there is none. Of the `goal_events` in the
    goal's currency some are `unreadable`; those in another are left out."""

    span: timedelta
    people: int
    did: Sequence[tuple[timedelta, int]]
    mean: float
    variance: float
    goal_events: int
    unreadable: int

    def rate(self, window: timedelta) -> float:
        """The share of them who did it within one of the windows."""
        return dict(self.did)[window] / self.people if self.people else 0.0


@dataclass(frozen=True)
class Sizes:
    """The audience of now: `control` are part of the `people`, and `held_out` are not."""

    people: int
    control: int
    held_out: int


def usual_span(goal: Goal) -> timedelta:
    """How long ago the audience is taken, where nobody says."""
    return max(SHORTEST, goal.within)


def windows(goal: Goal, span: timedelta) -> Sequence[timedelta]:
    """Those that are asked of a past so long: the goal's own, and round numbers of days."""
    return sorted({goal.within, *(timedelta(days=days) for days in _DAYS if timedelta(days=days) <= span)})


def past_sql(run: Run, goal: Goal, span: timedelta) -> exp.Select:
    """One row of the past of a run's audience: of whoever was in it `span` before the run's moment, which is no shorter than the goal's window.
    Raises what compiling the audience raises."""
    since = run.as_of - span
    values = {"audience": exp.Subquery(this=audience_at(run, since)), "goals": exp.Subquery(this=_goals(goal, since, run.as_of))}
    tree = cast(exp.Select, sql.statement(_PAST, values))
    counts = [exp.alias_(sql.statement(_DID, {"end": sql.timestamp(since + window)}), _column(window)) for window in windows(goal, span)]
    return tree.select(*counts, copy=False).with_(OWNERS, as_=owners(run.as_of), copy=False)


def past_and_sizes_sql(run: Run, goal: Goal, span: timedelta) -> exp.Select:
    """The same row with how many people the audience has now. It reads the audience twice, as of two moments."""
    parts = {"present": exp.Subquery(this=sizes(run)), "past": exp.Subquery(this=past_sql(run, goal, span))}
    return cast(exp.Select, sql.statement(_WITH_SIZES, parts))


def read_past(row: ResultRow, goal: Goal, span: timedelta) -> Past:
    events = _whole(row["goal_events"])
    return Past(
        span=span,
        people=_whole(row["past_people"]),
        did=[(window, _whole(row[_column(window)])) for window in windows(goal, span)],
        mean=float(row["value_mean"] or 0),
        variance=float(row["value_variance"] or 0),
        goal_events=events,
        unreadable=events - _whole(row["goal_values"]) if goal.value else 0,
    )


def read_sizes(row: ResultRow) -> Sizes:
    return Sizes(_whole(row["people"]), _whole(row["control"]), _whole(row["held_out"]))


def _goals(goal: Goal, since: datetime, until: datetime) -> exp.Expression:
    values = {
        "amount": amount(goal),
        "currency": currency(goal),
        "named": exp.and_(*named(goal.event), copy=False),
        "start": sql.timestamp(since),
        "end": sql.timestamp(until),
        "person": person(),
    }
    reached = exp.Subquery(this=join_owners(cast(exp.Select, sql.statement(_REACHED, values))))
    return sql.statement(_GOALS, {"reached": reached, "closes": sql.timestamp(since + goal.within), "counts": counts(goal)})


def _column(window: timedelta) -> str:
    return f"did_{int(window.total_seconds())}"


def _whole(value: str | None) -> int:
    return int(value or 0)
