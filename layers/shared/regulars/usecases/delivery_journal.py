"""What is certain about a shard, window by window: the ledger of `deliver`.

A window of recipients is claimed before its first push and recorded after its last, in an object under raw/deliveries. So after a crash:

    object there                 everything in it happened: never again
    no object, not claimed       nothing happened: from the start
    no object, but claimed       nobody knows: `when_unsure` decides, and `settle` when nobody will send any more

A window that the deadline cut is recorded as a part, and what is left of it is claimed anew: `<shard>-<window>.part<n>.json.gz`, then
at last `<shard>-<window>.json.gz`. FCM has no idempotency key, so this is as certain as it gets (docs/decisions/0007).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count, takewhile

from regulars.domain.campaigns.run import outcomes_prefix
from regulars.domain.delivery.decision import Ready
from regulars.domain.delivery.outcomes import Settled, message_id, outcome_lines, recorded_messages
from regulars.domain.delivery.recipients import Recipient
from regulars.ports import ClaimStore, ObjectStore

MAX_RESENDS = 5
"""So many attempts at a window may be lost before its people are left as unknown, even with `when_unsure: resend`."""


@dataclass(eq=False)
class Window:
    """The recipients of a window who are not in the journal yet, and what has become of them since."""

    number: int
    part: int
    left: Sequence[Recipient]
    settled: list[Settled] = field(default_factory=list)
    outstanding: int = 0
    """Pushes of which no result is known yet."""
    dead: list[Ready] = field(default_factory=list)
    """Those whose token turned out to lead nowhere."""

    @property
    def complete(self) -> bool:
        return len(self.settled) == len(self.left)


class Journal:
    """One shard's. Raises StoreUnavailableError."""

    def __init__(self, *, run_id: str, campaign_id: str, shard: int, resend: bool, holder: str, lake: ObjectStore, claims: ClaimStore) -> None:
        self._run_id, self._campaign_id, self._shard = run_id, campaign_id, shard
        self._resend, self._holder = resend, holder
        self._lake, self._claims = lake, claims
        self._prefix = f"{outcomes_prefix(run_id)}{shard:05d}-"
        self._there = set(lake.keys(self._prefix))

    def message_id(self, person: Recipient) -> str:
        return message_id(self._run_id, person.user_id, person.device_id)

    def is_done(self, number: int) -> bool:
        return self._final(number) in self._there

    def open(self, number: int, people: Sequence[Recipient]) -> Window:
        """The window as far as it is not recorded."""
        parts = list(takewhile(self._there.__contains__, (self._part(number, part) for part in count())))
        recorded = {message for key in parts for message in recorded_messages(self._lake.get(key))}
        left = [person for person in people if self.message_id(person) not in recorded]
        return Window(number, len(parts), left)

    def claim(self, window: Window) -> bool:
        """True if we may send what is left of it; False if an earlier attempt may have, and it is not to be repeated."""
        attempts = MAX_RESENDS if self._resend else 1
        return any(self._claims.claim(self._claim(window, attempt), holder=self._holder) for attempt in range(attempts))

    def was_begun(self, window: Window) -> bool:
        """Whether somebody claimed what is left of it. If not, it is held in our name, and asking again says the same."""
        return not self._claims.hold(self._claim(window, 0), holder=self._holder)

    def may_repeat(self, window: Window) -> bool:
        """Whether a push of the window that may have arrived, or may not, is sent again."""
        return self._resend and window.part < MAX_RESENDS

    def record(self, window: Window) -> None:
        """Writes what became of a window that is ours. Whoever gave it up for lost in the meantime knew less, and is overwritten."""
        self._write(window, only_if_absent=False)

    def give_up(self, window: Window) -> None:
        """Writes what became of a window that somebody else claimed, unless that one has written after all."""
        self._write(window, only_if_absent=True)

    def _write(self, window: Window, *, only_if_absent: bool) -> None:
        key = self._final(window.number) if window.complete else self._part(window.number, window.part)
        rows = (settled.row(self._campaign_id, self._run_id) for settled in window.settled)
        self._lake.put(key, outcome_lines(rows), only_if_absent=only_if_absent)
        self._there.add(key)

    def _claim(self, window: Window, attempt: int) -> str:
        return f"{self._run_id}/{self._shard}/{window.number}/{window.part}/{attempt}"

    def _final(self, number: int) -> str:
        return f"{self._prefix}{number:05d}.json.gz"

    def _part(self, number: int, part: int) -> str:
        return f"{self._prefix}{number:05d}.part{part:03d}.json.gz"
