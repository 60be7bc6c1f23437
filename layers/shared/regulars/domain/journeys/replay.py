"""Journeys over the past: what they would have done, person after person. Memory is that of one person, and people can be split over any number of
machines.

An event of which no journey knows the name costs a look-up. What is due between two events is done between them, in the order in which it is due.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from regulars.domain.journeys.book import Book
from regulars.domain.journeys.index import Index
from regulars.domain.journeys.simulation import Life, Lived
from regulars.domain.journeys.state import Happened
from regulars.domain.segments.evaluate import PersonHistory


class Row(NamedTuple):
    """An event of the lake. Rows come person by person, and those of one in the order of moment and id."""

    user_id: str
    name: str
    at: datetime
    id: str
    properties: str | None


def replayed(books: Mapping[str, Book], rows: Iterable[Row], history_of: Callable[[str], PersonHistory], until: datetime) -> Iterator[Lived]:
    """By the moments at which things happened, as if each had arrived at once. `history_of` says what is known of a person, over all their life."""
    index = Index(books)
    user, life = "", None
    for user_id, name, at, event_id, properties in rows:
        if user_id != user:
            if life is not None:
                yield from life.before(until)
            user, life = user_id, None
        interest = index.of_events.get(name)
        if interest is None or (life is None and not interest.entries):
            continue
        if life is None:
            life = Life(books, index, history_of(user))
        if life.due < at:
            yield from life.before(at)
        if interest.entries or not interest.moves.isdisjoint(life.inside):
            yield from life.happens(Happened("event", name, at, event_id, life.person, properties), at)
    if life is not None:
        yield from life.before(until)
