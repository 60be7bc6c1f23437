"""Merge what a load learned into what is kept, many things at a time and many requests at once.

A request takes 3 to 10 ms, nearly all of it waiting, so that one after another a large import would outlive its invocation. Keys are taken in
parts of as many as one read gives; a thread reads a part, merges and writes it. Merging twice changes nothing, so what is left undone may come again.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextvars import copy_context
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Protocol, TypeVar

from regulars.domain.errors import StoreUnavailableError
from regulars.ports import Stored

ATTEMPTS: Final = 8
"""Rounds of reading, merging and writing, before what others keep changing is left for later."""

KEYS_A_PART: Final = 100
"""As many as DynamoDB's BatchGetItem gives at once."""

THREADS: Final = 16
"""Half of the connections that the SDK keeps (adapters/aws.py): 16 requests of 5 ms each are 3,200 a second, of 25 items or more."""

RESERVE: Final = timedelta(seconds=10)
"""Of the caller's time: what has not ended by then is undone, whether it waits or hangs."""

T = TypeVar("T")
News = TypeVar("News")


class MergeStore(Protocol[T]):
    """What profiles and devices are kept in (`ports.ProfileStore`, `ports.DeviceStore`)."""

    def get_many(self, keys: Sequence[str], /) -> Mapping[str, Stored[T]]: ...

    def put_many(self, things: Sequence[Stored[T]], /) -> Collection[str]: ...


Merge = Callable[[str, News, "Stored[T] | None"], "Stored[T] | None"]
"""Of a key, the news of it and what is kept: what is to be written, with the version that it was read at. None where nothing is."""


@dataclass(frozen=True)
class Merged:
    """How many were written, and of which keys that is not known; `trouble` says why, where the store did."""

    written: int
    undone: frozenset[str] = frozenset()
    trouble: str = ""


def merge_many(news: Mapping[str, News], merge: "Merge[News, T]", *, store: MergeStore[T], time_left: Callable[[], timedelta]) -> Merged:
    """Merges all that it can in the caller's time, less RESERVE. A store that fails for some costs only them."""
    if not news:
        return Merged(0)
    parts = _parts(news)
    pool = ThreadPoolExecutor(min(THREADS, len(parts)), thread_name_prefix="merge")
    # Each with the caller's context: whoever looks at who is calling finds the caller.
    running = [pool.submit(copy_context().run, _merge, part, merge, store, time_left) for part in parts]
    wait(running, timeout=max(0.0, (time_left() - RESERVE).total_seconds()))
    pool.shutdown(wait=False, cancel_futures=True)
    ended = [
        future.result() if future.done() and not future.cancelled() else Merged(0, frozenset(part))
        for future, part in zip(running, parts, strict=True)
    ]
    return Merged(
        sum(part.written for part in ended),
        frozenset().union(*(part.undone for part in ended)),
        next((part.trouble for part in ended if part.trouble), ""),
    )


def _parts(news: Mapping[str, News]) -> list[Mapping[str, News]]:
    keys = list(news)
    return [{key: news[key] for key in keys[start : start + KEYS_A_PART]} for start in range(0, len(keys), KEYS_A_PART)]


def _merge(part: Mapping[str, News], merge: "Merge[News, T]", store: MergeStore[T], time_left: Callable[[], timedelta]) -> Merged:
    """What another invocation wrote meanwhile is read and merged again."""
    written, pending = 0, part
    try:
        for _ in range(ATTEMPTS):
            if not pending or time_left() < RESERVE:
                break
            known = store.get_many(list(pending))
            due = [merged for key, told in pending.items() if (merged := merge(key, told, known.get(key))) is not None]
            lost = store.put_many(due)
            written += len(due) - len(lost)
            pending = {key: part[key] for key in lost}
    except StoreUnavailableError as error:
        return Merged(written, frozenset(pending), str(error))
    return Merged(written, frozenset(pending))
