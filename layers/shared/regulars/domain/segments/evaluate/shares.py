"""How much of what one person does is like something: what `compile.shares` counts of everybody."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from regulars.domain.segments.evaluate.events import counting
from regulars.domain.segments.evaluate.history import PastEvent
from regulars.domain.segments.rule import EventClause


class Share(NamedTuple):
    """So many of `these` events are `alike`."""

    these: int
    alike: int


def share_of(clause: EventClause, events: Sequence[PastEvent], as_of: datetime) -> Share:
    """Of a person's events of the clause's name in its period, those that meet its `where`."""
    these = counting(events, replace(clause, where=()), as_of)
    return Share(len(these), len(counting(these, clause, as_of)))
