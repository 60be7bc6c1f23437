"""Putting the scans together into the SELECT of an audience."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import assert_never

from sqlglot import exp

from regulars.domain.errors import InvalidRuleError
from regulars.domain.lake.sql import MAX_STATEMENT_BYTES, bucket, printed, text, timestamp
from regulars.domain.segments.compile.carriers import carriers, unseen
from regulars.domain.segments.compile.comparisons import judged
from regulars.domain.segments.compile.scans import TRAITS, Key, Scan, Source, scans
from regulars.domain.segments.compile.values import JsonValue
from regulars.domain.segments.functions import call
from regulars.domain.segments.limits import STATEMENT_ROOM
from regulars.domain.segments.references import inlined
from regulars.domain.segments.rule import (
    AllOf,
    AnyOf,
    Bucket,
    Event,
    Everyone,
    Not,
    Reference,
    Rule,
    Segment,
    Trait,
    Users,
)

Answer = Callable[[Event | Trait], exp.Expr]
"""How a clause's verdict, or a trait's document, is named where the condition stands."""


def audience_sql(rule: Rule, as_of: datetime, segments: Mapping[str, Segment], *, within: str = "") -> exp.Select:
    """The people a rule selects at `as_of`: a SELECT of one column, `user_id`, each person once. The same input gives the same text.
    `within` is the id of the segment whose rule it is, where it has one: circles are then shown from there.

    Three shapes. A rule about one event name is one grouped scan with HAVING. A rule that can only be true of people in its scans
    joins those. Any other starts from `people`, whose `first_seen_ts` says exactly who was known at any
    moment, and costs one narrow column instead of all events. SQL's own three-valued logic is the language's: what is unknown selects nobody.

    Raises InvalidRuleError for an unknown or circular reference and for a statement that Athena would not take;
    ValueError for an as-of moment without a zone.
    """
    if as_of.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    plain = inlined(rule, segments, within=within)
    tree = _statement(plain, as_of)
    size = len(printed(tree).encode())
    if size > MAX_STATEMENT_BYTES - STATEMENT_ROOM:
        raise InvalidRuleError(f"its SQL has {size} bytes; Athena takes {MAX_STATEMENT_BYTES}: shorten the lists in it", field="rule")
    return tree


def _statement(rule: Rule, as_of: datetime) -> exp.Select:
    read = scans(rule, as_of)
    carrying = carriers(rule) or ()
    if len(read) == 1 and carrying and TRAITS not in read:
        return _grouped(rule, read[carrying[0]], as_of)
    return _joined(rule, read, carrying, as_of)


def _grouped(rule: Rule, scan: Scan, as_of: datetime) -> exp.Select:
    """Everything about a person is in one scan of events. (Of traits: no, DuckDB takes no aggregate inside TRY.)"""

    def answer(clause: Event | Trait) -> exp.Expr:
        return scan.aggregate(_key(clause))

    return scan.select(columns=False).having(_condition(rule, answer, exp.column("user_id"), as_of), copy=False)


def _joined(rule: Rule, read: Mapping[Source, Scan], carrying: Sequence[Source], as_of: datetime) -> exp.Select:
    """The carrying scans, or else all known people, with every other scan beside them."""
    always = set(carrying) if len(carrying) == 1 else set()

    def answer(clause: Event | Trait) -> exp.Expr:
        source = TRAITS if isinstance(clause, Trait) else Source(clause.name)
        column = read[source].column(_key(clause))
        without = unseen(clause)
        if isinstance(clause, Trait) or without is None or source in always:
            return column
        return call("coalesce", column, exp.true() if without else exp.false())

    selected, person = _carried([read[source] for source in carrying]) if carrying else _known_people(as_of)
    for source, scan in read.items():
        if source not in carrying:
            selected = selected.join(scan.alias, on=exp.EQ(this=_person(scan), expression=person.copy()), join_type="LEFT", copy=False)
    for scan in read.values():
        selected = selected.with_(scan.alias, as_=scan.select(columns=True), copy=False)
    condition = _condition(rule, answer, person, as_of)
    parts = condition.flatten() if isinstance(condition, exp.And) else [condition]
    return selected.where(*(part for part in parts if part != exp.true()), copy=False)


def _person(scan: Scan) -> exp.Expression:
    return exp.column("user_id", table=scan.alias)


def _known_people(as_of: datetime) -> tuple[exp.Select, exp.Expression]:
    """Everybody with an event before the as-of moment."""
    person = exp.column("user_id", table="people")
    seen = exp.LT(this=exp.column("first_seen_ts", table="people"), expression=timestamp(as_of))
    return exp.select(person.copy()).from_("people", copy=False).where(seen, copy=False), person


def _carried(these: Sequence[Scan]) -> tuple[exp.Select, exp.Expression]:
    """FULL JOIN, not UNION: Trino writes a WITH out at each use, so a scan that is named twice is read and paid twice."""
    person = _person(these[0])
    joins: list[tuple[Scan, exp.Expr]] = []
    for scan in these[1:]:
        joins.append((scan, exp.EQ(this=person.copy(), expression=_person(scan))))
        person = call("coalesce", *(_person(each) for each in these[: len(joins) + 1]))
    selected = exp.select(exp.alias_(person.copy(), "user_id")).from_(these[0].alias, copy=False)
    for scan, same in joins:
        selected = selected.join(scan.alias, on=same, join_type="FULL", copy=False)
    return selected, person


def _key(clause: Event | Trait) -> Key:
    return clause.path[0] if isinstance(clause, Trait) else clause


def _condition(rule: Rule, answer: Answer, person: exp.Expression, as_of: datetime) -> exp.Expr:
    """The rule as a boolean expression of three values."""
    match rule:
        case AllOf(rules):
            return exp.and_(*(_condition(inner, answer, person, as_of) for inner in rules), copy=False)
        case AnyOf(rules):
            return exp.or_(*(_condition(inner, answer, person, as_of) for inner in rules), copy=False)
        case Not(inner):
            return exp.not_(_condition(inner, answer, person, as_of), copy=False)
        case Everyone():
            return exp.true()
        case Users(user_ids):
            return exp.In(this=person.copy(), expressions=[text(user_id) for user_id in user_ids])
        case Bucket(salt, first, last):
            low, high = exp.Literal.number(first), exp.Literal.number(last)
            return exp.Between(this=bucket(person.copy(), salt), low=low, high=high)
        case Trait(path, test):
            return judged(JsonValue(answer(rule), path), test, as_of)
        case Event():
            return answer(rule)
        case Reference():
            raise AssertionError("references are inlined first")
        case _:
            assert_never(rule)
