"""Clauses whose rows do not add up from slot to slot (a sum of fractions would keep the rounding of what has left it; two equal values are one):
their rows are laid out slot by slot, and each is measured anew. Out come rows of one slot each with the clause's `verdict`."""

from typing import Final, cast

from sqlglot import exp

from regulars.domain.lake.event_names import named
from regulars.domain.lake.moments import Moments
from regulars.domain.lake.sql import statement
from regulars.domain.segments.compile.comparisons import compared
from regulars.domain.segments.compile.sequences import happened, moment_columns, reaching_all
from regulars.domain.segments.compile.spelled import of_events, of_steps
from regulars.domain.segments.compile.spells import Spell, laid_out
from regulars.domain.segments.compile.tallies import Tallied, judged
from regulars.domain.segments.compile.values import JsonValue, number_literal
from regulars.domain.segments.functions import call
from regulars.domain.segments.measure import Aggregate
from regulars.domain.segments.rule import EventClause, EventSequence

_MEASURED: Final = """
SELECT spelled.user_id, slots.slot AS from_slot, slots.slot + 1 AS to_slot, :verdict AS verdict
FROM :spelled AS spelled JOIN :slots ON slots.slot >= spelled.begin_row AND slots.slot < spelled.end_row
GROUP BY spelled.user_id, slots.slot
"""

_ROW: Final = "row"
"""What the only spell of a row is called."""

_COUNTS: Final = "slots.slot >= :begin AND slots.slot < :end"

_REACHED: Final = "SELECT user_id, slot AS from_slot, slot + 1 AS to_slot, :verdict AS verdict FROM :steps AS steps GROUP BY user_id, slot"

_EVENT_ORDER: Final = ("event_ts", "received_ts", "place", "message_id")


def measured(clause: EventClause, moments: Moments) -> exp.Select:
    """Of each person with an event that counts at the slot."""
    spell = Spell().during(clause.period, moments).meeting(clause.where, moments)
    value, measure = _measure(clause)
    rows = of_events(clause.name, [clause.period], moments)
    spelled = exp.Subquery(this=laid_out(rows, {_ROW: spell}, ["user_id", exp.alias_(value, "value")], moments))
    return cast(exp.Select, statement(_MEASURED, {"verdict": measure, "spelled": spelled, "slots": moments.slots("slots")}))


def reached(clause: EventSequence, moments: Moments) -> exp.Select:
    """Of each person with an event that may be a step at the slot."""
    columns = moment_columns(clause)
    spells = {name: Spell().during(step.period, moments).where(named(step.name)).meeting(step.where, moments) for step, name in columns}
    spelled = laid_out(of_steps(clause, moments), spells, ["user_id", *_EVENT_ORDER], moments)
    is_step = [statement(_COUNTS, {"begin": exp.column(f"begin_{name}"), "end": exp.column(f"end_{name}")}) for name in spells]
    found = [
        exp.alias_(exp.Case(ifs=[exp.If(this=each.copy(), true=exp.column("event_ts"))]), name) for each, name in zip(is_step, spells, strict=True)
    ]
    rows = exp.select("user_id", "slot", *_EVENT_ORDER, *found).from_(exp.Subquery(this=spelled).as_("spelled"))
    rows = rows.join(moments.slots("slots"), on=exp.or_(*is_step), copy=False)
    steps = exp.Subquery(this=reaching_all(rows, clause, ["user_id", "slot"]))
    over = happened(clause, lambda last, span: exp.GTE(this=exp.column("slot"), expression=moments.slot(last, span)))
    return cast(exp.Select, statement(_REACHED, {"steps": steps, "verdict": over}))


def judged_by_slot(clause: EventClause | EventSequence, name: str) -> Tallied:
    """Over rows of one slot each with `verdict`."""
    answered = exp.Is(this=exp.column("verdict"), expression=exp.Not(this=exp.null()))
    return judged(clause, name, Spell().where([answered]), Spell().where([exp.column("verdict")]))


def _measure(clause: EventClause) -> tuple[exp.Expr, exp.Expr]:
    """What is read of an event, and how `value`s are told."""
    value = exp.column("value", "spelled")
    match clause.measure:
        case Aggregate("sum" | "avg" as function, path, test):
            return JsonValue(exp.column("properties"), path).number(), compared(call(function, value), test, number_literal)
        case _:
            raise AssertionError("it adds up, or is not followed")
