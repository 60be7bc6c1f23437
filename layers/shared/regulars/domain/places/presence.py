"""Who is where, by the places that their events say they were at: who has come to a shop, who stays, who has gone.

Somebody has come once they are within a place's radius for as long as `dwell`, and gone once they are beyond one and a half times of it: who stands
at the edge does not come and go. A position that is less sure than the place is wide says nothing about it.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from regulars.domain.collection.moments import iso
from regulars.domain.documents import JsonObject
from regulars.domain.lake.event_names import PLACE_ENTERED, PLACE_EXITED
from regulars.domain.places.earth import LATITUDES, LONGITUDES, Point
from regulars.domain.places.grid import Grid
from regulars.domain.places.place import Place

BEYOND: Final = 1.5
"""How many radii away somebody has gone."""

KEPT: Final = timedelta(days=30)
"""How long is known where somebody was last, whose events say nothing since."""


class Position(NamedTuple):
    """Where an event says that somebody was, and how sure it is, in metres; 0 where it does not say."""

    at: datetime
    point: Point
    accuracy_m: float = 0.0


@dataclass(frozen=True)
class Stay:
    """At a place since then; `told` once somebody heard of it."""

    since: datetime
    told: bool = False


@dataclass(frozen=True)
class Presence:
    """Of one person, by places as `<list>/<id>`: where they are, and when it was last told that they came. No point is in it."""

    user_id: str
    seen_at: datetime | None = None
    stays: Mapping[str, Stay] = field(default_factory=dict)
    told_at: Mapping[str, datetime] = field(default_factory=dict)

    @property
    def forgotten_at(self) -> datetime | None:
        """When nobody has to know it any more."""
        return self.seen_at + KEPT if self.seen_at else None


@dataclass(frozen=True)
class Passage:
    """That somebody came to a place, or left it."""

    event: str
    user_id: str
    key: str
    since: datetime
    at: datetime


class Surroundings:
    """All places, to be asked who is in one and who has left it."""

    def __init__(self, places: Mapping[str, Place]) -> None:
        self._inside, self._beyond = Grid(places.values()), Grid(places.values(), stretched=BEYOND)
        self._places = places

    def entered(self, seen: Position) -> Iterator[str]:
        return (_key(place) for place, _ in self._inside.holding(seen.point) if seen.accuracy_m <= place.radius_m)

    def left(self, seen: Position, keys: Mapping[str, Stay]) -> Iterator[str]:
        """Those of these places that somebody is not at any more; one that is on no list now is left, too."""
        near = {_key(place) for place, _ in self._beyond.holding(seen.point)}
        for key in keys:
            place = self._places.get(key)
            if place is None or (key not in near and seen.accuracy_m <= place.radius_m):
                yield key


def places_by_key(places: Iterator[Place]) -> Mapping[str, Place]:
    return {_key(place): place for place in places}


def moved(was: Presence, seen: Position, around: Surroundings, *, dwell: timedelta, again_after: timedelta) -> tuple[Presence, list[Passage]]:
    """Where they are by this position, and what is to be told of it. One that is no newer than the last changes nothing.

    Somebody who comes to a place again is told of once in `again_after`.
    """
    if was.seen_at is not None and seen.at <= was.seen_at:
        return was, []
    passages, stays = [], dict(was.stays)
    told_at = {key: at for key, at in was.told_at.items() if seen.at - at < again_after}
    for key in around.left(seen, was.stays):
        stay = stays.pop(key)
        if stay.told:
            passages.append(Passage(PLACE_EXITED, was.user_id, key, stay.since, seen.at))
    for key in around.entered(seen):
        stay = stays.setdefault(key, Stay(seen.at))
        if not stay.told and seen.at - stay.since >= dwell and key not in told_at:
            stays[key], told_at[key] = replace(stay, told=True), seen.at
            passages.append(Passage(PLACE_ENTERED, was.user_id, key, stay.since, seen.at))
    return Presence(was.user_id, seen.at, stays, told_at), passages


def passage_event(passage: Passage) -> JsonObject:
    """As a telephone would send it. Its message id is that of the same stay, however often it is told."""
    told = hashlib.sha256("\n".join((passage.user_id, passage.key, passage.event, iso(passage.since))).encode()).hexdigest()[:32]
    list_id, _, place_id = passage.key.partition("/")
    return {
        "type": "track",
        "event": passage.event,
        "userId": passage.user_id,
        "messageId": f"place-{told}",
        "timestamp": iso(passage.at),
        "properties": {"places": list_id, "place_id": place_id},
    }


def position_of(context: Mapping[str, object], at: datetime) -> Position | None:
    """By `context.location` (https://segment.com/docs/connections/spec/common/#context); None where it names no point."""
    location = context.get("location")
    if not isinstance(location, dict):
        return None
    latitude, longitude, accuracy = (_number(location.get(name)) for name in ("latitude", "longitude", "accuracy"))
    if latitude is None or longitude is None:
        return None
    if not (LATITUDES[0] <= latitude <= LATITUDES[1] and LONGITUDES[0] <= longitude <= LONGITUDES[1]):
        return None
    return Position(at, Point(latitude, longitude), max(0.0, accuracy or 0.0))


def coarsened(context: JsonObject, decimals: int) -> JsonObject:
    """The context with no finer a point than so many decimals of a degree."""
    location = context.get("location")
    if not isinstance(location, dict):
        return context
    rounded = {name: round(number, decimals) for name in ("latitude", "longitude") if (number := _number(location.get(name))) is not None}
    kept = {name: value for name, value in location.items() if name not in ("latitude", "longitude", "accuracy", "speed", "altitude", "heading")}
    return {**context, "location": {**kept, **rounded}}


def _key(place: Place) -> str:
    return f"{place.list_id}/{place.id}"


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
