"""People's profiles with what their other ids told, before they signed in and under a former user id."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from regulars.domain.people.profile import Profile
from regulars.ports import ProfileStore

LINKS: Final = 3
"""An anonymous id of somebody who was renamed twice: as far as `lake.owners` follows."""


def whole_profiles(user_ids: Sequence[str], *, profiles: ProfileStore) -> Mapping[str, Profile]:
    """The known ones among these people. Nothing more is read for those without other ids, which are nearly all."""
    known: dict[str, Profile] = {}
    wanted = list(user_ids)
    for _ in range(1 + LINKS):
        found = {key: stored.value for key, stored in profiles.get_many(wanted).items()}
        known |= found
        wanted = sorted({key for profile in found.values() for key in profile.linked} - known.keys())
        if not wanted:
            break
    return {user_id: _whole(known[user_id], known) for user_id in user_ids if user_id in known}


def _whole(profile: Profile, known: Mapping[str, Profile]) -> Profile:
    return profile.joined(_others(profile, known, LINKS)) if profile.linked else profile


def _others(profile: Profile, known: Mapping[str, Profile], links: int) -> Iterator[Profile]:
    for other in (known[key] for key in profile.linked if links and key in known):
        yield other
        yield from _others(other, known, links - 1)
