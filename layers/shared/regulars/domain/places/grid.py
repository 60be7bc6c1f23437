"""Which places a point is in: a plain grid, without a library.

Rows are strips of latitude, each cut into as many columns as its narrower edge has room for. What can reach a point lies in its row and the two
beside it, in the columns that a distance spans there, at the poles and across the date line like anywhere else.
"""

from collections.abc import Iterable, Iterator
from math import asin, cos, degrees, floor, pi, radians, sin, sqrt
from typing import Final

from regulars.domain.places.earth import EARTH_RADIUS_M, Point, apart_m
from regulars.domain.places.place import Place

_ROUNDING: Final = 1e-9
"""Degrees: a tenth of a millimetre, for what the last bits of a double leave out."""


class Grid:
    """Finds the places whose radius, `stretched` so many times, holds a point."""

    def __init__(self, places: Iterable[Place], *, stretched: float = 1.0) -> None:
        self._stretched = stretched
        kept = list(places)
        self._reach_m = max((place.radius_m for place in kept), default=1.0) * stretched
        self._height = degrees(self._reach_m / EARTH_RADIUS_M) + _ROUNDING
        self._cells: dict[tuple[int, int], list[Place]] = {}
        for place in kept:
            row = self._row(place.at.latitude)
            self._cells.setdefault((row, self._column(place.at.longitude, self._columns(row))), []).append(place)

    def holding(self, point: Point) -> Iterator[tuple[Place, float]]:
        """Each of them, and how far away its middle is, in metres."""
        middle = self._row(point.latitude)
        for row in (middle - 1, middle, middle + 1):
            for column in self._spanned(row, point):
                for place in self._cells.get((row, column), ()):
                    distance = apart_m(place.at, point)
                    if distance <= place.radius_m * self._stretched:
                        yield place, distance

    def _row(self, latitude: float) -> int:
        return floor((latitude + 90) / self._height)

    def _narrowest(self, row: int) -> float:
        """The cosine of its edge that is nearer to a pole."""
        edges = (row * self._height - 90, (row + 1) * self._height - 90)
        return max(0.0, cos(radians(min(90.0, max(map(abs, edges))))))

    def _columns(self, row: int) -> int:
        return max(1, floor(2 * pi * EARTH_RADIUS_M * self._narrowest(row) / self._reach_m))

    def _column(self, longitude: float, columns: int) -> int:
        return floor((longitude + 180) % 360 / 360 * columns) % columns

    def _spanned(self, row: int, point: Point) -> Iterable[int]:
        """The columns of a row in which there is something as near as the reach: two points so far apart differ in longitude by this at most."""
        columns = self._columns(row)
        narrowed = sqrt(self._narrowest(row) * max(0.0, cos(radians(point.latitude))))
        half = sin(min(pi / 2, self._reach_m / EARTH_RADIUS_M / 2))
        if half >= narrowed:
            return range(columns)
        wide = degrees(2 * asin(half / narrowed)) + _ROUNDING
        first = floor((point.longitude - wide + 180) / 360 * columns)
        last = floor((point.longitude + wide + 180) / 360 * columns)
        return range(columns) if last - first + 1 >= columns else [column % columns for column in range(first, last + 1)]
