"""Which of a person's events count for a clause, and why others do not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from regulars.domain.segments.evaluate.clocks import is_before
from regulars.domain.segments.evaluate.history import PastEvent
from regulars.domain.segments.evaluate.json_texts import value_at
from regulars.domain.segments.evaluate.judging import judged
from regulars.domain.segments.evaluate.verdicts import Verdict
from regulars.domain.segments.judgement import Condition
from regulars.domain.segments.measure import Period


class Wanted(Protocol):
    """Events of a name that meet all of `where` in a period: of a clause, or of a step of a sequence."""

    @property
    def name(self) -> str: ...
    @property
    def where(self) -> tuple[Condition, ...]: ...
    @property
    def period(self) -> Period: ...


@dataclass(frozen=True)
class OutsidePeriod:
    """It happened, but not then."""


@dataclass(frozen=True)
class FailedCondition:
    """`where[index]` is false of it, or unknown."""

    index: int
    verdict: Verdict


Miss = OutsidePeriod | FailedCondition
"""Why an event of the right name does not count."""


def missed(event: PastEvent, wanted: Wanted, as_of: datetime) -> Miss | None:
    """What the event fails first; None where it counts."""
    if not lies_in(event.at, wanted.period, as_of):
        return OutsidePeriod()
    for index, condition in enumerate(wanted.where):
        verdict = judged(value_at(event.properties, condition.path), condition.test, as_of)
        if not verdict:
            return FailedCondition(index, verdict)
    return None


def called(events: Iterable[PastEvent], wanted: Wanted) -> list[PastEvent]:
    return [event for event in events if event.name == wanted.name]


def counting(events: Sequence[PastEvent], wanted: Wanted, as_of: datetime) -> list[PastEvent]:
    """Those that count."""
    return [event for event in called(events, wanted) if missed(event, wanted, as_of) is None]


def lies_in(moment: datetime, period: Period, as_of: datetime) -> bool:
    """Half open, and never at the as-of moment or after it. Bounds without a zone are by the clock of the as-of moment's."""
    if moment >= as_of:
        return False
    if period.within is not None:
        return as_of - moment <= period.within
    begun = period.start is None or not is_before(moment, period.start, as_of.tzinfo)
    return begun and (period.end is None or is_before(moment, period.end, as_of.tzinfo))
