"""What a telephone watches."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.errors import InvalidRequestError
from regulars.domain.places.earth import Point, apart_m
from regulars.domain.places.nearby import LEAST_REFRESH_M, MOST_REFRESH_M, WATCHED, nearby, read_cell
from regulars.domain.places.place import Place
from tests.drawn import drawn

offsets = st.floats(-0.5, 0.5)


def shop(number: int, latitude: float, longitude: float, radius_m: float = 300) -> Place:
    return Place("shops", f"s{number:03}", "", Point(latitude, longitude), radius_m)


def test_the_nineteen_whose_edges_are_nearest_are_watched_the_nearest_first() -> None:
    places = [shop(number, 51.5 + number / 100, 0) for number in range(40)]
    found = nearby(reversed(places), Point(51.5, 0))
    assert [each.id for each in found.places] == [f"s{number:03}" for number in range(WATCHED)]
    assert found.refresh_m == apart_m(places[WATCHED].at, Point(51.5, 0)) - 300


@drawn(100)
@given(st.lists(st.tuples(offsets, offsets, st.floats(50, 10_000)), max_size=40), st.tuples(offsets, offsets))
def test_within_the_circle_nobody_can_be_in_a_place_that_is_not_watched(
    drawn_shops: list[tuple[float, float, float]], to: tuple[float, float]
) -> None:
    places = [shop(number, 51.5 + north, east, radius) for number, (north, east, radius) in enumerate(drawn_shops)]
    middle, person = Point(51.5, 0.0), Point(51.5 + to[0], to[1])
    found = nearby(places, middle)
    if LEAST_REFRESH_M < found.refresh_m > apart_m(middle, person):
        assert all(apart_m(each.at, person) > each.radius_m for each in places if each not in found.places)


def test_where_there_are_few_the_circle_is_wide_and_where_there_are_many_it_is_not_too_small() -> None:
    assert nearby([shop(1, 51.5, 0)], Point(51.5, 0)).refresh_m == MOST_REFRESH_M
    assert nearby([shop(number, 51.5, 0) for number in range(30)], Point(51.5, 0)).refresh_m == LEAST_REFRESH_M


@pytest.mark.parametrize(("text", "point"), [("51.51,-0.13", Point(51.51, -0.13)), ("-90,180", Point(-90, 180)), ("0.1,0", Point(0.1, 0))])
def test_a_coarse_place_is_read(text: str, point: Point) -> None:
    assert read_cell(text) == point


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "as in near="),
        ("51.513,-0.13", "at most 2 decimals"),
        ("51.51", "as in"),
        ("91,0", "no such point"),
        ("0,181", "no such"),
        ("\u0661,2", "as in"),
    ],
)
def test_what_is_too_fine_or_nowhere_is_refused(text: str, why: str) -> None:
    with pytest.raises(InvalidRequestError, match=why):
        read_cell(text)
