"""What is certain about a shard, window by window: the journal of `deliver`.

A window of recipients is claimed before its first push and recorded after its last, in an object under raw/deliveries. So after a crash:

    object there                 everything in it happened: never again
    no object, not claimed       nothing happened: from the start
    no object, but claimed       nobody knows: `when_unsure` decides

A window that the deadline cut is recorded as a part, and what is left of it is claimed anew: `<shard>-<window>.part<n>.json.gz`, then
at last `<shard>-<window>.json.gz`. FCM has no idempotency key, so this is as certain as it gets (docs/decisions/0007).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from regulars.domain.campaigns.recipients import packed, recorded_messages
from regulars.domain.campaigns.run import outcomes_prefix
from regulars.domain.messages.rendering import Recipient, message_id
from regulars.ports import ObjectStore, RunStore

MAX_RESENDS = 5
"""So many attempts at a window may be lost before its people are left as unknown, even with `when_unsure: resend`."""


@dataclass
class Window:
    """The recipients of a window who are not in the journal yet, and what has become of them since."""

    number: int
    part: int
    left: Sequence[Recipient]
    rows: list[dict[str, Any]] = field(default_factory=list)
    outstanding: int = 0
    """Pushes of which no result is known yet."""
    dead: list[Recipient] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        return len(self.rows) == len(self.left)

    @property
    def may_resend(self) -> bool:
        return self.part < MAX_RESENDS


class Journal:
    """One shard's. Raises StoreUnavailableError."""

    def __init__(self, run_id: str, shard: int, *, resend: bool, owner: str, lake: ObjectStore, runs: RunStore) -> None:
        self._run_id, self._shard = run_id, shard
        self._attempts = MAX_RESENDS if resend else 1
        self._owner, self._lake, self._runs = owner, lake, runs
        self._prefix = f"{outcomes_prefix(run_id)}{shard:05d}-"
        self._there = set(lake.keys(self._prefix))

    def is_done(self, number: int) -> bool:
        return self._final(number) in self._there

    def open(self, number: int, people: Sequence[Recipient]) -> Window:
        """The window as far as it is not recorded."""
        parts = [key for part in range(len(self._there)) if (key := self._part(number, part)) in self._there]
        recorded = {message for key in parts for message in recorded_messages(self._lake.get(key))}
        left = [person for person in people if message_id(self._run_id, person.user_id, person.device_id) not in recorded]
        return Window(number, len(parts), left)

    def claim(self, window: Window) -> bool:
        """True if we may send what is left of it; False if an earlier attempt may have, and it is not to be repeated."""
        name = f"{self._run_id}/{self._shard}/{window.number}/{window.part}"
        return any(self._runs.claim(f"{name}/{attempt}", self._owner) for attempt in range(self._attempts))

    def record(self, window: Window) -> None:
        """Writes the rows of a window that is ours. Whoever gave it up for lost in the meantime knew less, and is overwritten."""
        self._write(window, only_if_absent=False)

    def give_up(self, window: Window) -> None:
        """Writes the rows of a window that somebody else claimed, unless that one has written after all."""
        self._write(window, only_if_absent=True)

    def _write(self, window: Window, *, only_if_absent: bool) -> None:
        key = self._final(window.number) if window.complete else self._part(window.number, window.part)
        self._lake.put(key, packed(_in_order(window.rows)), only_if_absent=only_if_absent)
        self._there.add(key)

    def _final(self, number: int) -> str:
        return f"{self._prefix}{number:05d}.json.gz"

    def _part(self, number: int, part: int) -> str:
        return f"{self._prefix}{number:05d}.part{part:03d}.json.gz"


def _in_order(rows: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    # Results come as they finish; a fixed order makes the object compress better and tests plain.
    return sorted(rows, key=lambda row: (row["user_id"], row["device_id"] or ""))
