"""How much the events that count come to."""

from collections.abc import Sequence
from datetime import datetime
from math import fsum
from typing import assert_never

from regulars.domain.language import Path
from regulars.domain.segments.evaluate.clocks import wall_clock
from regulars.domain.segments.evaluate.events import lies_in
from regulars.domain.segments.evaluate.history import PastEvent
from regulars.domain.segments.evaluate.json_texts import scalar, value_at
from regulars.domain.segments.evaluate.judging import holds
from regulars.domain.segments.evaluate.values import number
from regulars.domain.segments.evaluate.verdicts import Verdict
from regulars.domain.segments.measure import Aggregate, Count, Distinct, Edge, Measure, Rank


def measure_holds(measure: Measure, counted: Sequence[PastEvent], as_of: datetime) -> Verdict:
    """Unknown where there is nothing to measure."""
    if isinstance(measure, Rank):
        raise AssertionError("a rank is not of one person's events alone")
    if isinstance(measure, Edge):
        at = edge(measure, counted)
        return None if at is None else lies_in(at.at, measure.period, as_of)
    found = measured(measure, counted, as_of)
    return None if found is None else holds(found, measure.test)


def edge(measure: Edge, counted: Sequence[PastEvent]) -> PastEvent | None:
    """The first or the last of them."""
    return (min if measure.which == "first" else max)(counted, key=lambda event: event.order, default=None)


def measured(measure: Count | Distinct | Aggregate, counted: Sequence[PastEvent], as_of: datetime) -> float | None:
    """How many, or how much. Sums are rounded once (the engine adds doubles in any order, and may differ in the last bit)."""
    match measure:
        case Count():
            return len(counted)
        case Distinct(path):
            return len({_kind(event, path, as_of) for event in counted} - {None})
        case Aggregate(function, path):
            numbers = [read for event in counted if (read := number(text_at(event, path))) is not None]
            return _reduced(function, numbers) if numbers else None
        case _:
            assert_never(measure)


def text_at(event: PastEvent, path: Path) -> str | None:
    return scalar(value_at(event.properties, path))


def _kind(event: PastEvent, path: Path | None, as_of: datetime) -> str | None:
    """What makes two events the same to `distinct`: the text at the path, or without one the day, by the clock of the as-of moment's zone."""
    return wall_clock(event.at, as_of.tzinfo).date().isoformat() if path is None else text_at(event, path)


def _reduced(function: str, numbers: Sequence[float]) -> float:
    match function:
        case "sum":
            return fsum(numbers)
        case "avg":
            return fsum(numbers) / len(numbers)
        case "min":
            return min(numbers)
        case "max":
            return max(numbers)
    raise AssertionError(f"no such aggregate: {function}")
