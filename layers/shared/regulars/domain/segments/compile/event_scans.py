"""Reading the events of one name, the traits that people told, or where they were: one scan each, however many clauses ask about it.

`events` is partitioned by month and event name, so a scan reads the months of its time ranges and the columns its clauses name, no more. An event
with an anonymous id alone is of whoever had claimed that by the as-of moment (`lake.owners`), and of nobody before.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import assert_never

from sqlglot import exp

from regulars.domain.lake.event_names import named
from regulars.domain.lake.order import order
from regulars.domain.lake.owners import join_owners, person
from regulars.domain.lake.sql import text
from regulars.domain.lake.tables import EVENTS
from regulars.domain.language import Path
from regulars.domain.segments.compile.clocks import day_of, wall_clock
from regulars.domain.segments.compile.comparisons import compared, judged
from regulars.domain.segments.compile.places import last_place, somewhere
from regulars.domain.segments.compile.ranks import Ranking, among
from regulars.domain.segments.compile.scan import Scan
from regulars.domain.segments.compile.sources import EventsOf, LastPlace, Places, Question, SharedQuestion, SharedSource, TraitNamed, Traits
from regulars.domain.segments.compile.time_ranges import TimeRange, covering, inside, local_range, range_of, within
from regulars.domain.segments.compile.values import JsonValue, number_literal, whole_literal
from regulars.domain.segments.functions import call
from regulars.domain.segments.measure import Aggregate, Amount, Count, Distinct, Edge, Measure, Period, Rank
from regulars.domain.segments.own_time import is_local
from regulars.domain.segments.rule import EventClause


def event_scan(alias: str, source: SharedSource, names: Mapping[SharedQuestion, str], as_of: datetime) -> Scan:
    """What sets the rows of one question apart is a condition of the scan if nobody else asks, else a filter of its column."""
    whole = covering(_range(question, as_of) for question in names)
    own = {question: _narrower(question, whole, as_of) for question in names}
    conditions = [*_rows(source), *inside(whole), exp.Is(this=person(), expression=exp.Not(this=exp.null()))]
    alone = len(names) == 1
    if alone:
        conditions += next(iter(own.values()))
    columns: dict[Question, tuple[str, exp.Expr]] = {}
    rankings: dict[str, Ranking] = {}
    for question, name in names.items():
        narrower = [] if alone else own[question]
        match question:
            case EventClause(measure=Rank() as rank):
                rankings[name] = _ranking(rank, narrower)
                columns[question] = name, among(rank, name)
            case _:
                columns[question] = name, _answer(question, narrower, as_of)
    rows = join_owners(exp.Select().from_(EVENTS.name, copy=False)).where(*conditions, copy=False)
    return Scan(alias, rows, person(), columns, rankings)


def _ranking(rank: Rank, narrower: list[exp.Expr]) -> Ranking:
    """Whoever did it 0 times has no place."""
    newest = _filtered(_amount("last"), narrower)
    amount = _filtered(_amount(rank.amount, rank.path), narrower)
    if narrower and rank.amount in ("count", "distinct"):
        did = exp.Is(this=newest.copy(), expression=exp.Not(this=exp.null()))
        amount = exp.Case(ifs=[exp.If(this=did, true=amount)])
    return Ranking(amount, newest)


def _narrower(question: SharedQuestion, whole: tuple[TimeRange, ...], as_of: datetime) -> list[exp.Expr]:
    """What sets the rows of one question apart from all that its scan reads."""
    its = _range(question, as_of)
    bounds = [] if whole == (its,) else inside((its,))
    return bounds + _conditions(question, as_of)


def _rows(source: SharedSource) -> list[exp.Expr]:
    """Where its rows are in `events`."""
    match source:
        case EventsOf(name):
            return named(name)
        case Traits():
            return [_equal("event_name", "identify"), _equal("type", "identify")]
        case Places():
            return []
        case _:
            assert_never(source)


def _range(question: SharedQuestion, as_of: datetime) -> TimeRange:
    match question:
        case EventClause(period=period):
            return range_of(period, as_of)
        case TraitNamed():
            return TimeRange(None, as_of)
        case LastPlace(within):
            return range_of(Period(within=within), as_of)
        case _:
            assert_never(question)


def _conditions(question: SharedQuestion, as_of: datetime) -> list[exp.Expr]:
    """Which rows of its time range it is about."""
    match question:
        case EventClause(where=conditions):
            return [judged(JsonValue(exp.column("properties"), where.path), where.test, as_of) for where in conditions]
        case TraitNamed(name):
            return [JsonValue(exp.column("traits"), (name,)).named()]
        case LastPlace():
            return somewhere()
        case _:
            assert_never(question)


def _answer(question: SharedQuestion, narrower: list[exp.Expr], as_of: datetime) -> exp.Expr:
    """Of each trait the newest identify that names it wins."""
    match question:
        case EventClause(measure=measure):
            return measured(measure, narrower, as_of)
        case TraitNamed():
            return _filtered(call("max_by", exp.column("traits"), order()), narrower)
        case LastPlace():
            return _filtered(last_place(), narrower)
        case _:
            assert_never(question)


def measured(measure: Measure, narrower: list[exp.Expr], as_of: datetime, zone: exp.Expr | None = None) -> exp.Expr:
    """The verdict over a person's rows that meet all of `narrower`, by the clock of `zone`: None for UTC."""
    match measure:
        case Count(test):
            return compared(_filtered(_amount("count"), narrower), test, whole_literal)
        case Distinct(path, test):
            return compared(_filtered(_amount("distinct", path, zone), narrower), test, whole_literal)
        case Aggregate(function, path, test):
            return compared(_filtered(_amount(function, path), narrower), test, number_literal)
        case Edge(which, period):
            return in_period(_filtered(_amount(which), narrower), period, as_of, call("max", zone) if zone else None)
        case Rank():
            raise AssertionError("a rank is of everybody, not of one person's rows")
        case _:
            assert_never(measure)


def in_period(moment: exp.Expr, period: Period, as_of: datetime, zone: exp.Expr | None) -> exp.Expr:
    """That a moment lies in a period, whose bounds may be what the clock of `zone` shows."""
    if zone and is_local(period):
        return within(wall_clock(moment, zone), local_range(period, as_of))
    return within(moment, range_of(period, as_of))


def _amount(amount: Amount, path: Path | None = None, zone: exp.Expr | None = None) -> exp.Expr:
    """How much a person's events come to."""
    match amount:
        case "count":
            return call("count", exp.Star())
        case "distinct":
            of = JsonValue(exp.column("properties"), path).text() if path else day_of(exp.column("event_ts"), zone)
            return call("count", exp.Distinct(expressions=[of]))
        case "first" | "last":
            return call("min" if amount == "first" else "max", exp.column("event_ts"))
        case "sum" | "avg" | "min" | "max":
            return call(amount, JsonValue(exp.column("properties"), path or ()).number())
        case _:
            assert_never(amount)


def _filtered(aggregate: exp.Expr, conditions: list[exp.Expr]) -> exp.Expr:
    return exp.Filter(this=aggregate, expression=exp.Where(this=exp.and_(*conditions, copy=False))) if conditions else aggregate


def _equal(column: str, value: str) -> exp.Expr:
    return exp.EQ(this=exp.column(column), expression=text(value))
