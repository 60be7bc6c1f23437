"""Which places a point is in: a plain grid, without a library.

Rows are strips of latitude, each cut into as many columns as its narrower edge has room for. What can reach a point lies in its row and the two
beside it, in the columns that a distance spans there, at the poles and across the date line like anywhere else.
"""

from collections.abc import Iterable, Iterator
from math import asin, cos, degrees, floor, pi, radians, sin, sqrt
from typing import Final, NamedTuple

from regulars.domain.places.earth import EARTH_RADIUS_M, Point, apart_m
from regulars.domain.places.place import Place

_ROUNDING: Final = 1e-9
"""Degrees: a tenth of a millimetre, for what the last bits of a double leave out."""


class _Row(NamedTuple):
    """`narrowed` is the root of the cosine of its edge that is nearer to a pole; only columns with a place are there."""

    columns: int
    narrowed: float
    cells: dict[int, list[Place]]


class Grid:
    """Finds the places whose radius, `stretched` so many times, holds a point."""

    def __init__(self, places: Iterable[Place], *, stretched: float = 1.0) -> None:
        self._stretched = stretched
        kept = list(places)
        self._reach_m = max((place.radius_m for place in kept), default=1.0) * stretched
        self._height = degrees(self._reach_m / EARTH_RADIUS_M) + _ROUNDING
        self._half = sin(min(pi / 2, self._reach_m / EARTH_RADIUS_M / 2))
        self._rows: dict[int, _Row] = {}
        for place in kept:
            row = self._row(self._number(place.at.latitude))
            column = floor((place.at.longitude + 180) % 360 / 360 * row.columns) % row.columns
            row.cells.setdefault(column, []).append(place)

    def holding(self, point: Point) -> Iterator[tuple[Place, float]]:
        """Each of them, and how far away its middle is, in metres."""
        middle = self._number(point.latitude)
        narrowed = sqrt(max(0.0, cos(radians(point.latitude))))
        for number in (middle - 1, middle, middle + 1):
            if (row := self._rows.get(number)) is None:
                continue
            for column in self._spanned(row, point.longitude, narrowed):
                for place in row.cells.get(column, ()):
                    distance = apart_m(place.at, point)
                    if distance <= place.radius_m * self._stretched:
                        yield place, distance

    def _number(self, latitude: float) -> int:
        return floor((latitude + 90) / self._height)

    def _row(self, number: int) -> _Row:
        if number not in self._rows:
            edges = (number * self._height - 90, (number + 1) * self._height - 90)
            narrowest = max(0.0, cos(radians(min(90.0, max(map(abs, edges))))))
            columns = max(1, floor(2 * pi * EARTH_RADIUS_M * narrowest / self._reach_m))
            self._rows[number] = _Row(columns, sqrt(narrowest), {})
        return self._rows[number]

    def _spanned(self, row: _Row, longitude: float, narrowed: float) -> Iterable[int]:
        """The columns of a row in which there is something as near as the reach: two points so far apart differ in longitude by this at most."""
        columns, both = row.columns, row.narrowed * narrowed
        if self._half >= both:
            return range(columns)
        wide = degrees(2 * asin(self._half / both)) + _ROUNDING
        first = floor((longitude - wide + 180) / 360 * columns)
        last = floor((longitude + wide + 180) / 360 * columns)
        return range(columns) if last - first + 1 >= columns else [column % columns for column in range(first, last + 1)]
