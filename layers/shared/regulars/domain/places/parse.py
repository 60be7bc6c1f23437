"""JSON to a list of places, strictly."""

from typing import Final

import orjson

from regulars.domain.errors import InvalidPlacesError
from regulars.domain.language import MAX_NAME, SEGMENT_ID, Fields, Value, all_different, read_id
from regulars.domain.places.earth import LATITUDES, LONGITUDES, Point
from regulars.domain.places.place import RADII_M, RADIUS_M, Place, PlaceList

MAX_BYTES: Final = 380_000
"""Of a list's document: it is one item of DynamoDB, which takes 400 KB. Some 4,000 shops; several lists hold more."""


def parse_places(document: object) -> PlaceList:
    """`{"id", "name", "radius_m": 300, "places": [{"id", "name", "lat", "lon", "radius_m"}]}`. Raises InvalidPlacesError with the path."""
    given = Fields(Value(document, InvalidPlacesError)).only(("id", "name", "radius_m", "places"))
    list_id = read_id(given["id"], SEGMENT_ID)
    common = _radius(given, RADIUS_M)
    each = [Fields(value).only(("id", "name", "lat", "lon", "radius_m")) for value in given["places"].items()]
    all_different(fields["id"] for fields in each)
    places = tuple(_place(fields, list_id, common) for fields in each)
    size = len(orjson.dumps(document))
    if size > MAX_BYTES:
        given["places"].refuse(f"{size:,} bytes in all; at most {MAX_BYTES:,}: make several lists")
    return PlaceList(list_id, given["name"].text(MAX_NAME) if "name" in given else list_id, places)


def _place(given: Fields, list_id: str, radius_m: float) -> Place:
    at = Point(given["lat"].number(*LATITUDES), given["lon"].number(*LONGITUDES))
    name = given["name"].text(MAX_NAME) if "name" in given else ""
    return Place(list_id, read_id(given["id"], SEGMENT_ID), name, at, _radius(given, radius_m))


def _radius(given: Fields, otherwise: float) -> float:
    return given["radius_m"].number(*RADII_M) if "radius_m" in given else otherwise
