"""Lead from people's profiles to what their other ids told."""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta

from regulars.domain.errors import StoreUnavailableError
from regulars.domain.people.profile import Link, Profile
from regulars.ports import ProfileStore, Stored
from regulars.usecases.merge_many import merge_many


def link_profiles(links: Iterable[Link], *, profiles: ProfileStore, time_left: Callable[[], timedelta]) -> int:
    """How many profiles were written. The same links again change nothing. Raises StoreUnavailableError where some could not be written."""
    news: dict[str, list[Link]] = {}
    for link in links:
        news.setdefault(link.user_id, []).append(link)
    merged = merge_many(news, _linked, store=profiles, time_left=time_left)
    if merged.undone:
        raise StoreUnavailableError(merged.trouble or f"{len(merged.undone):,} profiles could not be linked in time")
    return merged.written


def _linked(user_id: str, links: Sequence[Link], known: Stored[Profile] | None) -> Stored[Profile] | None:
    before = known or Stored(Profile(user_id), 0)
    profile = before.value.linking(links)
    return None if profile == before.value else Stored(profile, before.version)
