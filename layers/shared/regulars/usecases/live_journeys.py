"""The journeys that run, for whoever is asked about many inputs."""

from __future__ import annotations  # what reads a journey is imported where there is one

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import orjson

from regulars.domain.errors import NotFoundError, StoreUnavailableError
from regulars.ports import Clock, JourneyRegistry, ObjectStore

if TYPE_CHECKING:
    from regulars.domain.documents import JsonObject
    from regulars.domain.journeys.published import Published

MAX_AGE: Final = timedelta(seconds=10)
"""How long what was read is believed: so soon a launch, a pause or a stop is known everywhere."""


class LiveJourneys:
    """Kept by a process. Journeys are read anew only where something was launched or changed; where none ever was, nothing that could read one is
    imported. A store that fails leaves those of before in force; raises StoreUnavailableError where none were ever read."""

    def __init__(self, registry: JourneyRegistry, lake: ObjectStore, clock: Clock) -> None:
        self._registry, self._lake, self._clock = registry, lake, clock
        self._read_at: datetime | None = None
        self._key = ""
        self._names: frozenset[str] = frozenset()
        self._document: JsonObject = {}
        self._published: Published | None = None

    def names(self) -> Collection[str]:
        """Of all events that any of them may have to know of."""
        self._read_again()
        return self._names

    def __call__(self, *, newest: bool = False) -> Published:
        """`newest`: as they are now, whatever was read a moment ago."""
        if newest:
            self._read_at = None if self._read_at is None else self._read_at - MAX_AGE
        self._read_again()
        if self._published is None:
            from regulars.domain.journeys.published import NOTHING, published

            self._published = published(self._document) if self._document else NOTHING
        return self._published

    def _read_again(self) -> None:
        now = self._clock.now()
        if self._read_at is not None and now - self._read_at < MAX_AGE:
            return
        try:
            self._read()
        except (StoreUnavailableError, NotFoundError) as error:
            if self._read_at is None:
                raise StoreUnavailableError(f"which journeys run cannot be read: {error}") from error
            return
        self._read_at = now

    def _read(self) -> None:
        key = self._registry.get().value.key
        if key != self._key:
            document = orjson.loads(self._lake.get(key))
            self._names, self._document = frozenset(document["names"]), document
            self._key, self._published = key, None
