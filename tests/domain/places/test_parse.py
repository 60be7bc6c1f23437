"""A list of places, read strictly."""

from typing import Any

import pytest

from regulars.domain.errors import InvalidPlacesError
from regulars.domain.places.earth import Point
from regulars.domain.places.parse import MAX_BYTES, parse_places
from regulars.domain.places.place import Place

SHOP = {"id": "soho", "name": "Soho", "lat": 51.513, "lon": -0.131}


def test_a_place_has_its_own_radius_or_the_lists_or_300_metres() -> None:
    parsed = parse_places({"id": "shops", "radius_m": 150, "places": [SHOP, {"id": "b", "lat": 0, "lon": 0, "radius_m": 500}]})
    assert parsed.places == (Place("shops", "soho", "Soho", Point(51.513, -0.131), 150.0), Place("shops", "b", "", Point(0.0, 0.0), 500.0))
    assert parse_places({"id": "shops", "places": [SHOP]}).places[0].radius_m == 300.0


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"places": []}, "places"),
        ({"places": [SHOP, SHOP]}, "places[1].id"),
        ({"places": [{**SHOP, "lat": 91}]}, "places[0].lat"),
        ({"places": [{**SHOP, "lon": "0"}]}, "places[0].lon"),
        ({"places": [{**SHOP, "lng": 1}]}, "places[0].lng"),
        ({"places": [{**SHOP, "radius_m": 10}]}, "places[0].radius_m"),
        ({"radius_m": 20_000}, "radius_m"),
        ({"id": "a b"}, "id"),
        ({"radius": 300}, "radius"),
    ],
)
def test_what_is_wrong_is_said_with_its_path(change: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidPlacesError) as refused:
        parse_places({"id": "shops", "places": [SHOP], **change})
    assert refused.value.field == field


def test_all_that_is_wrong_is_told_at_once() -> None:
    places = [
        {"id": "a", "lat": 91, "lon": 200},
        {"id": "a", "lat": "x", "lon": 0},
        {"lat": 1},
        {"id": "c", "lat": 0, "lon": 0, "radius_m": 99_999, "foo": 1},
        7,
        {"id": [], "lat": 0, "lon": 0},
    ]
    with pytest.raises(InvalidPlacesError, match=r"^id: .* \(and 11 more problems\)$") as refused:
        parse_places({"id": "b ad", "radius_m": 10, "places": places})
    assert sorted(path for path, _ in refused.value.problems) == [
        "id",
        "places[0].lat",
        "places[0].lon",
        "places[1].id",
        "places[1].lat",
        "places[2].id",
        "places[2].lon",
        "places[3].foo",
        "places[3].radius_m",
        "places[4]",
        "places[5].id",
        "radius_m",
    ]


def test_a_list_that_no_store_takes_is_refused_with_what_to_do() -> None:
    many = [{**SHOP, "id": f"shop-{number}", "name": "x" * 60} for number in range(MAX_BYTES // 100)]
    with pytest.raises(InvalidPlacesError, match="make several lists"):
        parse_places({"id": "shops", "places": many})
