"""Finding sequences: for each event that may be a step, when the step before it was last reached.

The latest is the one to look at, because the span allowed is between neighbours: whoever reached a step earlier as well is in time, if at all, by the
later one. So each step is one window over a person's events, in the one order of events.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlglot import exp

from regulars.domain.lake.event_names import OTHER, named
from regulars.domain.lake.owners import join_owners, person
from regulars.domain.lake.sql import statement, text, timestamp
from regulars.domain.lake.tables import EVENTS
from regulars.domain.segments.compile.comparisons import judged
from regulars.domain.segments.compile.scan import Scan
from regulars.domain.segments.compile.time_ranges import TimeRange, covering, inside, later, range_of
from regulars.domain.segments.compile.values import JsonValue
from regulars.domain.segments.functions import call
from regulars.domain.segments.measure import Period
from regulars.domain.segments.rule import EventSequence, Step

_BEFORE: Final = """
max(:moment) OVER (ORDER BY event_ts, received_ts, place, message_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
"""
_NEXT: Final = """
min(:moment) OVER (ORDER BY event_ts, received_ts, place, message_id ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING)
"""
EVENT_ORDER: Final = ("event_ts", "received_ts", "place", "message_id")
_BROKEN: Final = "broken"
BROKEN_NEXT: Final = "broken_next"


def sequence_scan(alias: str, clause: EventSequence, name: str, as_of: datetime) -> Scan:
    """Whether it has happened, of each person with an event that may be one of its steps."""
    rows = reaching_all(_moments(clause, as_of), clause, ["user_id"])
    whole = exp.Where(this=exp.and_(*_whole(clause, as_of), copy=False))
    verdict = exp.GT(this=exp.Filter(this=call("count", exp.Star()), expression=whole), expression=exp.Literal.number(0))
    found = exp.Select().from_(exp.Subquery(this=rows).as_("steps"), copy=False)
    return Scan(alias, found, exp.column("user_id", table="steps"), {clause: (name, verdict)})


def reaching_all(rows: exp.Select, clause: EventSequence, whose: Sequence[str], *, ending: bool = False) -> exp.Select:
    """Rows with `moment_columns`, and with when each of them reached the last step, and when what must not follow next did. `whose`: the columns of
    which each value has a sequence of its own. `ending`: the rows have `end_columns`, and get when the first of the steps that led to it ceases to be
    one (`ends` of the last)."""
    for number in range(2, len(clause.steps) + 1):
        rows = _reaching(rows, number, clause, whose, ending)
    return _with(rows, [exp.alias_(_window(_NEXT, exp.column(_BROKEN), whose), BROKEN_NEXT)]) if clause.then_not else rows


def unbroken(clause: EventSequence, within: timedelta) -> exp.Expr:
    """That what must not follow the last step did not within the span after it."""
    too_late = exp.GT(this=exp.column(BROKEN_NEXT), expression=later(exp.column(reached(len(clause.steps))), within))
    return call("coalesce", too_late, exp.true())


def reached(number: int) -> str:
    """When a row reached a step."""
    return f"reached_{number}"


def ends(number: int) -> str:
    """When the first of the steps that led a row to this one ceases to be one."""
    return f"ends_{number}"


def moment_columns(clause: EventSequence) -> Sequence[tuple[Step, str]]:
    """For each step, and what must not follow, the column with when a row is it, or NULL."""
    steps = [*clause.steps, *([clause.then_not] if clause.then_not else [])]
    names = [reached(1), *(_maybe(number) for number in range(2, len(clause.steps) + 1)), _BROKEN]
    return list(zip(steps, names, strict=False))


def end_columns(clause: EventSequence) -> Sequence[str]:
    """For each step the column with when a row ceases to be it, or NULL."""
    return [ends(1), *(_until(number) for number in range(2, len(clause.steps) + 1))]


def event_order() -> Sequence[exp.Expr]:
    """The columns of the order of events, by name."""
    place = exp.alias_(call("coalesce", exp.column("place"), exp.Literal.number(0)), "place")
    return [exp.column("event_ts"), exp.column("received_ts"), place, exp.column("message_id")]


def _moments(clause: EventSequence, as_of: datetime) -> exp.Select:
    """The events that may be steps, with when each was which: `reached_1`, `maybe_2` and so on, `broken`."""
    columns = moment_columns(clause)
    ranges = step_ranges(clause, lambda period: range_of(period, as_of))
    moments = [exp.alias_(_moment(step, its, as_of), name) for (step, name), its in zip(columns, ranges, strict=True)]
    conditions = [in_partitions(clause), *inside(covering(ranges))]
    somebodys = exp.Is(this=person(), expression=exp.Not(this=exp.null()))
    selected = exp.select(exp.alias_(person(), "user_id"), *event_order(), *moments).from_(EVENTS.name, copy=False)
    return join_owners(selected).where(*conditions, somebodys, copy=False)


def in_partitions(clause: EventSequence) -> exp.Expr:
    """That an event lies where the steps of the sequence are."""
    names = [*(step.name for step, _ in moment_columns(clause)), OTHER]
    return exp.In(this=exp.column("event_name"), expressions=[text(name) for name in dict.fromkeys(names)])


def step_ranges(clause: EventSequence, read: Callable[[Period], TimeRange]) -> list[TimeRange]:
    """When each step, and what must not follow, may be: as `read` has it of a period, and never before the one before it may be."""
    ranges: list[TimeRange] = []
    earliest: datetime | None = None
    for step, _ in moment_columns(clause):
        its = read(step.period)
        earliest = max((each for each in (earliest, its.start) if each is not None), default=None)
        ranges.append(TimeRange(earliest, its.end))
    return ranges


def _moment(step: Step, its: TimeRange, as_of: datetime) -> exp.Expr:
    where = [judged(JsonValue(exp.column("properties"), each.path), each.test, as_of) for each in step.where]
    is_step = exp.and_(*named(step.name), *inside((its,)), *where, copy=False)
    return exp.Case(ifs=[exp.If(this=is_step, true=exp.column("event_ts"))])


def _reaching(rows: exp.Select, number: int, clause: EventSequence, whose: Sequence[str], ending: bool) -> exp.Select:
    """The rows with when each of them reached this step, which comes in time after the one before."""
    maybe, before = exp.column(_maybe(number)), _window(_BEFORE, exp.column(reached(number - 1)), whose)
    in_time: exp.Expr = exp.Is(this=before, expression=exp.Not(this=exp.null()))
    if clause.within is not None:
        in_time = exp.GTE(this=before, expression=later(maybe.copy(), -clause.within))
    told: dict[str, exp.Expr] = {reached(number): maybe}
    if ending:
        told[ends(number)] = call("least", exp.column(_until(number)), _window(_BEFORE, exp.column(ends(number - 1)), whose))
    return _with(rows, [exp.alias_(exp.Case(ifs=[exp.If(this=in_time.copy(), true=value)]), name) for name, value in told.items()])


def _whole(clause: EventSequence, as_of: datetime) -> list[exp.Expr]:
    """That the last step was reached in this row, and that what was not to follow did not."""
    last = exp.column(reached(len(clause.steps)))
    whole: list[exp.Expr] = [exp.Is(this=last, expression=exp.Not(this=exp.null()))]
    if clause.then_not is None:
        return whole
    if clause.within is None:
        return [*whole, exp.Is(this=exp.column(BROKEN_NEXT), expression=exp.null())]
    return [*whole, unbroken(clause, clause.within), exp.LT(this=last.copy(), expression=timestamp(as_of - clause.within))]


def _window(text: str, moment: exp.Expr, whose: Sequence[str]) -> exp.Expression:
    window = statement(text, {"moment": moment})
    window.set("partition_by", [exp.column(column) for column in whose])
    return window


def _with(rows: exp.Select, columns: Sequence[exp.Expr]) -> exp.Select:
    return exp.select("*", *columns).from_(exp.Subquery(this=rows).as_("events_of_steps"), copy=False)


def _maybe(number: int) -> str:
    return f"maybe_{number}"


def _until(number: int) -> str:
    return f"until_{number}"
