"""Distances on the Earth, taken for a ball (https://en.wikipedia.org/wiki/Haversine_formula): at most 0.6 % from those on its ellipsoid.

Whether a place is near is asked of the haversine itself, which grows with the distance, so that SQL and Python compute the same and no arc is needed.
"""

from math import asin, cos, sin, sqrt
from typing import Final

from regulars.domain.places.earth import EARTH_RADIUS_M, HALF, LATITUDES, LONGITUDES
from regulars.domain.segments.rule import Near

__all__ = ["HALF", "LATITUDE", "LATITUDES", "LOCATION", "LONGITUDE", "LONGITUDES", "distance_m", "haversine", "is_near", "narrowing", "reach"]

LOCATION: Final = ("location",)
LATITUDE: Final = ("latitude",)
LONGITUDE: Final = ("longitude",)
"""Where a place is in the context of an event, and in its `location`: https://segment.com/docs/connections/spec/common/#context."""


def is_near(near: Near, latitude: float, longitude: float) -> bool:
    """Whether a place, in degrees, lies within the radius, its edge included."""
    return haversine(near, latitude, longitude) <= reach(near)


def haversine(near: Near, latitude: float, longitude: float) -> float:
    """Of the angle between the two places: 0 where they are one, 1 on the other side of the Earth."""
    north, east = sin((latitude - near.latitude) * HALF), sin((longitude - near.longitude) * HALF)
    return north * north + narrowing(near) * cos(latitude * 2 * HALF) * east * east


def distance_m(near: Near, latitude: float, longitude: float) -> float:
    """From its middle, in metres."""
    return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(haversine(near, latitude, longitude))))


def narrowing(near: Near) -> float:
    """By how much the degrees of longitude are shorter at its latitude than at the equator."""
    return cos(near.latitude * 2 * HALF)


def reach(near: Near) -> float:
    """The haversine of its radius."""
    return sin(near.radius_m / EARTH_RADIUS_M / 2) ** 2
