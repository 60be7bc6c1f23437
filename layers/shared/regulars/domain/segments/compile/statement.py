"""Putting the scans together into the SELECT of an audience."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlglot import exp

from regulars.domain.errors import InvalidRuleError
from regulars.domain.lake.owners import OWNERS, join_renamed, owners, person
from regulars.domain.lake.sql import MAX_STATEMENT_BYTES, printed, text, timestamp
from regulars.domain.lake.tables import PEOPLE
from regulars.domain.segments.compile.carriers import carriers, unseen
from regulars.domain.segments.compile.conditions import Place, condition, verdict
from regulars.domain.segments.compile.scan import Scan
from regulars.domain.segments.compile.scans import scans
from regulars.domain.segments.compile.sources import EventsOf, Scanned, Source, Zones, source_of
from regulars.domain.segments.functions import call
from regulars.domain.segments.limits import STATEMENT_ROOM
from regulars.domain.segments.lowering import lowered
from regulars.domain.segments.references import inlined
from regulars.domain.segments.rule import Clause, Rule, Segment, Trait


def audience_sql(rule: Rule, as_of: datetime, segments: Mapping[str, Segment], *, within: str = "", only: str | None = None) -> exp.Select:
    """The people a rule selects at `as_of`: a SELECT of one column, `user_id`, each person once. The same input gives the same text.
    `within` is the id of the segment whose rule it is, where it has one: circles are then shown from there.
    `only` asks of one person: the answer is their id, or nothing. Every scan then keeps their rows alone, so that nobody else is grouped or joined.

    Three shapes. A rule about one event name is one grouped scan with HAVING. A rule that can only be true of people in its scans
    joins those. Any other starts from `people`, whose `first_seen_ts` says exactly who was known at any
    moment, and costs one narrow column instead of all events. SQL's own three-valued logic is the language's: what is unknown selects nobody.

    Raises InvalidRuleError for an unknown or circular reference and for a statement that Athena would not take;
    ValueError for an as-of moment without a zone.
    """
    if as_of.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return checked(_statement(lowered(inlined(rule, segments, within=within)), as_of, only))


def verdicts(rule: Rule, names: Mapping[Clause, str], as_of: datetime) -> exp.Select:
    """A row a person known at `as_of`, with a column for each clause of the lowered rule: true, false or NULL."""
    selected, who = known_people(as_of, None)
    read = scans(rule, as_of)
    place = Place(lambda clause: _told(read[source_of(clause)].column(clause), clause), who, as_of)
    selected = selected.select(*(exp.alias_(verdict(clause, place), name) for clause, name in names.items()), copy=False)
    return _with_scans(selected, who, read, beside=read, as_of=as_of)


def checked(tree: exp.Select) -> exp.Select:
    """The statement, if Athena takes one of this length. Raises InvalidRuleError."""
    size = len(printed(tree).encode())
    if size > MAX_STATEMENT_BYTES - STATEMENT_ROOM:
        raise InvalidRuleError(f"its SQL has {size} bytes; Athena takes {MAX_STATEMENT_BYTES}: shorten the lists in it", field="rule")
    return tree


def _statement(rule: Rule, as_of: datetime, only: str | None) -> exp.Select:
    read = scans(rule, as_of, only)
    carrying = carriers(rule) or ()
    match list(read):
        case [EventsOf() as source] if carrying and not read[source].rankings:
            return _grouped(rule, read[source], as_of)
        case _:
            return _joined(rule, read, carrying, as_of, only)


def _grouped(rule: Rule, scan: Scan, as_of: datetime) -> exp.Select:
    """Everything about a person is in one scan of events. (Of traits: no, DuckDB takes no aggregate inside TRY.)"""
    place = Place(scan.aggregate, person(), as_of)
    return scan.select(columns=False).having(condition(rule, place), copy=False).with_(OWNERS, as_=owners(as_of), copy=False)


def _joined(rule: Rule, read: Mapping[Source, Scan], carrying: Sequence[Source], as_of: datetime, only: str | None) -> exp.Select:
    """The carrying scans, or else all known people, with every other scan beside them."""
    selected, who = _carried([read[source] for source in carrying]) if carrying else known_people(as_of, only)
    selected = _with_scans(selected, who, read, beside=[source for source in read if source not in carrying], as_of=as_of)

    def answer(clause: Scanned) -> exp.Expr:
        column = read[source_of(clause)].column(clause)
        return column if [source_of(clause)] == list(carrying) else _told(column, clause)

    return selected.where(*_parts(condition(rule, Place(answer, who, as_of))), copy=False)


def _with_scans(selected: exp.Select, who: exp.Expression, read: Mapping[Source, Scan], *, beside: Iterable[Source], as_of: datetime) -> exp.Select:
    """All scans in its WITH, and those that are `beside` joined to whoever is selected."""
    for source in beside:
        if isinstance(source, Zones):
            continue
        same = exp.EQ(this=read[source].person, expression=who.copy())
        selected = selected.join(read[source].alias, on=same, join_type="LEFT", copy=False)
    selected = selected.with_(OWNERS, as_=owners(as_of), copy=False)
    for scan in read.values():
        selected = selected.with_(scan.alias, as_=scan.select(columns=True), copy=False)
    return selected


def _told(column: exp.Expr, clause: Scanned) -> exp.Expr:
    """The column for everybody: where the scan has no row of a person, a verdict that is known without one. (A trait's document is
    no verdict: what is absent from it is for its operator to judge.)"""
    without = unseen(clause)
    if without is None or isinstance(clause, Trait):
        return column
    return call("coalesce", column, exp.Boolean(this=without))


def _parts(whole: exp.Expr) -> list[exp.Expr]:
    """What a WHERE has to hold, one by one."""
    parts = whole.flatten() if isinstance(whole, exp.And) else [whole]
    return [part for part in parts if part != exp.true()]


def known_people(as_of: datetime, only: str | None) -> tuple[exp.Select, exp.Expression]:
    """Everybody with an event before the as-of moment who had not become another person by then. Whoever owns an id is known by the event that
    claimed it, so that what was anonymous makes nobody known sooner."""
    who = exp.column("user_id", table=PEOPLE.name)
    seen = exp.LT(this=exp.column("first_seen_ts", table=PEOPLE.name), expression=timestamp(as_of))
    themselves = exp.EQ(this=person(PEOPLE.name), expression=who.copy())
    known = join_renamed(exp.select(who.copy()).from_(PEOPLE.name, copy=False), who)
    alone = [exp.EQ(this=who.copy(), expression=text(only))] if only else []
    return known.where(*alone, seen, themselves, copy=False), who


def _carried(these: Sequence[Scan]) -> tuple[exp.Select, exp.Expression]:
    """FULL JOIN, not UNION: Trino writes a WITH out at each use, so a scan that is named twice is read and paid twice."""
    who = these[0].person
    joins: list[tuple[Scan, exp.Expr]] = []
    for scan in these[1:]:
        joins.append((scan, exp.EQ(this=who.copy(), expression=scan.person)))
        who = call("coalesce", *(each.person for each in these[: len(joins) + 1]))
    selected = exp.select(exp.alias_(who.copy(), "user_id")).from_(these[0].alias, copy=False)
    for scan, same in joins:
        selected = selected.join(scan.alias, on=same, join_type="FULL", copy=False)
    return selected, who
