"""Somebody's past through journeys, by the moments at which things happened, as if each had arrived at once.

An event of which no journey knows the name costs a look-up. What is due between two events is done between them, in the order in which it is due.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Final

from regulars.domain.journeys.book import Book
from regulars.domain.journeys.context import said_in
from regulars.domain.journeys.index import Index
from regulars.domain.journeys.past import BEARERS, PastRow
from regulars.domain.journeys.person import PersonOfHistory
from regulars.domain.journeys.simulation import Life, Lived
from regulars.domain.journeys.state import Happened, made
from regulars.domain.journeys.triggers import trigger_kind
from regulars.domain.segments.evaluate import PersonHistory

_BEARING: Final = frozenset(name for name, _ in BEARERS.values())
"""Events whose properties say what they tell of."""


class Replay:
    """Of one person, used once. `is_arrival`: it is the life by the moments at which things arrived as well, for nothing was due between what
    happened and its arrival, and all arrived in the same order, within `patience`, soon enough to begin something."""

    def __init__(self, books: Mapping[str, Book], index: Index, history: PersonHistory, patience: timedelta, zone: tzinfo | None = None) -> None:
        self._index, self._patience = index, patience
        self._life = Life(books, index, history, zone=zone)
        self.is_arrival = True

    @property
    def person(self) -> PersonOfHistory:
        return self._life.person

    def through(self, rows: Iterable[PastRow], until: datetime) -> Sequence[Lived]:
        """In the order of moment and id; what would be due after `until` does not come."""
        life, of_events, lived = self._life, self._index.of_events, list[Lived]()
        arrived: datetime | None = None
        for row in rows:
            interest, at, received = of_events.get(row.name), row.at, row.received
            if interest is None and row.name not in _BEARING:
                continue
            self.is_arrival = self.is_arrival and at <= received and (arrived is None or arrived <= received)
            arrived = received
            if interest is not None and not interest.entries and interest.moves.isdisjoint(life.inside):
                continue
            if life.due < at:
                lived += life.before(at)
            self.is_arrival = self.is_arrival and received <= life.due and received - at <= self._patience
            lived += life.happens(happened(row, life.person), at)
        lived += life.before(until)
        return lived


def happened(row: PastRow, who: PersonOfHistory) -> Happened:
    """What a row tells of, as journeys take it."""
    if row.name not in _BEARING:
        return made(Happened, ("event", row.name, row.at, row.id, who, row.properties))
    kind, name = trigger_kind(row.name, said_in(row.properties), is_own=row.is_own)
    return Happened(kind, name, row.at, row.id, who, row.properties)
