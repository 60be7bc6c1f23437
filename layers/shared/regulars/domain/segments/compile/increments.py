"""A segment's people from what was counted of them once and what came since: those of `audience_sql`, from fewer bytes.

base      the rows of everything that was curated until a moment (`bases`), written once a day
fresh     the rows of what was curated since
counted   both, up to the slot of the as-of moment, and who is known where the rule may select anybody
totals    a row a person, with what each part comes to; whose an id is, is asked at the as-of moment (`lake.owners`)
"""

from datetime import datetime
from typing import Final

from sqlglot import exp

from regulars.domain.curation.inserted import Inserted
from regulars.domain.curation.recent import recent
from regulars.domain.lake.owners import OWNERS, join_owners, owners, person
from regulars.domain.lake.sql import statement, text
from regulars.domain.segments.compile.bases import TOLD, Counting, counted_rows, curated_until, union
from regulars.domain.segments.compile.carriers import carriers, unseen
from regulars.domain.segments.compile.comparisons import judged
from regulars.domain.segments.compile.conditions import combined, of_person
from regulars.domain.segments.compile.spells import is_still
from regulars.domain.segments.compile.statement import checked, known_people
from regulars.domain.segments.compile.values import JsonValue
from regulars.domain.segments.rule import Clause, EventClause, Trait

_KNOWN: Final = "known"
_COUNTED: Final = "counted"
_TOTALS: Final = "totals"

_BASE: Final = "SELECT part, user_id, anonymous_id, slot, amount, said, told FROM segment_bases WHERE base = :base AND slot <= :slot"
_FRESH: Final = "SELECT part, user_id, anonymous_id, slot, amount, said, told FROM :rows AS fresh WHERE slot <= :slot"
_ARE_KNOWN: Final = """
SELECT 'known' AS part, people.user_id, CAST(NULL AS VARCHAR) AS anonymous_id, 0 AS slot, 1 AS amount,
  CAST(NULL AS VARCHAR) AS said, CAST(NULL AS VARCHAR) AS told
FROM :people AS people
"""
_AMOUNT: Final = "coalesce(sum(amount) FILTER (WHERE part = :part), 0)"
_NEWEST: Final = "max_by(told, said) FILTER (WHERE part = :part)"


def base_sql(counting: Counting, through: datetime) -> exp.Expression:
    """What a base holds of all that was curated up to `through`."""
    return counted_rows(counting, curated_until(through))


def increment_sql(counting: Counting, base: str, through: datetime, as_of: datetime) -> exp.Select:
    """The people at a whole minute after the first and within BASE_LIFE of it: a SELECT of `user_id`, as `audience_sql` gives it. `base` has what was
    curated up to `through`. Raises InvalidRuleError for a statement that Athena would not take."""
    slot = exp.Literal.number(counting.slot(as_of))
    fresh = exp.Subquery(this=counted_rows(counting, recent(Inserted(through)), until=as_of))
    parts = [statement(_BASE, {"base": text(base), "slot": slot}), statement(_FRESH, {"rows": fresh, "slot": slot.copy()})]
    selected = combined(counting.rule, lambda clause: _verdict(clause, counting, as_of))
    if carriers(counting.rule) is None:
        people, _ = known_people(as_of, None)
        parts.append(statement(_ARE_KNOWN, {"people": exp.Subquery(this=people)}))
        selected = exp.and_(exp.GT(this=exp.column(_KNOWN), expression=exp.Literal.number(0)), selected, copy=False)
    found = exp.select("user_id").from_(_TOTALS).where(selected, copy=False)
    for name, query in {OWNERS: owners(as_of), _COUNTED: union(parts), _TOTALS: _totals(counting)}.items():
        found = found.with_(name, as_=query, copy=False)
    return checked(found)


def _totals(counting: Counting) -> exp.Select:
    amounts = [exp.alias_(statement(_AMOUNT, {"part": text(part)}), part) for part in [*counting.parts, _KNOWN]]
    newest = [exp.alias_(statement(_NEWEST, {"part": text(part)}), part) for part in counting.traits.values()]
    who = person(_COUNTED)
    rows = join_owners(exp.select(exp.alias_(who, "user_id"), *amounts, *newest).from_(_COUNTED), _COUNTED)
    return rows.where(exp.Is(this=who.copy(), expression=exp.Not(this=exp.null()))).group_by(who.copy())


def _verdict(clause: Clause, counting: Counting, as_of: datetime) -> exp.Expr:
    match clause:
        case EventClause():
            return counting.events[clause].verdict.copy()
        case Trait():
            return _told(clause, exp.column(counting.traits[clause]), as_of)
        case _:
            return of_person(clause, exp.column("user_id", _TOTALS), as_of)


def _told(clause: Trait, told: exp.Expr, as_of: datetime) -> exp.Expr:
    if not is_still(clause.test):
        return judged(JsonValue(told, clause.path), clause.test, as_of)
    verdicts = [exp.If(this=exp.EQ(this=told.copy(), expression=text(word)), true=exp.Boolean(this=true)) for word, true in TOLD.items()]
    if (without := unseen(clause)) is not None:
        verdicts.append(exp.If(this=exp.Is(this=told.copy(), expression=exp.null()), true=exp.Boolean(this=without)))
    return exp.Case(ifs=verdicts)
