"""What the clauses of a rule are counted in, minute by minute, for each id that events have: rows that are kept, and added to (`increments`).

A row says of one id and one part of a clause by how much that part changes at a slot: at slot 0 by all that was before, later as events leave their
windows. Of a trait it says what the newest call that names it told. Rows are by the ids that events have, not by whose those are: so a browser
that is claimed tomorrow brings what it did last week. No event is curated before it happened (`collection.moments.happened`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlglot import exp

from regulars.domain.errors import InvalidRuleError
from regulars.domain.lake.event_names import named
from regulars.domain.lake.moments import Moments
from regulars.domain.lake.order import order_text
from regulars.domain.lake.sql import statement, table, text, timestamp, whole
from regulars.domain.lake.tables import EVENTS
from regulars.domain.segments.compile.comparisons import judged
from regulars.domain.segments.compile.counted import counted, is_counted
from regulars.domain.segments.compile.sources import Scanned
from regulars.domain.segments.compile.spelled import names_trait, reading_of
from regulars.domain.segments.compile.spells import FROM, TO, is_still, laid_out
from regulars.domain.segments.compile.streams import Stream
from regulars.domain.segments.compile.tallies import Tallied
from regulars.domain.segments.compile.time_ranges import TimeRange, bounds, covering, inside
from regulars.domain.segments.compile.values import JsonValue
from regulars.domain.segments.limits import BASE_LIFE
from regulars.domain.segments.lowering import lowered
from regulars.domain.segments.references import inlined
from regulars.domain.segments.rule import EventClause, Rule, Segment, Trait, walk

TOLD: Final[Mapping[str, bool]] = {"true": True, "false": False}
"""What is kept of a verdict on a trait; unknown is an empty text."""

_ID: Final = "CASE WHEN user_id IS NULL THEN anonymous_id END"

_MOVED: Final = """
SELECT moved.part AS part, moved.user_id AS user_id, moved.anonymous_id AS anonymous_id, moved.slot AS slot, sum(moved.amount) AS amount,
  CAST(NULL AS VARCHAR) AS said, CAST(NULL AS VARCHAR) AS told
FROM (
  SELECT sides.part, spells.user_id, spells.anonymous_id, :slot AS slot, sides.amount FROM :spells AS spells CROSS JOIN :sides WHERE :lasts
) AS moved
WHERE moved.slot < :never GROUP BY moved.part, moved.user_id, moved.anonymous_id, moved.slot
"""

_ANSWERED: Final = """
SELECT answers.part AS part, answers.user_id AS user_id, answers.anonymous_id AS anonymous_id, 0 AS slot, 0 AS amount,
  max(answers.said) AS said, max_by(answers.told, answers.said) AS told
FROM (SELECT parts.part, calls.user_id, calls.anonymous_id, calls.said, :told AS told FROM :calls AS calls CROSS JOIN :parts WHERE :named) AS answers
GROUP BY answers.part, answers.user_id, answers.anonymous_id
"""


@dataclass(frozen=True)
class Counting:
    """A lowered rule by minutes from a first moment on: what each clause about events is told from, and in which part a trait's answer is kept."""

    rule: Rule
    moments: Moments
    events: Mapping[EventClause, Tallied]
    traits: Mapping[Trait, str]

    @property
    def parts(self) -> Sequence[str]:
        """Of events."""
        return [part for tallied in self.events.values() for part in tallied.tallies]

    def slot(self, as_of: datetime) -> int:
        return (as_of - self.moments.first) // self.moments.every


def counting(rule: Rule, first: datetime, segments: Mapping[str, Segment], *, within: str = "") -> Counting | None:
    """How a rule is counted from a whole minute on; None where a clause of it does not add up, or nothing of it is counted. Raises what `inlined`
    raises."""
    whole = lowered(inlined(rule, segments, within=within))
    every = timedelta(minutes=1)
    moments = Moments(first, every, BASE_LIFE // every + 1)
    events: dict[EventClause, Tallied] = {}
    traits: dict[Trait, str] = {}
    for number, clause in enumerate(dict.fromkeys(clause for _, clause in walk(whole) if isinstance(clause, Scanned)), 1):
        match clause:
            case EventClause() if is_counted(clause):
                try:
                    tallied = counted(clause, f"c{number}", moments)
                except InvalidRuleError:  # a condition on a property that changes with the day
                    return None
                if any(spell.per is not None for spell in tallied.tallies.values()):  # once a person, not once an id
                    return None
                events[clause] = tallied
            case Trait():
                traits[clause] = f"c{number}"
            case _:
                return None
    return Counting(whole, moments, events, traits) if events or traits else None


def curated_until(moment: datetime) -> exp.Expr:
    """The rows of `events` that were curated up to the moment."""
    return exp.LTE(this=exp.column("curated_ts", EVENTS.name), expression=timestamp(moment))


def counted_rows(counting: Counting, curated: exp.Expr, *, until: datetime | None = None) -> exp.Expression:
    """The rows of `segment_bases` that such events come to; of identify calls those before `until` alone: of others, what is later has a later
    slot."""
    names: dict[str, dict[EventClause, Tallied]] = {}
    for clause, tallied in counting.events.items():
        names.setdefault(clause.name, {})[clause] = tallied
    parts = [_moved(name, clauses, counting.moments, curated) for name, clauses in names.items()]
    if counting.traits:
        parts.append(_answered(counting.traits, counting.moments, curated, until))
    return union(parts)


def union(parts: Sequence[exp.Expression]) -> exp.Expression:
    """All rows of all of them."""
    return exp.union(*parts, distinct=False, copy=False) if len(parts) > 1 else parts[0]


def _moved(name: str, clauses: Mapping[EventClause, Tallied], moments: Moments, curated: exp.Expr) -> exp.Expression:
    """Of the events of one name."""
    begins = exp.alias_(moments.slot(exp.column("event_ts")), FROM)
    ranges = covering(reading_of(clause.period, moments) for clause in clauses)
    events = _events([*named(name), *inside(ranges), curated], begins, exp.alias_(moments.never, TO), "event_ts", "properties")
    stream = Stream(events, dict[Scanned, Tallied](clauses.items()))
    tallies = stream.tallies
    sides = [(part, edge, amount) for part in tallies for edge, amount in (("begin", 1), ("end", -1))]
    values = {
        "slot": exp.Case(ifs=[exp.If(this=_is(number, "side"), true=exp.column(f"{edge}_{part}")) for number, (part, edge, _) in enumerate(sides)]),
        "spells": exp.Subquery(this=laid_out(stream.rows, tallies, ["user_id", "anonymous_id"], moments)),
        "sides": table("sides", ("side", "part", "amount"), [(number, part, amount) for number, (part, _, amount) in enumerate(sides)]),
        "lasts": exp.Case(ifs=[exp.If(this=_is(part, "part", "sides"), true=statement(f"begin_{part} < end_{part}")) for part in tallies]),
        "never": moments.never,
    }
    return statement(_MOVED, values)


def _answered(clauses: Mapping[Trait, str], moments: Moments, curated: exp.Expr, until: datetime | None) -> exp.Expression:
    """Of the identify calls: for each clause the newest that names its trait, with its verdict, or, where that depends on the moment, its traits."""
    identify: list[exp.Expr] = [exp.EQ(this=exp.column(column), expression=text("identify")) for column in ("event_name", "type")]
    before = bounds(TimeRange(None, until)) if until else []
    values = {
        "told": exp.Case(ifs=[exp.If(this=_is(part, "part", "parts"), true=_answer(clause, moments)) for clause, part in clauses.items()]),
        "calls": exp.Subquery(this=_events([*identify, *before, curated], exp.alias_(order_text(), "said"), "traits")),
        "parts": table("parts", ("part",), [(part,) for part in clauses.values()]),
        "named": exp.Case(ifs=[exp.If(this=_is(part, "part", "parts"), true=names_trait(clause.path[0])) for clause, part in clauses.items()]),
    }
    return statement(_ANSWERED, values)


def _answer(clause: Trait, moments: Moments) -> exp.Expr:
    if not is_still(clause.test):
        return exp.column("traits")
    true = judged(JsonValue(exp.column("traits"), clause.path), clause.test, moments.first)
    verdicts = [exp.If(this=true if wanted else exp.not_(true.copy()), true=text(word)) for word, wanted in TOLD.items()]
    return exp.Case(ifs=verdicts, default=text(""))


def _events(conditions: Sequence[exp.Expr], *columns: exp.Expr | str) -> exp.Select:
    ids: list[exp.Expr | str] = ["user_id", exp.alias_(statement(_ID), "anonymous_id")]
    anybodys = statement("user_id IS NOT NULL OR anonymous_id IS NOT NULL")
    return exp.select(*ids, *columns).from_(EVENTS.name).where(*(each.copy() for each in conditions), anybodys, copy=False)


def _is(value: int | str, column: str, of: str = "sides") -> exp.Expr:
    return exp.EQ(this=exp.column(column, of), expression=text(value) if isinstance(value, str) else whole(value))
