"""What a rule asks about anybody: events by name and time, traits by name, pushes by time and campaign."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, assert_never

from regulars.domain.segments.compile.time_ranges import TimeRange, covering, range_of, reading
from regulars.domain.segments.judgement import Test
from regulars.domain.segments.measure import EVER, Aggregate, Count, Distinct, Edge, Measure, Period, Rank
from regulars.domain.segments.rule import Converted, Delivered, EventClause, EventSequence, Near, OwnTime, Reachable, Rule, Trait, walk
from regulars.domain.segments.zones import TIMEZONE

MARGIN: Final = timedelta(days=31)
"""How far round its periods a rule's events are looked for, so that near misses are seen: a partition is a month."""

_EARLIEST: Final = 1_000
"""The first year that a rule can name."""


@dataclass(frozen=True)
class EventNeed:
    """When, and whether anything is asked of their properties."""

    ranges: tuple[TimeRange, ...]
    properties: bool


@dataclass(frozen=True)
class Needs:
    """`campaigns` are those whose pushes are asked about: None for all. `places` is when the newest place may have been told, None where none is
    asked for."""

    events: Mapping[str, EventNeed]
    traits: Sequence[str]
    pushes: tuple[TimeRange, ...]
    campaigns: Sequence[str] | None
    devices: bool = False
    places: TimeRange | None = None
    ranks: Sequence[EventClause] = ()


def needs(rule: Rule, as_of: datetime) -> Needs:
    """Of a lowered rule."""
    clauses = [part for _, clause in walk(rule) for part in _parts(clause)]
    events: dict[str, list[tuple[TimeRange, bool]]] = {}
    for name, period, properties in _events(clauses):
        events.setdefault(name, []).append((_widened(reading(period, as_of), as_of), properties))
    pushes = [clause for clause in clauses if isinstance(clause, Delivered | Converted)]
    campaigns = [clause.campaign_id for clause in pushes if clause.campaign_id is not None]
    return Needs(
        {name: EventNeed(covering(this for this, _ in asked), any(properties for _, properties in asked)) for name, asked in events.items()},
        tuple(dict.fromkeys(clause.path[0] for clause in clauses if isinstance(clause, Trait))),
        covering(range_of(clause.period if isinstance(clause, Delivered) else EVER, as_of) for clause in pushes),
        tuple(dict.fromkeys(campaigns)) if len(campaigns) == len(pushes) else None,
        any(isinstance(clause, Reachable) for clause in clauses),
        next(iter(covering(range_of(Period(within=clause.within), as_of) for clause in clauses if isinstance(clause, Near))), None),
        ranked_clauses(rule),
    )


def _parts(clause: Rule) -> Sequence[Rule]:
    """What a clause by a person's own clock asks about, and by what clock; any other is one."""
    return [clause.clause, Trait((TIMEZONE,), Test("exists", True))] if isinstance(clause, OwnTime) else [clause]


def ranked_clauses(rule: Rule) -> Sequence[EventClause]:
    """The clauses of a lowered rule that ask for a place among all people, each once."""
    clauses = [clause for _, clause in walk(rule) if isinstance(clause, EventClause) and isinstance(clause.measure, Rank)]
    return tuple(dict.fromkeys(clauses))


def _events(clauses: Sequence[Rule]) -> Iterator[tuple[str, Period, bool]]:
    """Name, period, and whether properties are read."""
    for clause in clauses:
        match clause:
            case EventClause(name, where, period, measure):
                yield name, period, bool(where) or _reads_properties(measure)
            case Converted(_, goal, period):
                yield goal.event, period, False
            case EventSequence(steps, _, then_not):
                for step in (*steps, *([then_not] if then_not else [])):
                    yield step.name, step.period, bool(step.where)


def _reads_properties(measure: Measure) -> bool:
    match measure:
        case Distinct(path) | Rank(path=path):
            return path is not None
        case Aggregate():
            return True
        case Count() | Edge():
            return False
        case _:
            assert_never(measure)


def _widened(this: TimeRange, as_of: datetime) -> TimeRange:
    start = this.start - MARGIN if this.start and this.start.year > _EARLIEST else None
    return TimeRange(start, min(this.end + MARGIN, as_of) if this.end < as_of else as_of)
