import threading
from collections.abc import Collection, Mapping, Sequence
from contextvars import ContextVar
from datetime import timedelta

from regulars.domain.collection.change import Change
from regulars.domain.errors import StoreUnavailableError
from regulars.domain.people.profile import Profile
from regulars.ports import Stored
from regulars.usecases.merge_many import KEYS_A_PART, RESERVE, Merged
from regulars.usecases.merge_profiles import merge_profiles
from tests.fakes.stores import MemoryProfiles

AT = "2026-11-21T10:00:00.000Z"


def changes(people: int, **traits: object) -> dict[str, list[Change]]:
    return {f"u{n}": [Change(f"u{n}", AT, traits or {"plan": "pro"})] for n in range(people)}


def merged(of: Mapping[str, Sequence[Change]], profiles: MemoryProfiles, left: timedelta = timedelta(seconds=60)) -> Merged:
    return merge_profiles(of, profiles=profiles, time_left=lambda: left)


def test_everybody_is_written_once_and_what_changes_nothing_is_not() -> None:
    profiles = MemoryProfiles()
    assert merged(changes(3 * KEYS_A_PART + 7), profiles) == Merged(3 * KEYS_A_PART + 7)
    assert merged(changes(3 * KEYS_A_PART + 7), profiles) == Merged(0)
    assert {stored.version for stored in profiles.stored.values()} == {1}


def test_nobody_costs_nothing() -> None:
    assert merged({}, MemoryProfiles()) == Merged(0)


class PartlyDown(MemoryProfiles):
    """Fails whatever part has this person in it."""

    def get_many(self, user_ids: Sequence[str]) -> Mapping[str, Stored[Profile]]:
        if "u0" in user_ids:
            raise StoreUnavailableError("throttled: it is a test")
        return super().get_many(user_ids)


def test_a_store_that_fails_for_some_costs_nobody_else() -> None:
    done = merged(changes(2 * KEYS_A_PART), PartlyDown())
    assert (done.written, done.undone, done.trouble) == (KEYS_A_PART, frozenset(changes(KEYS_A_PART)), "throttled: it is a test")


class Hanging(MemoryProfiles):
    """Answers nobody until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.let_go = threading.Event()

    def put_many(self, profiles: Sequence[Stored[Profile]]) -> Collection[str]:
        self.let_go.wait()
        return super().put_many(profiles)


def test_a_store_that_hangs_keeps_nobody_beyond_their_time() -> None:
    profiles = Hanging()
    try:
        assert merged(changes(3), profiles, RESERVE + timedelta(seconds=0.01)) == Merged(0, frozenset({"u0", "u1", "u2"}))
    finally:
        profiles.let_go.set()


def test_without_time_nothing_is_begun() -> None:
    profiles = MemoryProfiles()
    assert merged(changes(1), profiles, RESERVE - timedelta(milliseconds=1)).undone == {"u0"}
    assert profiles.stored == {}


caller: ContextVar[str] = ContextVar("caller", default="nobody")


class Asking(MemoryProfiles):
    """Remembers on whose behalf it was asked."""

    def get_many(self, user_ids: Sequence[str]) -> Mapping[str, Stored[Profile]]:
        self.asked_by = caller.get()
        return super().get_many(user_ids)


def test_threads_ask_on_the_callers_behalf() -> None:
    profiles = Asking()
    token = caller.set("load")
    try:
        merged(changes(1), profiles)
    finally:
        caller.reset(token)
    assert profiles.asked_by == "load"
