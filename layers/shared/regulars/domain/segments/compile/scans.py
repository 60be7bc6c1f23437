"""Reading `events`: one scan an event name, however many clauses ask about it, and one for all traits. One row a person comes out.

The table is partitioned by month and event name, so a scan reads the months of its windows and the columns its clauses name, no more.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlglot import exp

from regulars.domain.lake.sql import text
from regulars.domain.segments.compile.comparisons import compared, judged
from regulars.domain.segments.compile.values import JsonValue, number_literal, whole_literal
from regulars.domain.segments.compile.windows import Window, covering, inside, window
from regulars.domain.segments.functions import call
from regulars.domain.segments.rule import Aggregate, Count, Distinct, Event, Rule, Trait, walk


@dataclass(frozen=True)
class Source:
    """What one scan reads: the events of a name, or, where there is none, the traits that identify calls told."""

    event_name: str | None


TRAITS = Source(None)

Key = Event | str
"""What a column answers: an event clause (boolean), or a trait by name (the newest identify's `traits` that names it)."""


@dataclass(frozen=True)
class Scan:
    """A SELECT over `events` grouped by person, before it is written out."""

    alias: str
    conditions: tuple[exp.Expr, ...]
    columns: Mapping[Key, tuple[str, exp.Expr]]

    def column(self, key: Key) -> exp.Expr:
        """The column as others see it."""
        return exp.column(self.columns[key][0], table=self.alias)

    def aggregate(self, key: Key) -> exp.Expr:
        """The same from inside, for HAVING."""
        return self.columns[key][1].copy()

    def select(self, *, columns: bool) -> exp.Select:
        """One row a person, with or without the columns."""
        named = [exp.alias_(expression.copy(), name) for name, expression in self.columns.values()] if columns else []
        selected = exp.select(exp.column("user_id"), *named).from_("events", copy=False)
        return selected.where(*self.conditions, copy=False).group_by(exp.column("user_id"), copy=False)


def source_of(clause: Rule) -> Source | None:
    """Where the answer to a clause lies; None where the person's id is enough."""
    match clause:
        case Event(name=name):
            return Source(name)
        case Trait():
            return TRAITS
    return None


def scans(rule: Rule, as_of: datetime) -> dict[Source, Scan]:
    """Every scan that the rule needs, in the order in which the rule first asks."""
    asked: dict[Source, dict[Key, None]] = {}
    for _, node in walk(rule):
        match node:
            case Event(name=name):
                asked.setdefault(Source(name), {})[node] = None
            case Trait(path=path):
                asked.setdefault(TRAITS, {})[path[0]] = None
    made: dict[Source, Scan] = {}
    first = 1
    for number, (source, keys) in enumerate(asked.items(), 1):
        if source.event_name is None:
            made[source] = _traits(f"scan_{number}", [str(key) for key in keys], first, as_of)
        else:
            events = [key for key in keys if isinstance(key, Event)]
            made[source] = _events(f"scan_{number}", source.event_name, events, first, as_of)
        first += len(keys)
    return made


def _known_person() -> exp.Expr:
    return exp.Is(this=exp.column("user_id"), expression=exp.Not(this=exp.null()))


def _named(event_name: str) -> exp.Expr:
    return exp.EQ(this=exp.column("event_name"), expression=text(event_name))


def _events(alias: str, name: str, clauses: list[Event], first: int, as_of: datetime) -> Scan:
    windows = {clause: window(clause.period, as_of) for clause in clauses}
    whole = covering(windows.values())
    conditions = [_named(name), *inside(whole), _known_person()]
    if len(clauses) == 1:
        conditions += _conditions(clauses[0], as_of)
    columns: dict[Key, tuple[str, exp.Expr]] = {}
    for number, clause in enumerate(clauses, first):
        narrower = [] if len(clauses) == 1 else _narrower(clause, windows[clause], whole, as_of)
        columns[clause] = (f"c{number}", _measured(clause, narrower))
    return Scan(alias, tuple(conditions), columns)


def _narrower(clause: Event, its: Window, whole: tuple[Window, ...], as_of: datetime) -> list[exp.Expr]:
    """What sets the events of one clause apart from all that its scan reads."""
    bounds = [] if whole == (its,) else inside((its,))
    return bounds + _conditions(clause, as_of)


def _conditions(clause: Event, as_of: datetime) -> list[exp.Expr]:
    return [judged(JsonValue(exp.column("properties"), where.path), where.test, as_of) for where in clause.where]


def _measured(clause: Event, narrower: list[exp.Expr]) -> exp.Expr:
    match clause.measure:
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


def _filtered(aggregate: exp.Expr, conditions: Iterable[exp.Expr]) -> exp.Expr:
    these = list(conditions)
    return exp.Filter(this=aggregate, expression=exp.Where(this=exp.and_(*these, copy=False))) if these else aggregate


def _traits(alias: str, names: list[str], first: int, as_of: datetime) -> Scan:
    """Of each trait the newest identify that names it wins, ties by message id; identify calls after the as-of moment do not exist."""
    conditions = [
        _named("identify"),
        exp.EQ(this=exp.column("type"), expression=text("identify")),
        *inside((Window(None, as_of),)),
        _known_person(),
    ]
    named = {name: JsonValue(exp.column("traits"), (name,)).named() for name in names}
    if len(names) == 1:
        conditions.append(named[names[0]])
    columns: dict[Key, tuple[str, exp.Expr]] = {}
    for number, name in enumerate(names, first):
        moment = call("row", exp.column("event_ts"), exp.column("message_id"))
        newest = call("max_by", exp.column("traits"), moment)
        columns[name] = (f"c{number}", _filtered(newest, [] if len(names) == 1 else [named[name]]))
    return Scan(alias, tuple(conditions), columns)
