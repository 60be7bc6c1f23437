"""Who came to a place, who stays and who has gone."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.places.earth import Point, apart_m
from regulars.domain.places.place import Place
from regulars.domain.places.presence import Position, Presence, Surroundings, coarsened, moved, passage_event, places_by_key, position_of
from tests.drawn import drawn

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)
SOHO = Place("shops", "soho", "Soho", Point(51.513, -0.131), 300.0)
AROUND = Surroundings(places_by_key(iter([SOHO])))
NOBODY = Presence("ann")


def at(minute: float, metres: float, accuracy_m: float = 0.0) -> Position:
    """So far north of the shop."""
    return Position(NOW + timedelta(minutes=minute), Point(51.513 + metres / 111_195, -0.131), accuracy_m)


def told(*positions: Position, dwell: float = 0, again: float = 60, around: Surroundings = AROUND) -> tuple[list[tuple[str, float]], Presence]:
    """What was told, and after how many minutes."""
    presence, found = NOBODY, []
    for position in positions:
        presence, some = moved(presence, position, around, dwell=timedelta(minutes=dwell), again_after=timedelta(minutes=again))
        found += [(each.event.removeprefix("Place "), (each.at - NOW).total_seconds() / 60) for each in some]
    return found, presence


def test_somebody_comes_and_goes() -> None:
    assert told(at(0, 1_000), at(1, 100), at(2, 50), at(3, 600))[0] == [("Entered", 1), ("Exited", 3)]


def test_who_stands_at_the_edge_does_not_come_and_go() -> None:
    assert told(at(0, 290), at(1, 310), at(2, 290), at(3, 440), at(4, 460))[0] == [("Entered", 0), ("Exited", 4)]


def test_only_who_stays_has_come() -> None:
    assert told(at(0, 0), at(1, 0), at(2, 1_000), dwell=2)[0] == []
    assert told(at(0, 0), at(1, 0), at(2, 0), at(3, 1_000), dwell=2)[0] == [("Entered", 2), ("Exited", 3)]


def test_who_comes_again_soon_is_not_told_again() -> None:
    coming = [position for hour in range(3) for position in (at(hour * 40, 0), at(hour * 40 + 5, 1_000))]
    assert [event for event in told(*coming, again=60)[0] if event[0] == "Entered"] == [("Entered", 0), ("Entered", 80)]


@pytest.mark.parametrize(("metres", "accuracy"), [(0, 301), (1_000, 5_000)])
def test_a_position_that_is_not_sure_says_neither_that_somebody_came_nor_that_they_went(metres: float, accuracy: float) -> None:
    assert told(at(0, metres, accuracy))[0] == []
    assert told(at(0, 0), at(1, metres, accuracy), at(2, 0))[0] == [("Entered", 0)]


def test_what_arrives_late_or_twice_changes_nothing() -> None:
    assert told(at(5, 0), at(1, 5_000), at(5, 5_000), at(6, 0))[0] == [("Entered", 5)]


def test_a_place_that_is_on_no_list_any_more_is_left() -> None:
    _, presence = told(at(0, 0))
    _, passages = moved(presence, at(1, 0), Surroundings({}), dwell=timedelta(), again_after=timedelta(hours=1))
    assert [each.event for each in passages] == ["Place Exited"]


def test_no_point_is_kept_or_told() -> None:
    _, presence = told(at(0, 7))
    assert "51" not in repr(presence).replace("2026", "")
    (passage,) = moved(NOBODY, at(0, 7), AROUND, dwell=timedelta(), again_after=timedelta(hours=1))[1]
    event = passage_event(passage)
    assert event["properties"] == {"places": "shops", "place_id": "soho"} and event == passage_event(passage)


@drawn(100)
@given(st.lists(st.tuples(st.floats(0, 900), st.floats(0, 600)), max_size=30))
def test_whoever_is_told_of_came_before_they_went_and_was_there(steps: list[tuple[float, float]]) -> None:
    positions = [at(minute, metres, accuracy) for minute, (metres, accuracy) in enumerate(steps)]
    found, _ = told(*positions, again=0)
    assert [event for event, _ in found] == [("Entered", "Exited")[number % 2] for number in range(len(found))]
    for event, minute in found:
        distance = apart_m(positions[round(minute)].point, SOHO.at)
        assert distance <= 300 if event == "Entered" else distance > 450


@pytest.mark.parametrize(
    ("location", "found"),
    [
        ({"latitude": 51.5, "longitude": -0.1}, Position(NOW, Point(51.5, -0.1))),
        ({"latitude": 51, "longitude": 0, "accuracy": 12.5}, Position(NOW, Point(51.0, 0.0), 12.5)),
        ({"latitude": "51.5", "longitude": -0.1}, None),
        ({"latitude": 91, "longitude": 0}, None),
        ({"city": "London"}, None),
        ("London", None),
        (None, None),
    ],
)
def test_where_an_event_says_that_somebody_was(location: Any, found: Position | None) -> None:
    assert position_of({"location": location}, NOW) == found


def test_a_coarse_context_keeps_the_town_and_nothing_finer_than_a_kilometre() -> None:
    location = {"latitude": 51.51349, "longitude": -0.13121, "city": "London", "accuracy": 5, "speed": 1.2}
    assert coarsened({"ip": "1", "location": location}, 2) == {"ip": "1", "location": {"latitude": 51.51, "longitude": -0.13, "city": "London"}}
    assert coarsened({"location": "x"}, 2) == {"location": "x"} and coarsened({}, 2) == {}
