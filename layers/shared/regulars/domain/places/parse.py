"""JSON to a list of places, strictly."""

from typing import Final

import orjson

from regulars.domain.errors import InvalidPlacesError
from regulars.domain.language import MAX_NAME, SEGMENT_ID, Fields, Problems, Value, read_id, refusal
from regulars.domain.places.earth import LATITUDES, LONGITUDES, Point
from regulars.domain.places.place import RADII_M, RADIUS_M, Place, PlaceList

MAX_BYTES: Final = 380_000
"""Of a list's document: it is one item of DynamoDB, which takes 400 KB. Some 4,000 shops; several lists hold more."""


def parse_places(document: object) -> PlaceList:
    """`{"id", "name", "radius_m": 300, "places": [{"id", "name", "lat", "lon", "radius_m"}]}`. Raises InvalidPlacesError with the path of what is
    wrong first, and with all problems."""
    problems = Problems()
    given = problems.fields(Value(document, InvalidPlacesError), ("id", "name", "radius_m", "places"))
    found = _list(given, problems) if given is not None else None
    if given is not None and not problems.found:
        problems.read(_check_size, given.value)
    if found is None or problems.found:
        raise refusal(InvalidPlacesError, problems.found)
    return found


def _list(given: Fields, problems: Problems) -> PlaceList:
    list_id = problems.read(lambda it: read_id(it, SEGMENT_ID), given["id"]) or ""
    common = problems.optional(_radius, given, "radius_m", RADIUS_M)
    name = problems.optional(_name, given, "name", list_id)
    read = [problems.fields(value, ("id", "name", "lat", "lon", "radius_m")) for value in problems.read(Value.items, given["places"]) or []]
    places = [fields for fields in read if fields is not None]
    problems.different(fields["id"] for fields in places)
    return PlaceList(list_id, name, tuple(_place(fields, list_id, common, problems) for fields in places))


def _place(given: Fields, list_id: str, radius_m: float, problems: Problems) -> Place:
    latitude = problems.read(lambda it: it.number(*LATITUDES), given["lat"]) or 0.0
    longitude = problems.read(lambda it: it.number(*LONGITUDES), given["lon"]) or 0.0
    identity = problems.read(lambda it: read_id(it, SEGMENT_ID), given["id"]) or ""
    name = problems.optional(_name, given, "name", "")
    return Place(list_id, identity, name, Point(latitude, longitude), problems.optional(_radius, given, "radius_m", radius_m))


def _name(value: Value) -> str:
    return value.text(MAX_NAME)


def _radius(value: Value) -> float:
    return value.number(*RADII_M)


def _check_size(value: Value) -> None:
    size = len(orjson.dumps(value.raw))
    if size > MAX_BYTES:
        value.at("places", value.raw).refuse(f"{size:,} bytes in all; at most {MAX_BYTES:,}: make several lists")
