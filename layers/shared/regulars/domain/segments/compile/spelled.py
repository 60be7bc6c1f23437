"""The rows that clauses are told from, each with whose it is and its spell: `user_id`, `from_slot`, `to_slot` and what is asked of it.

A row exists from the first of the moments after it happened, and is a person's while its id is theirs: where an id changes hands there is a row for
each.
"""

from collections.abc import Iterable, Sequence
from typing import Final, cast

from sqlglot import exp

from regulars.domain.lake.event_names import named
from regulars.domain.lake.moments import Moments
from regulars.domain.lake.owner_phases import PHASES, epochs, join_phases, join_renamed_phases, owner
from regulars.domain.lake.sql import statement
from regulars.domain.lake.tables import DELIVERIES, EVENTS, PEOPLE
from regulars.domain.segments.compile.sequences import EVENT_ORDER, event_order, in_partitions, step_ranges
from regulars.domain.segments.compile.spells import FROM, TO, fixed
from regulars.domain.segments.compile.time_ranges import TimeRange, bounds, covering, inside, range_of
from regulars.domain.segments.compile.values import JsonValue
from regulars.domain.segments.functions import call
from regulars.domain.segments.measure import Period
from regulars.domain.segments.rule import EventSequence

_IN_EPOCHS: Final = """
SELECT coalesce(epochs.from_slot, 0) AS epoch,
  greatest(told.from_slot, coalesce(epochs.from_slot, 0)) AS from_slot, least(told.to_slot, coalesce(epochs.to_slot, :never)) AS to_slot
FROM :told AS told
LEFT JOIN :epochs AS epochs ON epochs.owner_id = told.user_id AND epochs.from_slot < told.to_slot AND epochs.to_slot > told.from_slot
"""

_IN_SLOTS: Final = """
SELECT slots.slot AS epoch, slots.slot AS from_slot, slots.slot + 1 AS to_slot
FROM :told AS told JOIN :slots ON slots.slot >= told.from_slot AND slots.slot < told.to_slot
"""

_NEWER: Final = """
min(CASE WHEN :named THEN from_slot END) OVER (
  PARTITION BY user_id, epoch ORDER BY event_ts, received_ts, place, message_id ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
)
"""


def of_events(name: str, periods: Iterable[Period], moments: Moments) -> exp.Select:
    """The events of one name that lie in any of the periods at any of the moments: `event_ts`, `properties`."""
    ranges = covering(reading_of(period, moments) for period in periods)
    return _events(["event_ts", "properties"], [*named(name), *inside(ranges)], moments)


def of_traits(names: Sequence[str], moments: Moments) -> exp.Select:
    """The identify calls: `traits`, and for each trait, in the order of `names`, the slot at which a newer call that names it exists, or NULL
    (`newer_1` and so on).

    Within an epoch of its owner no row ends before the others do, so that the next that names it, in the order of events, is the newer one.
    """
    identify = [exp.EQ(this=exp.column(column), expression=exp.Literal.string("identify")) for column in ("event_name", "type")]
    rows = _events([*event_order(), "traits"], [*identify, *inside((TimeRange(None, moments.last),))], moments)
    told = exp.Subquery(this=in_epochs(rows, ["user_id", *EVENT_ORDER, "traits"], moments)).as_("told")
    exists = exp.LT(this=exp.column(FROM), expression=exp.column(TO))
    newer = [exp.alias_(statement(_NEWER, {"named": names_trait(name)}), f"newer_{number}") for number, name in enumerate(names, 1)]
    return exp.select("user_id", FROM, TO, "traits", *newer).from_(told).where(exists)


def of_steps(clause: EventSequence, moments: Moments) -> exp.Select:
    """The events that may be steps of a sequence, with their names, their order and `properties`."""
    ranges = covering(step_ranges(clause, lambda period: reading_of(period, moments)))
    return _events(["event_name", "other_name", *event_order(), "properties"], [in_partitions(clause), *inside(ranges)], moments)


def of_people(moments: Moments) -> exp.Select:
    """Everybody, while known and not become another."""
    who = exp.column("user_id", PEOPLE.name)
    selected = _spelled(exp.column("first_seen_ts", PEOPLE.name), PEOPLE.name, moments)
    themselves = exp.EQ(this=owner(PEOPLE.name), expression=who.copy())
    return join_renamed_phases(selected, who).where(themselves, copy=False)


def of_deliveries(campaign_id: str | None, period: Period, moments: Moments) -> exp.Select:
    """The pushes of a campaign, or of all: `event_ts`, which is when it was delivered, `run_id`, `outcome`."""
    read = bounds(reading_of(period, moments), "delivered_ts")
    if campaign_id is not None:
        read.append(exp.EQ(this=exp.column("campaign_id"), expression=exp.Literal.string(campaign_id)))
    selected = _spelled(exp.column("delivered_ts", DELIVERIES.name), DELIVERIES.name, moments)
    selected = selected.select(exp.column("delivered_ts").as_("event_ts"), "run_id", "outcome", copy=False)
    return join_renamed_phases(selected, exp.column("user_id", DELIVERIES.name)).where(*read, copy=False)


def in_epochs(rows: exp.Select, columns: Sequence[str], moments: Moments) -> exp.Select:
    """The columns of the rows for each `epoch` of whose they are, and their spell in it."""
    values = {"told": exp.Subquery(this=rows), "epochs": exp.Subquery(this=epochs(moments)), "never": moments.never}
    return cast(exp.Select, statement(_IN_EPOCHS, values)).select(*(exp.column(name, "told") for name in columns), copy=False)


def in_slots(rows: exp.Select, columns: Sequence[str], moments: Moments) -> exp.Select:
    """The same with each slot an epoch."""
    values = {"told": exp.Subquery(this=rows), "slots": moments.slots("slots")}
    return cast(exp.Select, statement(_IN_SLOTS, values)).select(*(exp.column(name, "told") for name in columns), copy=False)


def names_trait(name: str) -> exp.Expr:
    """That an identify call names the trait, be it null."""
    return JsonValue(exp.column("traits"), (name,)).named()


def _events(columns: Sequence[exp.Expr | str], conditions: Sequence[exp.Expr], moments: Moments) -> exp.Select:
    rows = _spelled(exp.column("event_ts", EVENTS.name), EVENTS.name, moments).select(*columns, copy=False)
    somebodys = exp.Is(this=owner(EVENTS.name), expression=exp.Not(this=exp.null()))
    return join_phases(rows).where(*conditions, somebodys, copy=False)


def _spelled(happened: exp.Expr, table: str, moments: Moments) -> exp.Select:
    begins = call("greatest", moments.slot(happened), call("coalesce", exp.column(FROM, PHASES), exp.Literal.number(0)))
    ends = call("coalesce", exp.column(TO, PHASES), moments.never)
    return exp.select(exp.alias_(owner(table), "user_id"), exp.alias_(begins, FROM), exp.alias_(ends, TO)).from_(table)


def reading_of(period: Period, moments: Moments) -> TimeRange:
    """What lies in the period at any of the moments."""
    if period.within is not None:
        return TimeRange(range_of(period, moments.first).start, moments.last)
    return fixed(period, moments)
