"""Sums and means. They do not add up from slot to slot, because a running sum of fractions keeps the rounding of what has left it. So a person's rows
are laid out slot by slot, and where one has come or gone they are summed anew."""

from typing import Final, cast

from sqlglot import exp

from regulars.domain.lake.moments import Moments
from regulars.domain.lake.sql import statement
from regulars.domain.segments.compile.comparisons import compared
from regulars.domain.segments.compile.spelled import of_events
from regulars.domain.segments.compile.spells import Spell, laid_out
from regulars.domain.segments.compile.tallies import Tallied, judged
from regulars.domain.segments.compile.values import JsonValue, number_literal
from regulars.domain.segments.functions import call
from regulars.domain.segments.measure import Aggregate
from regulars.domain.segments.rule import EventClause

_SUMMED: Final = """
SELECT user_id, slot AS from_slot, lead(slot, 1, :never) OVER (PARTITION BY user_id ORDER BY slot) AS to_slot, verdict
FROM (
  SELECT spelled.user_id, slots.slot, :verdict AS verdict
  FROM :spelled AS spelled JOIN :slots ON slots.slot >= spelled.begin_row AND slots.slot <= spelled.end_row
  WHERE spelled.begin_row < spelled.end_row
  GROUP BY spelled.user_id, slots.slot
  HAVING max(spelled.begin_row) = slots.slot OR min(spelled.end_row) = slots.slot
) AS summed
"""
"""A row is laid out as far as the slot where it has gone, so that there is a sum there, without it."""

_THERE: Final = "CASE WHEN slots.slot < spelled.end_row THEN spelled.value END"

_ROW: Final = "row"
"""What the only spell of a row is called."""


def summed(clause: EventClause, measure: Aggregate, moments: Moments) -> exp.Select:
    """Of each person, from each slot at which an event of theirs comes or goes to the next: the `verdict`."""
    value = exp.alias_(JsonValue(exp.column("properties"), measure.path).number(), "value")
    spell = Spell().during(clause.period, moments).meeting(clause.where, moments)
    spelled = laid_out(of_events(clause.name, [clause.period], moments), {_ROW: spell}, ["user_id", value], moments)
    verdict = compared(call(measure.function, statement(_THERE)), measure.test, number_literal)
    values = {"verdict": verdict, "spelled": exp.Subquery(this=spelled), "slots": moments.slots("slots"), "never": moments.never}
    return cast(exp.Select, statement(_SUMMED, values))


def judged_sum(clause: EventClause, name: str) -> Tallied:
    """Over rows with `verdict`, of which a person has one at a time."""
    answered = exp.Is(this=exp.column("verdict"), expression=exp.Not(this=exp.null()))
    return judged(clause, name, Spell().where([answered]), Spell().where([exp.column("verdict")]))
