"""Which journeys somebody is in now, was in, or is held out of: by where the worker keeps them, without a query."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from regulars.domain.errors import InvalidRequestError
from regulars.domain.journeys.book import Book
from regulars.domain.journeys.whereabouts import RunNow, runs_now
from regulars.ports import JourneyStore


@dataclass(frozen=True)
class JourneyOfPerson:
    """`runs` has one entry, or one for each value of the journey's `key`."""

    journey: str
    runs: Sequence[RunNow]


@dataclass(frozen=True)
class JourneysOfPerson:
    """A journey that they left long ago is in it for as long as it has to be known whether they may come in again."""

    user_id: str
    journeys: Sequence[JourneyOfPerson]


def list_journeys_of_person(user_id: str, books: Mapping[str, Book], *, journeys: JourneyStore) -> JourneysOfPerson:
    """`books` are those of what was launched. Raises InvalidRequestError for nobody, StoreUnavailableError."""
    if not user_id:
        raise InvalidRequestError("of whom?", field="user_id")
    found = runs_now(journeys.of(user_id), books)
    return JourneysOfPerson(user_id, [JourneyOfPerson(journey, runs) for journey, runs in sorted(found.items())])
