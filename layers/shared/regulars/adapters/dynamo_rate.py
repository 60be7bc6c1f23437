"""PushRate on DynamoDB: the item `push_rate` of the state table, which all who send read and write.

Each step is one UpdateItem. A block is taken on the condition that the window is still open and has as much left; a new window, or a pause, takes
the place of what was seen on the condition that nobody has written since. Whoever is refused is told the item as it is.
"""

import threading
import uuid
from dataclasses import dataclass
from typing import Final

from regulars.adapters.dynamo_items import Item, Items
from regulars.domain.delivery.rate import NEVER_OPENED, Lease, ProjectLimit, Window
from regulars.domain.errors import StoreUnavailableError

_KEY: Final[Item] = {"name": {"S": "push_rate"}}
_ATTEMPTS: Final = 8
_BREATH: Final = 0.05
"""Seconds until the next try of one whom others outran so often."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """The item as it was when we last saw it, and which write made it so ("" where there was none)."""

    window: Window = NEVER_OPENED
    written_by: str = ""


class DynamoRate:
    """Keep one for the life of the process: it remembers the window. Threads may share it."""

    def __init__(self, table: str, limit: ProjectLimit) -> None:
        # Whoever sends waits for the answer, with connections open.
        self._items = Items(table, "the table of state", hurried=True)
        self._limit, self._seen, self._one_at_a_time = limit, _Seen(), threading.Lock()

    @property
    def limit(self) -> ProjectLimit:
        return self._limit

    def lease(self, now: float, per_second: float) -> Lease:
        with self._one_at_a_time:
            for _ in range(_ATTEMPTS):
                window = self._seen.window
                after, lease = window.lease(now, per_second, self._limit)
                if not lease.count or (self._take(after, lease.count) if after.second == window.second else self._replace(after)):
                    return lease
        return Lease(0, now + _BREATH)

    def pause(self, now: float, until: float) -> None:
        with self._one_at_a_time:
            for _ in range(_ATTEMPTS):
                if self._replace(self._seen.window.paused(now, until, self._limit)):
                    return
        raise StoreUnavailableError(f"the table of state: others wrote the push rate {_ATTEMPTS} times in a row")

    def _take(self, after: Window, count: int) -> bool:
        still_there = "opened = :opened AND unleased >= :count AND written_by <> :me"
        values = {":count": _number(count), ":opened": _number(after.second)}
        return self._wrote("SET unleased = unleased - :count, written_by = :me", still_there, values)

    def _replace(self, window: Window) -> bool:
        numbers = {"opened": window.second, "ceiling": window.ceiling, "unleased": window.left, "paused_until": window.paused_until}
        update = "SET " + ", ".join(f"{name} = :{name}" for name in numbers) + ", written_by = :me"
        values = {f":{name}": _number(number) for name, number in numbers.items()}
        before = self._seen.written_by
        if not before:
            return self._wrote(update, "attribute_not_exists(written_by)", values)
        return self._wrote(update, "written_by = :before", {**values, ":before": {"S": before}})

    def _wrote(self, update: str, condition: str, values: Item) -> bool:
        """Whether the item is now as we made it: also where a request that botocore repeated, its answer being lost, was refused for that."""
        me = uuid.uuid4().hex
        self._seen = _seen_in(self._items.update_if(_KEY, update, condition, {**values, ":me": {"S": me}}))
        return self._seen.written_by == me


def _number(value: float) -> Item:
    return {"N": str(value)}


def _seen_in(item: Item) -> _Seen:
    if not item:
        return _Seen()
    opened, ceiling, left = (int(item[name]["N"]) for name in ("opened", "ceiling", "unleased"))
    return _Seen(Window(opened, ceiling, left, float(item["paused_until"]["N"])), item["written_by"]["S"])
