"""Telling that people came to a place, by where their events say they were: only of those who agreed to it, and without keeping the point."""

from __future__ import annotations  # settings are imported where an event says where somebody was

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from regulars.domain.collection.event import Event
from regulars.domain.errors import ConflictError
from regulars.domain.people.consents import ConsentTo
from regulars.domain.places.nearby import COARSE
from regulars.domain.places.presence import Passage, Position, Presence, Surroundings, coarsened, moved, passage_event, places_by_key, position_of
from regulars.ports import Clock, DefinitionStore, EventQueue, PresenceStore, ProfileStore, Stored
from regulars.usecases.find_places import CurrentPlaces
from regulars.usecases.tell import tell

if TYPE_CHECKING:
    from regulars.domain.settings import LocationSettings

MAX_AGE: Final = timedelta(minutes=1)
"""How long the settings that were read are believed."""

CONSENT: Final = ConsentTo("location")
"""What people are asked before anybody looks where they are. Who was not asked has not agreed, whatever the settings say of the purpose."""


class PlaceMatcher:
    """Of one process. Where the settings do not have places matched it looks at nothing, and events stay as they are."""

    def __init__(self, definitions: DefinitionStore, profiles: ProfileStore, presences: PresenceStore, queue: EventQueue, clock: Clock) -> None:
        self._definitions, self._profiles, self._presences, self._queue, self._clock = definitions, profiles, presences, queue, clock
        self._places = CurrentPlaces(definitions, clock)
        self._settings: LocationSettings | None = None
        self._read_at: datetime | None = None

    def settings(self) -> LocationSettings | None:
        """None where places are not matched. Raises StoreUnavailableError."""
        from regulars.usecases.current_settings import current_settings

        now = self._clock.now()
        if self._read_at is None or now - self._read_at >= MAX_AGE:
            self._settings, self._read_at = current_settings(self._definitions).location, now
        return self._settings

    def seen(self, event: Event) -> tuple[Event, Position | None]:
        """The event without its point, and where somebody was who is known; nothing of the past, of robots and of tests."""
        if not event.context.get("location") or self.settings() is None:
            return event, None
        position = None if event.user_id is None or event.historical or event.traffic else position_of(event.context, event.happened)
        return event._replace(context=coarsened(event.context, COARSE)), position

    def match(self, positions: Iterable[tuple[str, Position]]) -> int:
        """How many passages were told. Told again, they are the same events; of two who look at once one is enough.

        Raises StoreUnavailableError, QueueUnavailableError, TooManyRequestsError.
        """
        settings, by_user = self.settings(), defaultdict[str, list[Position]](list)
        for user_id, position in positions:
            by_user[user_id].append(position)
        agreed = self._agreed(list(by_user)) if settings and by_user else ()
        if not settings or not agreed:
            return 0
        around, told = Surroundings(places_by_key(iter(self._places()))), 0
        kept = self._presences.get_many(agreed)
        for user_id in agreed:
            stored = kept.get(user_id, Stored(Presence(user_id), 0))
            presence, passages = _followed(stored.value, sorted(by_user[user_id]), around, settings)
            if presence == stored.value:
                continue
            tell([passage_event(each) for each in passages], queue=self._queue, now=self._clock.now())
            told += len(passages)
            try:
                self._presences.put(presence, expected=stored.version)
            except ConflictError:
                continue  # whoever was first has seen the same, or newer
        return told

    def _agreed(self, user_ids: Sequence[str]) -> Sequence[str]:
        profiles = self._profiles.get_many(user_ids)
        return [user_id for user_id in user_ids if user_id in profiles and CONSENT.of(profiles[user_id].value.values) is True]


def _followed(was: Presence, positions: Sequence[Position], around: Surroundings, settings: LocationSettings) -> tuple[Presence, list[Passage]]:
    passages: list[Passage] = []
    for position in positions:
        was, some = moved(was, position, around, dwell=settings.dwell, again_after=settings.again_after)
        passages += some
    return was, passages
