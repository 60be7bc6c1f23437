from itertools import permutations
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.people.profile import MAX_PROFILE_BYTES, Change, change_in, merged, without_dead_token

EARLY, LATE = "2026-01-01T00:00:00.000Z", "2026-01-02T00:00:00.000Z"


def change(at: str = EARLY, *, token: str | None = None, device_id: str = "d1", **traits: Any) -> Change:
    return Change("u1", at, traits, device_id if token else None, token, "ios" if token else None)


def test_the_first_change_makes_the_profile() -> None:
    assert merged({}, [change(token="t1", plan="pro")]) == {
        "user_id": "u1",
        "traits": {"plan": {"value": "pro", "at": EARLY}},
        "devices": {"d1": {"token": "t1", "platform": "ios", "at": EARLY}},
    }


def test_each_trait_and_device_keeps_its_latest_value_in_any_order() -> None:
    changes = [
        change(EARLY, token="old", plan="free", city="Ulm"),
        change(LATE, token="new", plan="pro"),
        change(LATE, plan=None),
        change(EARLY, x=1),
    ]
    results = [merged({}, order) for order in permutations(changes)]
    assert all(result == results[0] for result in results)
    profile = results[0]
    assert {name: entry["value"] for name, entry in profile["traits"].items()} == {"plan": None, "city": "Ulm", "x": 1}
    assert profile["devices"]["d1"]["token"] == "new"


def test_a_change_that_comes_again_changes_nothing() -> None:
    once = merged({}, [change(token="t1", plan="pro"), change(LATE, plan="free")])
    assert merged(once, [change(token="t1", plan="pro"), change(LATE, plan="free")]) == once


def test_merging_leaves_its_input_as_it_was() -> None:
    before = merged({}, [change(plan="free", token="t1")])
    copy = orjson.loads(orjson.dumps(before))
    merged(before, [change(LATE, plan="pro", token="t2")])
    assert before == copy


def test_a_device_without_a_token_registers_nothing() -> None:
    assert merged({}, [Change("u1", EARLY, {}, "d1", None, "ios")])["devices"] == {}


def test_a_profile_that_grows_too_large_loses_its_oldest_traits() -> None:
    changes = [change(f"2026-01-01T00:00:{n:02d}.000000Z", **{f"t{n}": "x" * 30_000}) for n in range(20)]
    profile = merged({}, changes)
    assert len(orjson.dumps(profile)) <= MAX_PROFILE_BYTES
    assert list(profile["traits"]) == [f"t{n}" for n in range(11, 20)]


def test_a_dead_token_takes_its_device_along_unless_it_has_a_newer_one() -> None:
    profile = merged({}, [change(token="t1"), change(token="t2", device_id="d2")])
    assert list(without_dead_token(profile, "d1", "t1")["devices"]) == ["d2"]
    assert without_dead_token(profile, "d1", "older") == profile
    assert without_dead_token(profile, "nobody", "t1") == profile
    assert without_dead_token({}, "d1", "t1") == {}


ROW = {"type": "track", "user_id": "u1", "event_ts": "2026-01-01 00:00:00.000"}


def test_an_identify_changes_traits_and_device() -> None:
    row = {**ROW, "type": "identify", "traits": '{"plan":"pro"}', "device_id": "d1", "device_token": "t1", "platform": "ios"}
    assert change_in(row) == Change("u1", EARLY, {"plan": "pro"}, "d1", "t1", "ios")


@pytest.mark.parametrize(
    ("row", "changes"),
    [
        (ROW, False),
        ({**ROW, "device_id": "d1"}, False),
        ({**ROW, "device_id": "d1", "device_token": "t1"}, True),
        ({**ROW, "type": "identify"}, True),
        ({"type": "identify", "event_ts": EARLY, "traits": "{}"}, False),
        ({**ROW, "type": "group", "traits": '{"size":3}'}, False),
    ],
)
def test_only_known_people_who_identify_or_bring_a_token_change_their_profile(row: dict[str, str], changes: bool) -> None:
    assert (change_in(row) is not None) == changes


CHANGES = st.lists(
    st.builds(
        Change,
        st.just("u1"),
        st.sampled_from([EARLY, LATE]),
        st.dictionaries(st.sampled_from("ab"), st.none() | st.integers(0, 3) | st.lists(st.booleans(), max_size=2), max_size=2),
        st.sampled_from(["d1", "d2", None]),
        st.sampled_from(["t1", "t2", None]),
        st.sampled_from(["ios", None]),
    ),
    max_size=6,
)


@given(CHANGES, CHANGES)
def test_two_invocations_end_in_the_same_profile_whichever_comes_first(these: list[Change], those: list[Change]) -> None:
    assert merged(merged({}, these), those) == merged(merged({}, those), these)
