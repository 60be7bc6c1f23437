"""Reading a source: one scan each, however many clauses ask about it. One row a person comes out: an event with an anonymous id alone is of whoever
had claimed that by the as-of moment (`lake.owners`), and of nobody before.

`events` is partitioned by month and event name, so a scan reads the months of its time ranges and the columns its clauses name, no more.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from sqlglot import exp

from regulars.domain.lake.event_names import named
from regulars.domain.lake.order import order
from regulars.domain.lake.owners import join_owners, person
from regulars.domain.lake.sql import text
from regulars.domain.lake.tables import EVENTS
from regulars.domain.segments.compile.comparisons import compared, judged
from regulars.domain.segments.compile.sources import EventsOf, Question, Scanned, Source, TraitNamed, Traits, question_of, questions
from regulars.domain.segments.compile.time_ranges import TimeRange, covering, inside, range_of
from regulars.domain.segments.compile.values import JsonValue, number_literal, whole_literal
from regulars.domain.segments.functions import call
from regulars.domain.segments.rule import Aggregate, Count, Distinct, EventClause, Measure, Rule


@dataclass(frozen=True)
class Scan:
    """A SELECT over `events` grouped by person, before it is written out. Each column has its name and what it is computed from."""

    alias: str
    conditions: tuple[exp.Expr, ...]
    columns: Mapping[Question, tuple[str, exp.Expr]]

    @property
    def person(self) -> exp.Expression:
        """The person's id, as others see it."""
        return exp.column("user_id", table=self.alias)

    def column(self, clause: Scanned) -> exp.Expr:
        """The answer to a clause, as others see it."""
        return exp.column(self.columns[question_of(clause)][0], table=self.alias)

    def aggregate(self, clause: Scanned) -> exp.Expr:
        """The same from inside, for HAVING."""
        return self.columns[question_of(clause)][1].copy()

    def select(self, *, columns: bool) -> exp.Select:
        """One row a person, with or without the columns. `owners` is to be in its WITH."""
        named = [exp.alias_(expression.copy(), name) for name, expression in self.columns.values()] if columns else []
        selected = join_owners(exp.select(exp.alias_(person(), "user_id"), *named).from_(EVENTS.name, copy=False))
        return selected.where(*self.conditions, copy=False).group_by(person(), copy=False)


def scans(rule: Rule, as_of: datetime, only: str | None = None) -> Mapping[Source, Scan]:
    """Every scan that the rule needs, in the order in which the rule first asks; of one person alone where `only` names them."""
    whose = exp.EQ(this=person(), expression=text(only)) if only else exp.Is(this=person(), expression=exp.Not(this=exp.null()))
    made: dict[Source, Scan] = {}
    first = 1
    for number, (source, asked) in enumerate(questions(rule).items(), 1):
        names = {question: f"c{column}" for column, question in enumerate(asked, first)}
        made[source] = _scan(f"scan_{number}", source, names, as_of, whose)
        first += len(asked)
    return made


def _scan(alias: str, source: Source, names: Mapping[Question, str], as_of: datetime, whose: exp.Expr) -> Scan:
    """What sets the rows of one question apart is a condition of the scan if nobody else asks, else a filter of its column."""
    whole = covering(_range(question, as_of) for question in names)
    own = {question: _narrower(question, whole, as_of) for question in names}
    conditions = [*_rows(source), *inside(whole), whose.copy()]
    alone = len(names) == 1
    if alone:
        conditions += next(iter(own.values()))
    columns = {question: (name, _answer(question, [] if alone else own[question])) for question, name in names.items()}
    return Scan(alias, tuple(conditions), columns)


def _narrower(question: Question, whole: tuple[TimeRange, ...], as_of: datetime) -> list[exp.Expr]:
    """What sets the rows of one question apart from all that its scan reads."""
    its = _range(question, as_of)
    bounds = [] if whole == (its,) else inside((its,))
    return bounds + _conditions(question, as_of)


def _rows(source: Source) -> list[exp.Expr]:
    """Where its rows are in `events`."""
    match source:
        case EventsOf(name):
            return named(name)
        case Traits():
            return [_equal("event_name", "identify"), _equal("type", "identify")]
        case _:
            assert_never(source)


def _range(question: Question, as_of: datetime) -> TimeRange:
    match question:
        case EventClause(period=period):
            return range_of(period, as_of)
        case TraitNamed():
            return TimeRange(None, as_of)
        case _:
            assert_never(question)


def _conditions(question: Question, as_of: datetime) -> list[exp.Expr]:
    """Which rows of its time range it is about."""
    match question:
        case EventClause(where=conditions):
            return [judged(JsonValue(exp.column("properties"), where.path), where.test, as_of) for where in conditions]
        case TraitNamed(name):
            return [JsonValue(exp.column("traits"), (name,)).named()]
        case _:
            assert_never(question)


def _answer(question: Question, narrower: list[exp.Expr]) -> exp.Expr:
    """Of each trait the newest identify that names it wins."""
    match question:
        case EventClause(measure=measure):
            return _measured(measure, narrower)
        case TraitNamed():
            return _filtered(call("max_by", exp.column("traits"), order()), narrower)
        case _:
            assert_never(question)


def _measured(measure: Measure, narrower: list[exp.Expr]) -> exp.Expr:
    match measure:
        case Count(test):
            return compared(_filtered(call("count", exp.Star()), narrower), test, whole_literal)
        case Distinct(path, test):
            day = exp.Cast(this=exp.column("event_ts"), to=exp.DataType.build("date"))
            of = JsonValue(exp.column("properties"), path).text() if path else day
            counted = call("count", exp.Distinct(expressions=[of]))
            return compared(_filtered(counted, narrower), test, whole_literal)
        case Aggregate(function, path, test):
            number = JsonValue(exp.column("properties"), path).number()
            return compared(_filtered(call(function, number), narrower), test, number_literal)
        case _:
            assert_never(measure)


def _filtered(aggregate: exp.Expr, conditions: list[exp.Expr]) -> exp.Expr:
    return exp.Filter(this=aggregate, expression=exp.Where(this=exp.and_(*conditions, copy=False))) if conditions else aggregate


def _equal(column: str, value: str) -> exp.Expr:
    return exp.EQ(this=exp.column(column), expression=text(value))
