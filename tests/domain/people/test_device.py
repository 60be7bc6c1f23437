"""Whose a device is, and what leads to it, from events in any order."""

from dataclasses import replace
from datetime import datetime
from functools import reduce
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.collection.device import DeviceSeen, PushTarget, Sighting
from regulars.domain.people.device import NEVER, Device, Registration, Sightings, Use

MORNING, NOON, NIGHT = (f"2026-01-01T{hour}:00:00.000Z" for hour in ("08", "12", "23"))
NEXT_DAY = "2026-01-02T12:00:00.000Z"
T1, T2 = PushTarget("token", "t1"), PushTarget("fid", "f2")


def sighting(at: str, user_id: str | None, target: PushTarget | None = None, *, tie: str = "", deleted: bool = False, **details: Any) -> Sighting:
    details = {"platform": "ios", **details}
    return Sighting(at, tie, user_id, DeviceSeen("phone", target, registers=bool(target) or deleted, **details))


def device(*sightings: Sighting) -> Device:
    return reduce(Device.merged, (_alone(each) for each in sightings))


def _alone(each: Sighting) -> Device:
    seen = Sightings()
    seen.add(each)
    return seen.device()


@pytest.mark.parametrize(
    ("sightings", "owner", "target"),
    [
        ([sighting(MORNING, "ada", T1)], "ada", T1),
        ([sighting(MORNING, "ada", T1), sighting(NOON, "ada", T2)], "ada", T2),
        ([sighting(MORNING, "ada", T1), sighting(NOON, "ada")], "ada", T1),
        ([sighting(MORNING, "ada", T1), sighting(NOON, "bob", T1)], "bob", T1),
        ([sighting(MORNING, "ada", T1), sighting(NOON, "bob")], "bob", None),
        ([sighting(MORNING, "ada", T1), sighting(NOON, None, T1)], None, T1),
        ([sighting(MORNING, "ada", T1), sighting(NOON, None)], None, None),
        ([sighting(MORNING, "ada", T1), sighting(NOON, None), sighting(NIGHT, "ada")], "ada", T1),
        ([sighting(MORNING, "ada", T1), sighting(NOON, None, T1), sighting(NIGHT, "bob")], "bob", T1),
        ([sighting(MORNING, None, T1), sighting(NOON, "ada")], "ada", T1),
        ([sighting(MORNING, "ada", T1), sighting(NOON, "ada", deleted=True)], "ada", None),
        ([sighting(MORNING, "ada", T1), sighting(NOON, "ada", deleted=True), sighting(NIGHT, "ada", T2)], "ada", T2),
    ],
)
def test_a_device_is_whose_it_was_last_with_what_they_registered(sightings: list[Sighting], owner: str | None, target: PushTarget | None) -> None:
    for order in permutations(sightings):
        found = device(*order)
        assert (found.owner, found.target) == (owner, target)


def test_of_one_moment_the_later_received_counts() -> None:
    first, second = (
        sighting(NOON, "ada", T1, tie="2026-01-01 12:00:01.000 0007 zzz"),
        sighting(NOON, "bob", T2, tie="2026-01-01 12:00:01.000 0008 aaa"),
    )
    assert device(first, second) == device(second, first) == _alone(second)


SIGHTINGS = st.lists(
    st.builds(
        sighting,
        st.sampled_from([MORNING, NOON]),
        st.none() | st.sampled_from(["ada", "bob"]),
        st.none() | st.sampled_from([T1, T2]),
        tie=st.uuids(version=4).map(str),
        deleted=st.booleans(),
        platform=st.none() | st.sampled_from(["ios", "android"]),
        app_version=st.none() | st.sampled_from(["1", "2"]),
        push_enabled=st.none() | st.booleans(),
    ),
    min_size=1,
    max_size=6,
)


@given(SIGHTINGS.flatmap(lambda seen: st.tuples(st.just(seen), st.permutations([*seen, *seen[:2]]))))
def test_any_order_of_arrival_and_any_copies_give_the_same_device(found: tuple[list[Sighting], list[Sighting]]) -> None:
    once, shuffled = found
    assert device(*once) == device(*shuffled)


@given(SIGHTINGS)
def test_what_one_load_gathers_is_what_its_events_give_one_by_one(seen: list[Sighting]) -> None:
    gathered = Sightings()
    for each in seen:
        gathered.add(each)
    assert gathered.device() == device(*seen)


def test_a_dead_target_goes_unless_the_device_was_registered_since_and_its_owner_stays() -> None:
    known = device(sighting(MORNING, "ada", T1))
    dead = known.registration
    assert (known.without(dead).target, known.without(dead).owner) == (None, "ada")
    for since in (sighting(NOON, "ada", T2), sighting(NOON, "ada", T1), sighting(NOON, "bob", T1)):
        assert known.merged(_alone(since)).without(dead).registration.target == since.device.target
    assert _alone(sighting(MORNING, "ada")).without(dead).registration == NEVER


def test_a_dead_target_comes_back_by_a_later_event_and_not_by_a_copy_of_the_old_one() -> None:
    told = sighting(MORNING, "ada", T1, tie="m1")
    dead = _alone(told).without(_alone(told).registration)
    assert dead.merged(_alone(told)).target is None
    assert dead.merged(_alone(sighting(NOON, "ada", T1))).target == T1


@pytest.mark.parametrize(
    ("said", "written"),
    [
        (sighting(NIGHT, "ada", T1), False),
        (sighting(NIGHT, "ada"), False),
        (sighting(MORNING, "bob", T2), False),
        (sighting(NIGHT, "bob"), True),
        (sighting(NIGHT, None), True),
        (sighting(NIGHT, "ada", T2), True),
        (sighting(NIGHT, "ada", deleted=True), True),
        (sighting(NEXT_DAY, "ada"), True),
    ],
)
def test_a_device_is_written_where_something_changed_or_a_day_has_passed(said: Sighting, written: bool) -> None:
    known = device(sighting(NOON, "ada", T1))
    assert known.merged(_alone(said)).is_worth_writing_over(known) == written


def test_a_change_of_the_apps_version_is_something() -> None:
    known = Device("phone", Use(NOON, "", "ada", app_version="1"), Registration(NOON, "", "ada", T1))
    assert replace(known, use=Use(NIGHT, "", "ada", app_version="2")).is_worth_writing_over(known)


def test_an_event_that_is_silent_about_a_detail_takes_it_from_nobody() -> None:
    first, silent, late = sighting(MORNING, "ada", app_version="1"), sighting(NIGHT, "ada", platform=None), sighting(NOON, "ada", app_version="2")
    for order in permutations([first, silent, late]):
        found = device(*order).use
        assert (found.at, found.platform, found.app_version) == (NIGHT, "ios", "2")


def test_whether_notifications_are_on_is_as_the_latest_event_says_that_speaks_of_it() -> None:
    off, silent, late = sighting(NOON, "ada", push_enabled=False), sighting(NIGHT, "ada"), sighting(MORNING, "ada", push_enabled=True)
    for order in permutations([off, silent, late]):
        assert device(*order).use.push_enabled is False
    assert device(off).merged(_alone(sighting(NIGHT, "ada", push_enabled=True))).is_worth_writing_over(device(off))


def test_a_device_was_seen_when_it_was_used_or_registered_last() -> None:
    assert device(sighting(MORNING, "ada", T1), sighting(NOON, None)).last_seen == datetime.fromisoformat(NOON)
    assert Device("phone", Use("", "")).last_seen is None


def test_nothing_is_made_of_no_sighting() -> None:
    with pytest.raises(ValueError, match="nothing was seen"):
        Sightings().device()
