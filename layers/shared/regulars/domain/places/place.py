"""A place that people come to, and a list of them."""

from dataclasses import dataclass
from typing import Final

from regulars.domain.places.earth import Point

RADII_M: Final = (50.0, 10_000.0)
"""A telephone knows no better where it is, and beyond is a town. Android's guide advises 100 m at least
(https://developer.android.com/develop/sensors-and-location/location/geofencing)."""
RADIUS_M: Final = 300.0


@dataclass(frozen=True, slots=True)
class Place:
    """`list_id` is that of its list, within which its own id is one of a kind. Who is within the radius is there."""

    list_id: str
    id: str
    name: str
    at: Point
    radius_m: float


@dataclass(frozen=True)
class PlaceList:
    id: str
    name: str
    places: tuple[Place, ...]
