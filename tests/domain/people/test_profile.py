from itertools import permutations
from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.collection.change import Change
from regulars.domain.people.profile import MAX_PROFILE_BYTES, MOST_LINKS, Link, Profile
from regulars.domain.people.traits import KeptTraits, KnownTrait, Rival

NOBODY = Profile("u1")
EARLY, LATE = "2026-01-01T00:00:00.000Z", "2026-01-02T00:00:00.000Z"


def change(at: str = EARLY, *, device: str | None = None, **traits: Any) -> Change:
    return Change("u1", at, traits, device)


def test_the_first_change_makes_the_profile() -> None:
    assert NOBODY.merged([change(device="d1", plan="pro")]) == Profile("u1", {"plan": KnownTrait("pro", EARLY)}, {"d1": EARLY})


TRAITS = {"plan": KnownTrait("pro", EARLY), "city": KnownTrait(None, LATE, "t", (Rival("Ulm", "s"),))}


def test_traits_that_are_kept_are_what_they_were_and_are_merged_and_written_as_such() -> None:
    kept = Profile("u1", KeptTraits(orjson.loads(orjson.dumps(TRAITS))))
    assert kept == Profile("u1", TRAITS)
    assert kept.values == {"plan": "pro", "city": None}
    assert orjson.dumps(kept, default=dict) == orjson.dumps(Profile("u1", TRAITS))
    assert kept.merged([change(LATE, x=1)]) == Profile("u1", TRAITS).merged([change(LATE, x=1)])
    assert kept.joined([Profile("a", {"plan": KnownTrait("free", LATE)})]).values == {"plan": "free", "city": None}


def test_each_trait_keeps_its_latest_value_and_each_device_its_first_moment_in_any_order() -> None:
    changes = [
        change(EARLY, device="d1", plan="free", city="Ulm"),
        change(LATE, device="d1", plan="pro"),
        change(LATE, plan=None),
        change(EARLY, x=1),
    ]
    results = [NOBODY.merged(order) for order in permutations(changes)]
    assert all(result == results[0] for result in results)
    profile = results[0]
    assert profile.values == {"plan": None, "city": "Ulm", "x": 1}
    assert profile.devices == {"d1": EARLY}


def test_of_one_moment_the_later_received_counts_then_the_later_in_the_request() -> None:
    said = [("optin", True, "2026-01-01 00:00:01.000 0007 zzz"), ("optin", False, "2026-01-01 00:00:01.000 0008 aaa")]
    changes = [Change("u1", EARLY, {name: value}, tie=tie) for name, value, tie in said]
    assert all(NOBODY.merged(order).values == {"optin": False} for order in permutations(changes))


def test_a_copy_that_is_received_last_does_not_win_over_what_was_said_after_it() -> None:
    """As in the lake, which keeps the first copy: true (received 1, and once more 3), then false (received 2)."""
    said = [(True, "2026-01-01 00:00:01.000 0000 a"), (False, "2026-01-01 00:00:02.000 0000 b"), (True, "2026-01-01 00:00:03.000 0000 a")]
    changes = [Change("u1", EARLY, {"optin": value}, tie=tie) for value, tie in said]
    results = [NOBODY.merged(order) for order in permutations(changes)]
    assert all(result == results[0] for result in results)
    assert results[0].values == {"optin": False}
    assert results[0].merged(changes) == results[0]


def test_what_became_theirs_last_is_kept_of_many_links_and_what_is_not_theirs_goes() -> None:
    links = [Link("u1", f"k{n:02d}", f"2026-01-01 00:00:{n:02d}") for n in range(30)]
    profile = NOBODY.linking(links[:20]).linking(reversed(links))
    assert list(profile.linked) == [f"k{n:02d}" for n in range(30 - MOST_LINKS, 30)]
    assert profile.linking(links) == profile
    assert len(profile.linking([Link("u1", "k29", None), Link("u1", "k00", None)]).linked) == MOST_LINKS - 1


def test_of_what_other_ids_told_the_latest_counts_and_a_message_of_one_is_no_copy_of_anothers() -> None:
    own = NOBODY.merged([Change("u1", EARLY, {"a": 1, "b": 1}, tie="2026-01-01 00:00:02.000 0000 m1")])
    other = Profile("k1").merged([Change("k1", EARLY, {"a": 2, "c": 2}, tie="2026-01-01 00:00:03.000 0000 m1")])
    assert own.joined([other]).values == {"a": 2, "b": 1, "c": 2}
    assert own.values == {"a": 1, "b": 1}


def test_a_change_that_comes_again_changes_nothing() -> None:
    once = NOBODY.merged([change(device="d1", plan="pro"), change(LATE, plan="free")])
    assert once.merged([change(device="d1", plan="pro"), change(LATE, plan="free")]) == once


def test_merging_leaves_its_input_as_it_was() -> None:
    before = NOBODY.merged([change(plan="free", device="d1")])
    copy = orjson.dumps(before)
    before.merged([change(LATE, plan="pro", device="d2")])
    assert orjson.dumps(before) == copy


def test_a_profile_that_grows_too_large_loses_its_oldest_traits() -> None:
    changes = [change(f"2026-01-01T00:00:{n:02d}.000000Z", **{f"t{n}": "x" * 30_000}) for n in range(20)]
    profile = NOBODY.merged(changes)
    assert len(orjson.dumps(profile)) <= MAX_PROFILE_BYTES
    assert list(profile.traits) == [f"t{n}" for n in range(11, 20)]


CHANGES = st.lists(
    st.builds(
        Change,
        st.just("u1"),
        st.sampled_from([EARLY, LATE]),
        st.dictionaries(st.sampled_from("ab"), st.none() | st.integers(0, 3) | st.lists(st.booleans(), max_size=2), max_size=2),
        st.sampled_from(["d1", "d2", None]),
        st.sampled_from(["2026-01-01 00:00:00.000 0000 m1", "2026-01-01 00:00:00.000 0001 m0", ""]),
    ),
    max_size=6,
)


@given(CHANGES, CHANGES)
def test_two_invocations_end_in_the_same_profile_whichever_comes_first(these: list[Change], those: list[Change]) -> None:
    assert NOBODY.merged(these).merged(those) == NOBODY.merged(those).merged(these)
