"""Distances on the Earth, taken for a ball (https://en.wikipedia.org/wiki/Haversine_formula): at most 0.6 % from those on its ellipsoid."""

from math import asin, cos, pi, radians, sin, sqrt
from typing import Final, NamedTuple

EARTH_RADIUS_M: Final = 6_371_008.8
"""The mean radius (2a + b) / 3 of WGS 84: https://en.wikipedia.org/wiki/Earth_radius#Arithmetic_mean_radius."""

HALF: Final = pi / 360
"""Degrees to half radians."""

LATITUDES: Final = (-90.0, 90.0)
LONGITUDES: Final = (-180.0, 180.0)


class Point(NamedTuple):
    """In degrees."""

    latitude: float
    longitude: float


def apart_m(one: Point, other: Point) -> float:
    """How far, in metres."""
    north, east = sin((other.latitude - one.latitude) * HALF), sin((other.longitude - one.longitude) * HALF)
    across = cos(radians(one.latitude)) * cos(radians(other.latitude)) * east * east
    return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(north * north + across)))
