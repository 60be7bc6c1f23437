"""Why an event clause holds or not: the events that count, and how many others do not."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final, assert_never

from regulars.domain.language import Path, shown
from regulars.domain.segments.evaluate.events import FailedCondition, Miss, OutsidePeriod, Wanted, called, missed
from regulars.domain.segments.evaluate.evidence import Evidence, shown_value
from regulars.domain.segments.evaluate.history import PastEvent, PersonHistory, Standing
from regulars.domain.segments.evaluate.json_texts import value_at
from regulars.domain.segments.evaluate.measures import edge, measured
from regulars.domain.segments.evaluate.ranks import edge_of
from regulars.domain.segments.measure import Aggregate, Count, Distinct, Edge, Rank
from regulars.domain.segments.phrases import path_phrase, quoted, ranked_by_phrase, share_phrase
from regulars.domain.segments.rule import EventClause

MOST_EVENTS: Final = 10
"""Events that are shown one by one, the newest."""

_REDUCED: Final = {"sum": "sum", "avg": "mean", "min": "least", "max": "greatest"}


def because_of_events(clause: EventClause, history: PersonHistory, as_of: datetime) -> Iterator[Evidence]:
    """What it comes to, the newest events that count, and how many others do not, by what they fail first."""
    misses: dict[PastEvent, Miss | None] = {event: missed(event, clause, as_of) for event in called(history.events, clause)}
    counted = sorted((event for event, miss in misses.items() if miss is None), key=lambda event: event.order, reverse=True)
    yield Evidence(
        _place(clause.measure, history.standings.get(clause)) if isinstance(clause.measure, Rank) else _headline(clause.measure, counted, as_of)
    )
    paths = _paths(clause)
    yield from (event_evidence(event, paths) for event in counted[:MOST_EVENTS])
    if len(counted) > MOST_EVENTS:
        yield Evidence(f"and {len(counted) - MOST_EVENTS} more that count, the oldest at {shown(counted[-1].at)}")
    yield from _others(clause, misses)


def event_evidence(event: PastEvent, paths: Sequence[Path]) -> Evidence:
    """`"Order Completed" at 2017-09-30T08:00:00Z: revenue 7.50`."""
    values = {path_phrase(path): shown_value(value_at(event.properties, path)) for path in paths}
    told = ", ".join(f"{name} {value}" for name, value in values.items())
    text = f"{quoted(event.name)} at {shown(event.at)}" + (f": {told}" if told else "")
    return Evidence(text, event.message_id, event.at, next(iter(values.values()), None))


def _place(rank: Rank, standing: Standing | None) -> str:
    by = ranked_by_phrase(rank.amount, rank.path)
    if standing is None:
        return f"no place among all people by {by}"
    edge_at, share = edge_of(rank, standing.people), share_phrase(rank.tenths)
    those = f"the first {edge_at}" if rank.which == "top" else f"all after {edge_at}"
    return f"place {standing.place} of {standing.people} by {by}; {those} are the {rank.which} {share}"


def _headline(measure: Count | Distinct | Aggregate | Edge, counted: Sequence[PastEvent], as_of: datetime) -> str:
    events = f"{len(counted)} event{'' if len(counted) == 1 else 's'}"
    match measure:
        case Count():
            return f"{events} counted"
        case Edge(which):
            found = edge(measure, counted)
            return f"the {which} of {events} is at {shown(found.at)}" if found else "there is no such event"
        case Distinct(path):
            found_values = int(measured(measure, counted, as_of) or 0)
            return f"{found_values} different {f'values of {path_phrase(path)}' if path else 'days'} in {events}"
        case Aggregate(function, path):
            result = measured(measure, counted, as_of)
            what = f"the {_REDUCED[function]} of {path_phrase(path)}"
            return f"{what} is {result!r} in {events}" if result is not None else f"no number at {path_phrase(path)} in {events}"
        case _:
            assert_never(measure)


def _paths(clause: EventClause) -> tuple[Path, ...]:
    """What is read in an event: what is measured, then what is asked of it."""
    match clause.measure:
        case Distinct(path=(_, *_) as path) | Aggregate(path=path) | Rank(path=(_, *_) as path):
            own: tuple[Path, ...] = (tuple(path),)
        case _:
            own = ()
    return tuple(dict.fromkeys((*own, *(condition.path for condition in clause.where))))


def _others(wanted: Wanted, misses: dict[PastEvent, Miss | None]) -> Iterator[Evidence]:
    by_miss: dict[Miss, list[PastEvent]] = {}
    for event, miss in misses.items():
        if miss is not None:
            by_miss.setdefault(miss, []).append(event)
    for miss, events in by_miss.items():
        newest = max(events, key=lambda event: event.order)
        many = f"{len(events)} other{' does' if len(events) == 1 else 's do'} not count"
        yield Evidence(f"{many}: {_why(miss, wanted, newest)}", newest.message_id, newest.at)


def _why(miss: Miss, wanted: Wanted, newest: PastEvent) -> str:
    match miss:
        case OutsidePeriod():
            return f"outside the period, the newest at {shown(newest.at)}"
        case FailedCondition(index, verdict):
            path = wanted.where[index].path
            judged = "false" if verdict is False else "unknown"
            value = f"{path_phrase(path)} {shown_value(value_at(newest.properties, path))}"
            return f"where[{index}] is {judged}, as of the newest, at {shown(newest.at)}: {value}"
        case _:
            assert_never(miss)
