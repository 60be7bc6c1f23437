"""What a rule would have answered at each of many moments, in one statement.

moves     a row each time that something which a clause counts begins or ceases to count for a person, with by how much
totals    a row a person and slot at which anything moved, with what each clause counts from then on
members   the same, with whether the rule selects the person
changes   the same, with whether that is new

So a person costs what they did, not an evaluation a day.
"""

from collections.abc import Mapping, Sequence
from typing import Final, cast

from sqlglot import exp

from regulars.domain.lake.moments import Moments
from regulars.domain.lake.owner_phases import owner_phases
from regulars.domain.lake.sql import statement
from regulars.domain.segments.compile.carriers import carriers
from regulars.domain.segments.compile.conditions import combined, of_person
from regulars.domain.segments.compile.moves import moves
from regulars.domain.segments.compile.sources import Scanned
from regulars.domain.segments.compile.spelled import of_people
from regulars.domain.segments.compile.spells import Spell
from regulars.domain.segments.compile.statement import checked
from regulars.domain.segments.compile.streams import streams
from regulars.domain.segments.lowering import lowered
from regulars.domain.segments.references import inlined
from regulars.domain.segments.rule import Clause, Rule, Segment

_KNOWN: Final = "known"

_CHANGES: Final = """
SELECT changes.slot AS slot, count(*) FILTER (WHERE changes.change = 1) AS entered, count(*) FILTER (WHERE changes.change = -1) AS gone
FROM (
  SELECT members.slot, members.member - lag(members.member, 1, 0) OVER (PARTITION BY members.user_id ORDER BY members.slot) AS change
  FROM (SELECT totals.slot, totals.user_id, CASE WHEN :selected THEN 1 ELSE 0 END AS member FROM totals) AS members
) AS changes
WHERE changes.change <> 0 GROUP BY changes.slot ORDER BY changes.slot
"""

_TOTAL: Final = "sum(:moved) OVER (PARTITION BY user_id ORDER BY slot ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)"


def backtest_sql(rule: Rule, moments: Moments, segments: Mapping[str, Segment], *, within: str = "") -> exp.Select:
    """A SELECT of `slot`, `entered` and `gone` (people who are in the segment and were not at the slot before, and the other way round; before slot 0
    there is nobody), a row for each slot with such, in order: added up, exactly as many as `audience_sql` selects.

    Raises what `audience_sql` raises, and InvalidRuleError for a clause that is not followed from moment to moment.
    """
    whole = lowered(inlined(rule, segments, within=within))
    read = list(streams(whole, moments))
    verdicts = {clause: tallied.verdict for stream in read for clause, tallied in stream.tallied.items()}
    selected = combined(whole, lambda clause: _verdict(clause, verdicts, moments))
    moved = {name: None for stream in read for name in stream.tallies}
    parts = [(stream.rows, stream.tallies) for stream in read]
    if carriers(whole) is None:
        moved[_KNOWN] = None
        parts.append((of_people(moments), {_KNOWN: Spell()}))
        selected = exp.and_(exp.GT(this=exp.column(_KNOWN), expression=exp.Literal.number(0)), selected, copy=False)
    moved_by = {f"moves_{number}": moves(rows, tallies, list(moved), moments) for number, (rows, tallies) in enumerate(parts, 1)}
    found = cast(exp.Select, statement(_CHANGES, {"selected": selected}))
    for name, query in (*owner_phases(moments), *moved_by.items(), ("totals", _totals(list(moved_by), list(moved), moments))):
        found = found.with_(name, as_=query, copy=False)
    return checked(found)


def _verdict(clause: Clause, verdicts: Mapping[Scanned, exp.Expr], moments: Moments) -> exp.Expr:
    if isinstance(clause, Scanned):
        return verdicts[clause].copy()
    return of_person(clause, exp.column("user_id", "totals"), moments.first)


def _totals(names: Sequence[str], columns: Sequence[str], moments: Moments) -> exp.Select:
    parts = [exp.select("user_id", "slot", *columns).from_(name) for name in names]
    together = exp.Subquery(this=exp.union(*parts, distinct=False, copy=False) if len(parts) > 1 else parts[0]).as_("moves", copy=False)
    still = exp.LT(this=exp.column("slot"), expression=moments.never)
    sums = [exp.alias_(statement("sum(:moved)", {"moved": exp.column(name)}), name) for name in columns]
    steps = exp.select("user_id", "slot", *sums).from_(together).where(still).group_by("user_id", "slot")
    totals = [exp.alias_(statement(_TOTAL, {"moved": exp.column(name)}), name) for name in columns]
    return exp.select("user_id", "slot", *totals).from_(exp.Subquery(this=steps).as_("steps", copy=False), copy=False)
