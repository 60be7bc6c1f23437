"""An event that is fit for the lake: its row, and what it changes in its person's profile."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.collection.change import Change
from regulars.domain.collection.device import DeviceSeen, PushTarget, Sighting
from regulars.domain.collection.event import Correction, Event, Violation
from regulars.domain.lake.tables import RAW_EVENTS

PHONE = DeviceSeen("d1", PushTarget("token", "t1"), "ios", registers=True)
TRACK = Event(
    message_id="m1",
    type="track",
    name="Order Completed",
    happened=datetime(2026, 1, 1, 9, 30, 0, 250_000, tzinfo=UTC),
    received_ts="2026-01-01 10:00:00.000",
    user_id="u1",
    anonymous_id=None,
    properties={},
    traits={},
    context={},
    device=None,
    source="app",
    place=3,
)
IDENTIFY = TRACK._replace(type="identify", name="identify", traits={"plan": "pro"})
AT = "2026-01-01T09:30:00.250Z"
TIE = "2026-01-01 10:00:00.000 0003 m1"


def test_a_row_has_the_columns_that_say_something_and_no_others() -> None:
    assert TRACK.row() == {
        "message_id": "m1",
        "type": "track",
        "event_name": "Order Completed",
        "event_ts": "2026-01-01 09:30:00.250",
        "received_ts": "2026-01-01 10:00:00.000",
        "user_id": "u1",
        "source": "app",
        "place": 3,
    }


def test_objects_are_json_text_and_a_device_three_columns() -> None:
    full = TRACK._replace(anonymous_id="a1", properties={"revenue": 39.95, "note": "naïve"}, traits={"x": None}, context={"ip": "::1"}, device=PHONE)
    row = full.row()
    assert (row["properties"], row["traits"], row["context"]) == ('{"revenue":39.95,"note":"naïve"}', '{"x":null}', '{"ip":"::1"}')
    assert (row["anonymous_id"], row["device_id"], row["device_token"], row["platform"]) == ("a1", "d1", "t1", "ios")
    assert set(row) == set(RAW_EVENTS.columns) - {"other_name", "corrections", "violations", "traffic", "historical", "device_fid"}


def test_what_load_found_is_json_text_and_flags() -> None:
    corrected = (Correction("traits.email", "email", "ADA@SHOP.EXAMPLE"), Correction("traits.age", "number", "1,234"))
    row = IDENTIFY._replace(corrections=corrected, violations=(Violation("traits.plan", "is not text"),), traffic="bot", historical=True).row()
    assert json.loads(str(row["corrections"])) == [
        {"path": "traits.email", "rule": "email", "was": "ADA@SHOP.EXAMPLE"},
        {"path": "traits.age", "rule": "number", "was": "1,234"},
    ]
    assert (row["violations"], row["traffic"], row["historical"]) == ('[{"path":"traits.plan","message":"is not text"}]', "bot", True)


def test_of_two_changes_of_a_moment_the_later_received_then_the_later_placed_counts() -> None:
    later = [
        IDENTIFY,
        IDENTIFY._replace(place=12),
        IDENTIFY._replace(place=12, message_id="m2"),
        IDENTIFY._replace(received_ts="2026-01-01 10:00:00.001"),
    ]
    ties = [change.tie for event in later if (change := event.change())]
    assert ties == sorted(ties) and len(set(ties)) == 4


def test_an_event_without_a_partition_of_its_own_keeps_its_name_beside_the_others() -> None:
    assert TRACK.row(own_partition=False) == {**TRACK.row(), "event_name": "_other", "other_name": "Order Completed"}


def test_a_device_that_said_little_has_few_columns() -> None:
    row = TRACK._replace(device=DeviceSeen(None, platform="web")).row()
    assert {name for name in row if name.startswith(("device", "platform"))} == {"platform"}


def test_a_target_stands_in_the_column_of_its_kind() -> None:
    assert TRACK._replace(device=PHONE).row().items() >= {"device_id": "d1", "device_token": "t1", "platform": "ios"}.items()
    by_fid = TRACK._replace(device=DeviceSeen("d1", PushTarget("fid", "f1"))).row()
    assert (by_fid["device_fid"], "device_token" in by_fid) == ("f1", False)


def test_an_identify_changes_traits_and_tells_of_its_device() -> None:
    assert IDENTIFY._replace(device=PHONE).change() == Change("u1", AT, {"plan": "pro"}, "d1", TIE)


def test_a_target_on_any_event_tells_of_the_device_alone() -> None:
    assert TRACK._replace(type="group", traits={"size": 3}, device=PHONE).change() == Change("u1", AT, {}, "d1", TIE)


@pytest.mark.parametrize("user_id", ["u1", None])
def test_every_event_of_a_device_says_who_used_it_then(user_id: str | None) -> None:
    assert TRACK._replace(user_id=user_id, device=PHONE).sighting() == Sighting(AT, TIE, user_id, PHONE)
    assert TRACK._replace(device=DeviceSeen("d1")).sighting() == Sighting(AT, TIE, "u1", DeviceSeen("d1"))


def test_whoever_signs_out_uses_the_device_no_more() -> None:
    sighting = TRACK._replace(device=DeviceSeen("d1", signed_out=True)).sighting()
    assert sighting is not None and sighting.user_id is None


@pytest.mark.parametrize("device", [None, DeviceSeen(None, platform="web")])
def test_an_event_of_no_device_in_particular_says_nothing_of_one(device: DeviceSeen | None) -> None:
    assert TRACK._replace(device=device).sighting() is None


@pytest.mark.parametrize(
    ("event", "changes"),
    [
        (TRACK, False),
        (TRACK._replace(device=DeviceSeen("d1", platform="ios")), False),
        (TRACK._replace(device=PHONE), True),
        (IDENTIFY, True),
        (IDENTIFY._replace(traits={}), True),
        (IDENTIFY._replace(user_id=None, anonymous_id="a1"), True),
        (IDENTIFY._replace(user_id=None, anonymous_id="a1", traits={}), False),
        (TRACK._replace(user_id=None, anonymous_id="a1", device=PHONE), False),
        (TRACK._replace(type="group", traits={"size": 3}), False),
    ],
)
def test_who_identifies_and_known_people_who_bring_a_token_change_a_profile(event: Event, changes: bool) -> None:
    assert (event.change() is not None) == changes


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.dictionaries(st.text(max_size=3), JSON, max_size=3)


@given(OBJECTS, OBJECTS)
def test_what_the_row_says_is_what_the_profile_gets(traits: dict[str, object], properties: dict[str, object]) -> None:
    event = IDENTIFY._replace(traits=traits, properties=properties)
    row, change = event.row(), event.change()
    assert change is not None
    assert json.loads(row.get("traits", "{}")) == change.traits == traits
    assert json.loads(row.get("properties", "{}")) == properties
