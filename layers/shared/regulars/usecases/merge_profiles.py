"""Merge what a load learned about people into their profiles."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from regulars.domain.collection.change import Change
from regulars.domain.people.profile import Profile
from regulars.ports import ProfileStore, Stored
from regulars.usecases.merge_many import Merged, merge_many


def merge_profiles(changes: Mapping[str, Sequence[Change]], *, profiles: ProfileStore, time_left: Callable[[], timedelta]) -> Merged:
    """`changes` by user id. A profile that they leave as it is is not written."""
    return merge_many(changes, _merged, store=profiles, time_left=time_left)


def _merged(user_id: str, changes: Sequence[Change], known: Stored[Profile] | None) -> Stored[Profile] | None:
    before = known or Stored(Profile(user_id), 0)
    profile = before.value.merged(changes)
    return None if known and profile == known.value else Stored(profile, before.version)
