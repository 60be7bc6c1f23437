"""What a backtest reads: rows with spells, and the clauses that are told from them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, assert_never

from sqlglot import exp

from regulars.domain.lake.moments import Moments
from regulars.domain.segments.compile.counted import counted, delivered, is_counted
from regulars.domain.segments.compile.sequence_spells import followed, of_sequences
from regulars.domain.segments.compile.sources import Scanned
from regulars.domain.segments.compile.spelled import names_trait, of_deliveries, of_events, of_traits
from regulars.domain.segments.compile.spells import TO, Spell, unfollowed
from regulars.domain.segments.compile.sums import judged_sum, summed
from regulars.domain.segments.compile.tallies import Tallied, Tallies, told
from regulars.domain.segments.functions import call
from regulars.domain.segments.measure import Aggregate, Rank
from regulars.domain.segments.rule import Converted, Delivered, EventClause, EventSequence, Near, OwnTime, Reachable, Rule, Trait, walk

_WORDS: Final = {Reachable: "reachable", Near: "near", Converted: "converted", OwnTime: "timezone"}
"""Of the clauses that are not followed."""


@dataclass(frozen=True)
class Stream:
    """Rows of one `source`, and the clauses that they tell."""

    source: exp.Select
    tallied: Mapping[Scanned, Tallied]

    @property
    def rows(self) -> exp.Select:
        """With the values that are read of each."""
        values = [exp.alias_(value.copy(), name) for tallied in self.tallied.values() for name, value in tallied.values.items()]
        return exp.select("*", *values).from_(exp.Subquery(this=self.source).as_("rows")) if values else self.source

    @property
    def tallies(self) -> Tallies:
        return {name: spell for tallied in self.tallied.values() for name, spell in tallied.tallies.items()}


def streams(rule: Rule, moments: Moments) -> Iterator[Stream]:
    """Of all that the lowered rule asks. Events that only have to be counted are read once a name, traits once; sums, sequences and pushes for one
    clause at a time. Raises InvalidRuleError for a clause that is not followed."""
    asked = dict.fromkeys(clause for _, clause in walk(rule) if isinstance(clause, Scanned))
    names = {clause: f"c{number}" for number, clause in enumerate(asked, 1)}
    events: dict[str, list[EventClause]] = {}
    for clause in asked:
        match clause:
            case EventClause(name=name) if is_counted(clause):
                events.setdefault(name, []).append(clause)
            case EventClause(measure=Rank(which=which)):
                raise unfollowed(f"`{which}`")
            case EventClause(measure=Aggregate() as measure):
                yield Stream(summed(clause, measure, moments), {clause: judged_sum(clause, names[clause])})
            case EventClause():
                raise AssertionError(f"{clause.measure} is counted")
            case Delivered():
                rows = of_deliveries(clause.campaign_id, clause.period, moments)
                yield Stream(rows, {clause: delivered(clause, names[clause], moments)})
            case EventSequence():
                yield Stream(of_sequences(clause, moments), {clause: followed(clause, names[clause], moments)})
            case Reachable() | Near() | Converted() | OwnTime():
                raise unfollowed(f"`{_WORDS[type(clause)]}`")
            case Trait():
                continue
            case _:
                assert_never(clause)
    for name, clauses in events.items():
        rows = of_events(name, [clause.period for clause in clauses], moments)
        yield Stream(rows, {clause: counted(clause, names[clause], moments) for clause in clauses})
    if traits := {clause: name for clause, name in names.items() if isinstance(clause, Trait)}:
        yield _traits(traits, moments)


def _traits(clauses: Mapping[Trait, str], moments: Moments) -> Stream:
    called: Sequence[str] = list(dict.fromkeys(clause.path[0] for clause in clauses))
    newest = {name: _newest(name, number, moments) for number, name in enumerate(called, 1)}
    tallied: dict[Scanned, Tallied] = {clause: told(clause, name, moments, newest[clause.path[0]]) for clause, name in clauses.items()}
    return Stream(of_traits(called, moments), tallied)


def _newest(name: str, number: int, moments: Moments) -> Spell:
    """While an identify call that names the trait is the newest that does."""
    newer = call("coalesce", exp.column(f"newer_{number}"), moments.never)
    return Spell(ends=(exp.column(TO), newer), conditions=(names_trait(name),))
