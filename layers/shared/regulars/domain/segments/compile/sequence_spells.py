"""Sequences among many moments: each event that may be a last step, and from when to when it ends a whole sequence.

What a person did comes and goes in its order: it is there from when it happened, or an id became theirs, until it is too old for its step. So the
latest event that reached a step is there the longest of those that did, and stands for them all; and a sequence is whole until the first of its steps
is too old. Between epochs ids come and go, and each epoch is looked at for itself. Where a condition asks how old something is, in which order events
come and go is anybody's guess: then each slot is.
"""

from datetime import timedelta

from sqlglot import exp

from regulars.domain.lake.event_names import named
from regulars.domain.lake.moments import Moments
from regulars.domain.segments.compile.sequences import BROKEN_NEXT, EVENT_ORDER, end_columns, ends, moment_columns, reached, reaching_all, unbroken
from regulars.domain.segments.compile.spelled import in_epochs, in_slots, of_steps
from regulars.domain.segments.compile.spells import FROM, TO, After, Spell, laid_out
from regulars.domain.segments.compile.tallies import Tallied, some
from regulars.domain.segments.functions import call
from regulars.domain.segments.judgement import Test
from regulars.domain.segments.rule import EventSequence


def of_sequences(clause: EventSequence, moments: Moments) -> exp.Select:
    """The events that may be a step: with when each reached the last one, its spell in which all steps that led to it are there, and when what must
    not follow next did."""
    last = len(clause.steps)
    rows = reaching_all(_steps(clause, moments), clause, ["user_id", "epoch"], ending=True)
    broken = [BROKEN_NEXT] if clause.then_not else []
    return exp.select("user_id", FROM, exp.column(ends(last)).as_(TO), reached(last), *broken).from_(exp.Subquery(this=rows).as_("steps"))


def followed(clause: EventSequence, name: str, moments: Moments) -> Tallied:
    """Over the rows `of_sequences`: how many end a whole sequence."""
    spell = Spell()
    if clause.then_not is not None and clause.within is None:
        spell = spell.ending(call("coalesce", moments.slot(exp.column(BROKEN_NEXT)), moments.never))
    elif clause.then_not is not None and clause.within is not None:
        over = After(exp.column(reached(len(clause.steps))), clause.within)
        spell = spell.where([unbroken(clause, clause.within)]).beginning(over)
    return Tallied({name: spell}, some(name))


def _steps(clause: EventSequence, moments: Moments) -> exp.Select:
    """The events in each epoch, with when they are which step there, and until when."""
    columns = moment_columns(clause)
    spells = {name: Spell().during(step.period, moments).where(named(step.name)).meeting(step.where, moments) for step, name in columns}
    told = laid_out(of_steps(clause, moments), spells, ["user_id", FROM, TO, *EVENT_ORDER], moments)
    edges = [f"{edge}_{name}" for name in spells for edge in ("begin", "end")]
    rows = (in_epochs if _in_order(clause) else in_slots)(told, ["user_id", *EVENT_ORDER, *edges], moments)
    found = [exp.alias_(_while(name, exp.column("event_ts")), name) for name in spells]
    found += [exp.alias_(_while(name, _end(name)), column) for name, column in zip(spells, end_columns(clause), strict=False)]
    return exp.select("user_id", "epoch", FROM, *EVENT_ORDER, *found).from_(exp.Subquery(this=rows).as_("told"))


def _while(name: str, value: exp.Expr) -> exp.Expr:
    """NULL where the row is not that step in the epoch."""
    begin = call("greatest", exp.column(f"begin_{name}"), exp.column(FROM))
    return exp.Case(ifs=[exp.If(this=exp.LT(this=begin, expression=_end(name)), true=value)])


def _end(name: str) -> exp.Expr:
    return call("least", exp.column(f"end_{name}"), exp.column(TO))


def _in_order(clause: EventSequence) -> bool:
    """Whether events come and go in their order, and what must not follow is there as long as all steps."""
    asked = [where.test for step, _ in moment_columns(clause) for where in step.where]
    if any(isinstance(test, Test) and isinstance(test.operand, timedelta) for test in asked):
        return False
    kept = clause.then_not.period.within if clause.then_not else None
    return kept is None or any(step.period.within is not None and step.period.within <= kept for step in clause.steps)
