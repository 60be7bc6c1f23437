"""What a telephone watches: the nearest places, and the circle within which those are enough.

iOS watches 20 regions an app, Android 100: 19 places and the circle
(https://developer.apple.com/documentation/corelocation/monitoring-the-user-s-proximity-to-geographic-regions). So the telephone itself notices that
somebody comes and goes; where it is, it tells only to this coarseness, and nothing is kept.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from typing import Final

from regulars.domain.errors import InvalidRequestError
from regulars.domain.places.earth import LATITUDES, LONGITUDES, Point, apart_m
from regulars.domain.places.place import Place

WATCHED: Final = 19
COARSE: Final = 2
"""Decimals of a degree: a cell of a kilometre."""
LEAST_REFRESH_M: Final = 1_000.0
"""A smaller circle would be left all the time: where more than 19 places are closer than that, the farther ones are not noticed."""
MOST_REFRESH_M: Final = 100_000.0

_NEAR: Final = re.compile(r"(-?\d{1,3}(?:\.(\d+))?),(-?\d{1,3}(?:\.(\d+))?)", re.ASCII)


@dataclass(frozen=True)
class Nearby:
    """The nearest first. Whoever has left the circle of `refresh_m` metres round `middle` asks again."""

    places: Sequence[Place]
    middle: Point
    refresh_m: float


def read_cell(text: str) -> Point:
    """`51.51,-0.13`: at most COARSE decimals, so that nobody tells more than is needed. Raises InvalidRequestError."""
    found = _NEAR.fullmatch(text)
    if found is None:
        raise InvalidRequestError("a latitude and a longitude are needed, as in near=51.51,-0.13", field="near")
    if any(len(decimals or "") > COARSE for decimals in (found[2], found[4])):
        raise InvalidRequestError(f"at most {COARSE} decimals: round it before it leaves the telephone", field="near")
    latitude, longitude = float(found[1]), float(found[3])
    if not (LATITUDES[0] <= latitude <= LATITUDES[1] and LONGITUDES[0] <= longitude <= LONGITUDES[1]):
        raise InvalidRequestError("there is no such point: -90 to 90 degrees of latitude, -180 to 180 of longitude", field="near")
    return Point(latitude, longitude)


def nearby(places: Iterable[Place], middle: Point) -> Nearby:
    """Of all places those whose edges are nearest. Within the circle no other place can be entered."""
    found = nsmallest(WATCHED + 1, ((apart_m(place.at, middle) - place.radius_m, place.list_id, place.id, place) for place in places))
    room = found[WATCHED][0] if len(found) > WATCHED else MOST_REFRESH_M
    return Nearby([each[-1] for each in found[:WATCHED]], middle, min(max(room, LEAST_REFRESH_M), MOST_REFRESH_M))
