"""Where people were, and how far that is, in SQL (`segments.places`)."""

from sqlglot import exp

from regulars.domain.lake.order import order
from regulars.domain.lake.sql import statement, text
from regulars.domain.language import json_path
from regulars.domain.segments.compile.values import JsonValue, number_literal
from regulars.domain.segments.functions import call
from regulars.domain.segments.places import HALF, LATITUDE, LATITUDES, LOCATION, LONGITUDE, LONGITUDES, narrowing, reach
from regulars.domain.segments.rule import Near

_NEAR = """
power(sin((:latitude - :north) * :half), 2e0) + :narrowing * cos(:latitude * 2e0 * :half) * power(sin((:longitude - :east) * :half), 2e0) <= :reach
"""


def somewhere() -> list[exp.Expr]:
    """That an event says where it was."""
    context = exp.column("context")
    sides = ((LATITUDE, LATITUDES), (LONGITUDE, LONGITUDES))
    return [
        exp.Between(this=JsonValue(context, (*LOCATION, *path)).number(), low=number_literal(low), high=number_literal(high))
        for path, (low, high) in sides
    ]


def last_place() -> exp.Expr:
    """The newest of several events' `location`, a JSON text."""
    location = call("json_format", call("json_extract", exp.column("context"), text(json_path(LOCATION))))
    return call("max_by", location, order())


def near(location: exp.Expr, clause: Near) -> exp.Expr:
    """Whether a `location` lies within the radius; NULL where there is none."""
    numbers = {"north": clause.latitude, "east": clause.longitude, "half": HALF, "narrowing": narrowing(clause), "reach": reach(clause)}
    place = {"latitude": JsonValue(location, LATITUDE).number(), "longitude": JsonValue(location, LONGITUDE).number()}
    return statement(_NEAR, {**place, **{name: exp.paren(number_literal(number)) for name, number in numbers.items()}})
