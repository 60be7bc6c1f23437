from itertools import permutations
from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.collection.change import Change
from regulars.domain.people.profile import MAX_PROFILE_BYTES, Device, KnownTrait, Profile

NOBODY = Profile("u1")
EARLY, LATE = "2026-01-01T00:00:00.000Z", "2026-01-02T00:00:00.000Z"


def change(at: str = EARLY, *, token: str | None = None, device_id: str = "d1", **traits: Any) -> Change:
    return Change("u1", at, traits, device_id if token else None, token, "ios" if token else None)


def test_the_first_change_makes_the_profile() -> None:
    assert NOBODY.merged([change(token="t1", plan="pro")]) == Profile("u1", {"plan": KnownTrait("pro", EARLY)}, {"d1": Device("t1", "ios", EARLY)})


def test_each_trait_and_device_keeps_its_latest_value_in_any_order() -> None:
    changes = [
        change(EARLY, token="old", plan="free", city="Ulm"),
        change(LATE, token="new", plan="pro"),
        change(LATE, plan=None),
        change(EARLY, x=1),
    ]
    results = [NOBODY.merged(order) for order in permutations(changes)]
    assert all(result == results[0] for result in results)
    profile = results[0]
    assert profile.values == {"plan": None, "city": "Ulm", "x": 1}
    assert profile.devices["d1"].token == "new"


def test_of_one_moment_the_later_received_counts_then_the_later_in_the_request() -> None:
    said = [("optin", True, "2026-01-01 00:00:01.000 0007 zzz"), ("optin", False, "2026-01-01 00:00:01.000 0008 aaa")]
    changes = [Change("u1", EARLY, {name: value}, tie=tie) for name, value, tie in said]
    assert all(NOBODY.merged(order).values == {"optin": False} for order in permutations(changes))


def test_a_change_that_comes_again_changes_nothing() -> None:
    once = NOBODY.merged([change(token="t1", plan="pro"), change(LATE, plan="free")])
    assert once.merged([change(token="t1", plan="pro"), change(LATE, plan="free")]) == once


def test_merging_leaves_its_input_as_it_was() -> None:
    before = NOBODY.merged([change(plan="free", token="t1")])
    copy = orjson.dumps(before)
    before.merged([change(LATE, plan="pro", token="t2")])
    assert orjson.dumps(before) == copy


def test_a_device_without_a_token_registers_nothing() -> None:
    assert NOBODY.merged([Change("u1", EARLY, {}, "d1", None, "ios")]).devices == {}


def test_a_profile_that_grows_too_large_loses_its_oldest_traits() -> None:
    changes = [change(f"2026-01-01T00:00:{n:02d}.000000Z", **{f"t{n}": "x" * 30_000}) for n in range(20)]
    profile = NOBODY.merged(changes)
    assert len(orjson.dumps(profile)) <= MAX_PROFILE_BYTES
    assert list(profile.traits) == [f"t{n}" for n in range(11, 20)]


def test_a_dead_token_takes_its_device_along_unless_it_has_a_newer_one() -> None:
    profile = NOBODY.merged([change(token="t1"), change(token="t2", device_id="d2")])
    assert list(profile.without_dead_token("d1", "t1").devices) == ["d2"]
    assert profile.without_dead_token("d1", "older") == profile
    assert profile.without_dead_token("nobody", "t1") == profile
    assert NOBODY.without_dead_token("d1", "t1") == NOBODY


CHANGES = st.lists(
    st.builds(
        Change,
        st.just("u1"),
        st.sampled_from([EARLY, LATE]),
        st.dictionaries(st.sampled_from("ab"), st.none() | st.integers(0, 3) | st.lists(st.booleans(), max_size=2), max_size=2),
        st.sampled_from(["d1", "d2", None]),
        st.sampled_from(["t1", "t2", None]),
        st.sampled_from(["ios", None]),
        st.sampled_from(["2026-01-01 00:00:00.000 0000 m1", "2026-01-01 00:00:00.000 0001 m0", ""]),
    ),
    max_size=6,
)


@given(CHANGES, CHANGES)
def test_two_invocations_end_in_the_same_profile_whichever_comes_first(these: list[Change], those: list[Change]) -> None:
    assert NOBODY.merged(these).merged(those) == NOBODY.merged(those).merged(these)
