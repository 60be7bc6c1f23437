"""The grid finds what looking at every place finds, wherever on Earth."""

from math import cos, degrees, radians

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from regulars.domain.places.earth import EARTH_RADIUS_M, Point, apart_m
from regulars.domain.places.grid import Grid
from regulars.domain.places.place import Place
from tests.drawn import drawn

NORTHERN, DATE_LINE = Point(89.999, 17.0), Point(-16.8, 179.9995)
latitudes = st.one_of(st.floats(-90, 90), st.sampled_from([-90.0, -89.9999, 0.0, 51.5, 89.9999, 90.0]))
longitudes = st.one_of(st.floats(-180, 180), st.sampled_from([-180.0, -179.9999, 0.0, 179.9999, 180.0]))
points = st.builds(Point, latitudes, longitudes)
radii = st.floats(50, 10_000)


def placed(number: int, at: Point, radius_m: float) -> Place:
    return Place("shops", str(number), "", at, radius_m)


def beside(point: Point, north_m: float, east_m: float) -> Point:
    latitude = max(-90.0, min(90.0, point.latitude + degrees(north_m / EARTH_RADIUS_M)))
    narrow = max(cos(radians(latitude)), 1e-6)
    return Point(latitude, (point.longitude + degrees(east_m / EARTH_RADIUS_M / narrow) + 540) % 360 - 180)


def agree(places: list[Place], point: Point, stretched: float) -> None:
    found = {place.id: distance for place, distance in Grid(places, stretched=stretched).holding(point)}
    looked = {place.id: apart_m(place.at, point) for place in places}
    assert found == {each.id: looked[each.id] for each in places if looked[each.id] <= each.radius_m * stretched}


@drawn(200)
@given(st.lists(st.tuples(points, radii), min_size=1, max_size=8), points, st.sampled_from([1.0, 1.5]))
def test_the_grid_agrees_with_looking_at_every_place(drawn_places: list[tuple[Point, float]], point: Point, stretched: float) -> None:
    agree([placed(number, *each) for number, each in enumerate(drawn_places)], point, stretched)


@drawn(300)
@given(
    points, st.lists(st.tuples(st.floats(-16_000, 16_000), st.floats(-16_000, 16_000), radii), min_size=1, max_size=8), st.sampled_from([1.0, 1.5])
)
@example(NORTHERN, [(0.0, 300.0, 300.0), (200.0, -100.0, 9_000.0)], 1.0)
@example(DATE_LINE, [(0.0, 100.0, 300.0), (0.0, -100.0, 60.0)], 1.0)
def test_and_so_it_does_of_places_that_are_close(point: Point, offsets: list[tuple[float, float, float]], stretched: float) -> None:
    agree([placed(number, beside(point, north, east), radius) for number, (north, east, radius) in enumerate(offsets)], point, stretched)


@pytest.mark.parametrize("point", [Point(90, 0), Point(-90, 123), Point(0, 180), Point(0, -180), DATE_LINE, NORTHERN])
def test_a_place_holds_its_own_middle_and_what_is_just_across_the_date_line_or_the_pole(point: Point) -> None:
    (found,) = Grid([placed(1, point, 300)]).holding(Point(point.latitude, -point.longitude if abs(point.longitude) == 180 else point.longitude))
    assert found[1] < 1e-3


def test_where_there_is_no_place_nothing_is_found() -> None:
    assert list(Grid([]).holding(Point(51.5, -0.1))) == []
