"""How far it is, and where somebody was last."""

from datetime import UTC, datetime, timedelta
from math import pi
from typing import Any

import pytest

from regulars.domain.lake.sql import printed
from regulars.domain.segments import audience_sql, parse_rule
from regulars.domain.segments.places import EARTH_RADIUS_M, distance_m, is_near
from regulars.domain.segments.rule import Near
from tests.domain.segments.lake import Lake
from tests.domain.segments.people import audience

LAKE = Lake()
PARIS, LONDON, LYON = (48.8566, 2.3522), (51.5074, -0.1278), (45.764, 4.8357)
QUARTER = EARTH_RADIUS_M * pi / 2


@pytest.mark.parametrize(
    ("one", "other", "metres", "about"),
    [
        (PARIS, LONDON, 343_556, 1),
        (PARIS, LYON, 391_499, 1),
        ((36.12, -86.67), (33.94, -118.40), 2_886_448, 1),
        ((0, 0), (0, 0.001), 111.195, 0.001),
        ((0, 179.9995), (0, -179.9995), 111.195, 0.001),
        ((90, 12), (90, -77), 0.5, 0.5),
        ((90, 0), (0, 0), QUARTER, 1),
        ((0, 0), (0, 90), QUARTER, 1),
    ],
)
def test_distances_are_those_that_are_known(one: tuple[float, float], other: tuple[float, float], metres: float, about: float) -> None:
    """The third is the example of https://rosettacode.org/wiki/Haversine_formula, on our radius."""
    assert is_near(Near(*one, metres + about, timedelta(days=1)), *other)
    assert not is_near(Near(*one, metres - about, timedelta(days=1)), *other) or metres == about
    assert is_near(Near(*other, metres + about, timedelta(days=1)), *one)
    assert distance_m(Near(*one, 1, timedelta(days=1)), *other) == pytest.approx(metres, abs=about)


AS_OF = datetime(2017, 10, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def seen(user: str, ago: timedelta, latitude: Any, longitude: Any, **more: Any) -> dict[str, Any]:
    where = {"location": {"latitude": latitude, "longitude": longitude, "city": "x"}}
    return {"message_id": f"{user}{ago}", "user_id": user, "event_name": "Played", "event_ts": AS_OF - ago, "context": where, **more}


EVENTS = [
    seen("ann", DAY, 45.765, 4.836),
    seen("ann", 2 * DAY, *PARIS),
    seen("bob", DAY, *PARIS),
    seen("bob", 2 * DAY, *LYON),
    seen("cyd", DAY, "45.764", "4.8357"),
    seen("cyd", timedelta(hours=1), 0, 181),
    seen("dan", DAY, None, 4.8357),
    seen("eve", 31 * DAY, *LYON),
    seen("fay", timedelta(0), *LYON),
    {**seen("gus", DAY, 0, 0), "context": None},
    {**seen("hal", DAY, *LYON), "user_id": None, "anonymous_id": "browser"},
    {
        "message_id": "hal",
        "user_id": "hal",
        "anonymous_id": "browser",
        "event_name": "identify",
        "type": "identify",
        "event_ts": AS_OF - timedelta(hours=1),
    },
]
SHOP = {"near": {"lat": LYON[0], "lon": LYON[1], "radius_m": 500}}


@pytest.mark.parametrize(
    ("rule", "people"),
    [
        (SHOP, ["ann", "cyd", "hal"]),
        ({"near": {**SHOP["near"], "radius_m": 100}}, ["cyd", "hal"]),
        ({"near": {**SHOP["near"], "radius_m": 20_000_000}}, ["ann", "bob", "cyd", "hal"]),
        ({"not": SHOP}, ["bob"]),
        ({**SHOP, "within": "32d"}, ["ann", "cyd", "eve", "hal"]),
        ({**SHOP, "within": "23h"}, []),
        ({"any": [{**SHOP, "within": "32d"}, {"near": {"lat": PARIS[0], "lon": PARIS[1], "radius_m": 500}}]}, ["ann", "bob", "cyd", "eve", "hal"]),
    ],
)
def test_it_is_the_last_place_that_counts(rule: dict[str, Any], people: list[str]) -> None:
    LAKE.fill(EVENTS)
    tree = parse_rule(rule)
    assert sorted(LAKE.column(printed(audience_sql(tree, AS_OF, {})))) == people
    assert audience(tree, EVENTS, AS_OF, {}) == people
