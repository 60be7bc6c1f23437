"""Clauses by people's own clocks: rows beside the time zone of whose they are. Whoever has none is in no such scan, and unknown to its clause."""

from datetime import datetime
from typing import Final, assert_never, cast

from sqlglot import exp

from regulars.domain.lake.event_names import named
from regulars.domain.lake.owners import join_owners, person
from regulars.domain.lake.sql import statement, text
from regulars.domain.segments.compile.comparisons import judged
from regulars.domain.segments.compile.event_scans import event_scan, in_period, measured
from regulars.domain.segments.compile.scan import Scan
from regulars.domain.segments.compile.sources import TraitNamed, Traits, Zones
from regulars.domain.segments.compile.time_ranges import inside, reading
from regulars.domain.segments.compile.values import JsonValue
from regulars.domain.segments.functions import call
from regulars.domain.segments.measure import EVER
from regulars.domain.segments.rule import EventClause, OwnTime, Trait
from regulars.domain.segments.zones import RENAMED, TIMEZONE, ZONES

ALIAS: Final = "zones"

_ZONE: Final = exp.column("zone", ALIAS)

_DONE: Final = "SELECT :person AS user_id, event_ts, properties FROM events WHERE :named AND :somebodys"


def zone_scan(as_of: datetime) -> Scan:
    """The zone that the newest identify call told of each person; NULL where it is none that everybody knows."""
    question = TraitNamed(TIMEZONE)
    scan = event_scan(ALIAS, Traits(), {question: "zone"}, as_of)
    told = call("replace", JsonValue(scan.columns[question][1], (TIMEZONE,)).text(), *map(text, RENAMED))
    is_known = exp.In(this=told, expressions=[text(zone) for zone in ZONES])
    return Scan(ALIAS, scan.rows, scan.whose, {Zones(): ("zone", exp.Case(ifs=[exp.If(this=is_known, true=told.copy())]))})


def own_time_scan(alias: str, own: OwnTime, name: str, as_of: datetime) -> Scan:
    """The verdict on everybody whose zone is known."""
    match own.clause:
        case EventClause() as clause:
            rows, verdict = _done(clause, as_of), _of_events(clause, as_of)
        case Trait(path, test) as clause:
            told = event_scan("told", Traits(), {TraitNamed(path[0]): "traits"}, as_of)
            rows, verdict = told.select(columns=True), call("max", judged(JsonValue(exp.column("traits"), path), test, as_of, _ZONE))
        case _:
            assert_never(own.clause)
    theirs = exp.EQ(this=exp.column("user_id", "theirs"), expression=exp.column("user_id", ALIAS))
    selected = exp.Select().from_(ALIAS, copy=False).join(exp.Subquery(this=rows).as_("theirs"), on=theirs, join_type="LEFT", copy=False)
    return Scan(alias, selected.where(_there(_ZONE)), exp.column("user_id", ALIAS), {own: (name, verdict)})


def _done(clause: EventClause, as_of: datetime) -> exp.Select:
    values = {"person": person(), "named": exp.and_(*named(clause.name), copy=False), "somebodys": _there(person())}
    done = join_owners(cast(exp.Select, statement(_DONE, values)))
    return done.where(*inside((reading(clause.period, as_of),)), copy=False)


def _of_events(clause: EventClause, as_of: datetime) -> exp.Expr:
    """Over the events of somebody, or over one row without any."""
    happened = exp.column("event_ts")
    conditions = [_there(happened)]
    if clause.period != EVER:
        conditions.append(in_period(happened, clause.period, as_of, _ZONE))
    conditions += [judged(JsonValue(exp.column("properties"), where.path), where.test, as_of, _ZONE) for where in clause.where]
    return measured(clause.measure, conditions, as_of, _ZONE)


def _there(value: exp.Expr) -> exp.Expr:
    return exp.Is(this=value.copy(), expression=exp.Not(this=exp.null()))
