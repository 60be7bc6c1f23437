"""Which places a telephone is to watch."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from regulars.domain.collection.keys import stated_keys
from regulars.domain.definitions import Definition
from regulars.domain.errors import InvalidPlacesError, StoreUnavailableError
from regulars.domain.places.nearby import Nearby, nearby, read_cell
from regulars.domain.places.parse import parse_places
from regulars.domain.places.place import Place
from regulars.ports import Clock, DefinitionStore, WriteKeys
from regulars.usecases.authenticate import authenticate

MAX_AGE: Final = timedelta(minutes=1)
"""How long the lists that were read are believed."""


def find_places(
    headers: Mapping[str, str], query: Mapping[str, str], *, places: Callable[[], Sequence[Place]], write_keys: WriteKeys, clock: Clock
) -> Nearby:
    """`headers` are by lower-case name. Nothing of the question is kept. Raises InvalidRequestError, UnknownWriteKeyError, StoreUnavailableError,
    TooManyRequestsError."""
    authenticate(stated_keys(headers.get("authorization", ""), query, {}), write_keys=write_keys, clock=clock)
    return nearby(places(), read_cell(query.get("near", "")))


class CurrentPlaces:
    """All places of all lists that nobody archived. Kept by a process, and read anew after MAX_AGE."""

    def __init__(self, definitions: DefinitionStore, clock: Clock) -> None:
        self._definitions, self._clock = definitions, clock
        self._read_at: datetime | None = None
        self._known: Sequence[Definition] = ()
        self._places: Sequence[Place] = ()

    def __call__(self) -> Sequence[Place]:
        """A store that fails leaves those of before; raises StoreUnavailableError where none were ever read."""
        now = self._clock.now()
        if self._read_at is None or now - self._read_at >= MAX_AGE:
            try:
                found = [each for each in self._definitions.all("places") if not each.archived]
            except StoreUnavailableError:
                if self._read_at is None:
                    raise
                return self._places
            if found != self._known:
                self._places = [place for each in found for place in _read(each)]
            self._known, self._read_at = found, now
        return self._places


def _read(definition: Definition) -> Sequence[Place]:
    """None of what could be put once and cannot be read any more."""
    with suppress(InvalidPlacesError):
        return parse_places(definition.document).places
    return ()
