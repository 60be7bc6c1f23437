"""Sequences: which chains of a person's events go through all the steps, and whether anything spoilt them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from regulars.domain.segments.evaluate.events import missed
from regulars.domain.segments.evaluate.history import PastEvent
from regulars.domain.segments.rule import EventSequence


@dataclass(frozen=True)
class Passage:
    """One way through the steps. `spoilt_by` is the first event after the last step that was not to follow, within the span or later;
    `over` that the span has passed."""

    chain: tuple[PastEvent, ...]
    spoilt_by: PastEvent | None
    over: bool


def passages(sequence: EventSequence, events: Iterable[PastEvent], as_of: datetime) -> list[Passage]:
    """Every event that reaches the last step, with the latest steps before it, in the one order of events."""
    ordered = sorted((event for event in events if event.at < as_of), key=lambda event: event.order)
    latest: list[tuple[PastEvent, ...]] = [()] * len(sequence.steps)
    found: list[Passage] = []
    for place, event in enumerate(ordered):
        for number in reversed(range(len(sequence.steps))):  # the last step first: no event is two steps
            if chain := _reached(sequence, number, event, latest, as_of):
                latest[number] = chain
                if number == len(sequence.steps) - 1:
                    found.append(_passage(sequence, chain, ordered[place + 1 :], as_of))
    return found


def happened(sequence: EventSequence, passage: Passage) -> bool:
    """Whether this way through is all that the sequence asks for."""
    if sequence.then_not is None:
        return True
    if passage.spoilt_by is not None and in_time(sequence, passage.chain[-1], passage.spoilt_by):
        return False
    return passage.over


def in_time(sequence: EventSequence, one: PastEvent, following: PastEvent) -> bool:
    return sequence.within is None or following.at - one.at <= sequence.within


def _reached(sequence: EventSequence, number: int, event: PastEvent, latest: list[tuple[PastEvent, ...]], as_of: datetime) -> tuple[PastEvent, ...]:
    """The chain up to this step, if the event is that step; else nothing."""
    step = sequence.steps[number]
    if event.name != step.name or missed(event, step, as_of) is not None:
        return ()
    before = latest[number - 1] if number else ()
    if number and not (before and in_time(sequence, before[-1], event)):
        return ()
    return (*before, event)


def _passage(sequence: EventSequence, chain: tuple[PastEvent, ...], later: list[PastEvent], as_of: datetime) -> Passage:
    unwanted = sequence.then_not
    spoiling = (event for event in later if unwanted and event.name == unwanted.name and missed(event, unwanted, as_of) is None)
    over = sequence.within is None or as_of - chain[-1].at > sequence.within
    return Passage(chain, next(spoiling, None), over)
