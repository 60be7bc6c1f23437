"""Merge what a load learned about people into their profiles, many people at a time and many requests at once.

A request takes 3 to 10 ms, nearly all of it waiting, so that one after another a large import would outlive its invocation. People are taken in
parts of as many as one read gives; a thread reads a part, merges and writes it. Merging twice changes nothing, so what is left undone may come again.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextvars import copy_context
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from regulars.domain.collection.change import Change
from regulars.domain.errors import StoreUnavailableError
from regulars.domain.people.profile import Profile
from regulars.ports import ProfileStore, Stored

ATTEMPTS: Final = 8
"""Rounds of reading, merging and writing, before a profile that others keep changing is left for later."""

PEOPLE_A_PART: Final = 100
"""As many as DynamoDB's BatchGetItem gives at once."""

THREADS: Final = 16
"""Half of the connections that the SDK keeps (adapters/aws.py): 16 requests of 5 ms each are 3,200 a second, of 25 profiles or more."""

RESERVE: Final = timedelta(seconds=10)
"""Of the caller's time: what has not ended by then is undone, whether it waits or hangs."""

Changes = Mapping[str, Sequence[Change]]
"""By user id."""


@dataclass(frozen=True)
class MergedProfiles:
    """How many profiles were written, and whose are not known to be; `trouble` says why, where the store did."""

    written: int
    undone: frozenset[str] = frozenset()
    trouble: str = ""


def merge_profiles(changes: Changes, *, profiles: ProfileStore, time_left: Callable[[], timedelta]) -> MergedProfiles:
    """Merges all that it can in the caller's time, less RESERVE. A store that fails for some costs only them."""
    if not changes:
        return MergedProfiles(0)
    parts = _parts(changes)
    pool = ThreadPoolExecutor(min(THREADS, len(parts)), thread_name_prefix="profiles")
    # Each with the caller's context: whoever looks at who is calling finds the caller.
    running = [pool.submit(copy_context().run, _merge, part, profiles, time_left) for part in parts]
    wait(running, timeout=max(0.0, (time_left() - RESERVE).total_seconds()))
    pool.shutdown(wait=False, cancel_futures=True)
    ended = [
        future.result() if future.done() and not future.cancelled() else MergedProfiles(0, frozenset(part))
        for future, part in zip(running, parts, strict=True)
    ]
    return MergedProfiles(
        sum(part.written for part in ended),
        frozenset().union(*(part.undone for part in ended)),
        next((part.trouble for part in ended if part.trouble), ""),
    )


def _parts(changes: Changes) -> list[Changes]:
    people = list(changes)
    return [{user_id: changes[user_id] for user_id in people[start : start + PEOPLE_A_PART]} for start in range(0, len(people), PEOPLE_A_PART)]


def _merge(part: Changes, profiles: ProfileStore, time_left: Callable[[], timedelta]) -> MergedProfiles:
    """A profile that another invocation wrote meanwhile is read and merged again."""
    written, pending = 0, part
    try:
        for _ in range(ATTEMPTS):
            if not pending or time_left() < RESERVE:
                break
            due = _due(pending, profiles)
            lost = profiles.put_many(due)
            written += len(due) - len(lost)
            pending = {user_id: part[user_id] for user_id in lost}
    except StoreUnavailableError as error:
        return MergedProfiles(written, frozenset(pending), str(error))
    return MergedProfiles(written, frozenset(pending))


def _due(changes: Changes, profiles: ProfileStore) -> list[Stored[Profile]]:
    """The profiles that the changes change, each with the version that it was read at."""
    known = profiles.get_many(list(changes))
    due = []
    for user_id, theirs in changes.items():
        stored = known.get(user_id) or Stored(Profile(user_id), 0)
        profile = stored.value.merged(theirs)
        if not stored.version or profile != stored.value:
            due.append(Stored(profile, stored.version))
    return due
