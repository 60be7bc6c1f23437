"""How many pushes a person gets in a span that moves with time, and what is kept to know it: when the last ones were sent, of which message.

Whatever sends asks first: it reads what is kept of the person, and writes it with the new push on the condition that nobody has written since. So
of twenty campaigns that would send at one moment only as many get to send as there is room for.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil
from typing import Final, NamedTuple

MAX_COUNT: Final = 50
"""Ours: no cap counts higher."""

KEPT: Final = MAX_COUNT + 10
"""The latest pushes to a person, of which 10 bytes each are kept, 14 as text: with the user id under the kilobyte that is one write unit of
DynamoDB. As many as the highest cap counts, and those of messages that are under way as well."""

KEPT_FOR: Final = timedelta(days=30)
"""Longer ago is forgotten. So no cap may look further back."""

CLOSE: Final = 60
"""Seconds. A push that is tried again so soon keeps the moment at which it was noted first."""

_KEPT_SECONDS: Final = KEPT_FOR.total_seconds()

MARK_BYTES: Final = 6

EVERYBODY: Final = "\0"
"""No person's id, for none holds NUL: in the place of pushes there are the latest runs that go by a limit. As long as one counts, the pushes of all
runs are noted."""


@dataclass(frozen=True, slots=True)
class Cap:
    """At most `count` in any span as long as `within`."""

    count: int
    within: timedelta


@dataclass(frozen=True, slots=True)
class Limit:
    """A cap, and the reason that whoever is over it is skipped for."""

    cap: Cap
    reason: str


class Contact(NamedTuple):
    """A push that was sent, or is about to be: when, in whole seconds since 1970, rounded up, and by which message."""

    at: int
    mark: bytes


@dataclass(frozen=True, slots=True)
class Contacts:
    """The latest pushes to one person, the oldest first."""

    user_id: str
    latest: Sequence[Contact] = ()

    def any_counts(self, now: datetime) -> bool:
        """Whether one of them is so late that some cap may look at it."""
        return bool(self.latest) and self.latest[-1].at > now.timestamp() - _KEPT_SECONDS

    def has(self, mark: bytes) -> bool:
        """Whether the message stands there."""
        return any(each == mark for _, each in self.latest)

    def refusal(self, mark: bytes, limits: Iterable[Limit], now: datetime) -> str:
        """The reason why the message of this mark may not go out now, or empty. What stands there of the message itself does not count."""
        for limit in limits:
            since = (now - limit.cap.within).timestamp()
            if sum(at > since and each != mark for at, each in self.latest) >= limit.cap.count:
                return limit.reason
        return ""

    def with_former(self, former: Iterable["Contacts"]) -> "Contacts":
        """With what was sent under other user ids of the person."""
        return replace(self, latest=sorted((*self.latest, *(contact for each in former for contact in each.latest))))

    def noted(self, mark: bytes, now: datetime) -> "Contacts":
        """With the message, once, at `now`; the same object where it stands there already, as of a moment ago."""
        second = ceil(now.timestamp())  # an earlier one would let a push go out before the span is over
        if any(each == mark and second - at < CLOSE for at, each in self.latest):
            return self
        since = second - _KEPT_SECONDS
        others = [contact for contact in self.latest if contact.mark != mark and contact.at > since]
        return Contacts(self.user_id, tuple(sorted((*others, Contact(second, mark)))[-KEPT:]))

    def without(self, mark: bytes) -> "Contacts":
        """The message surely did not go out."""
        return Contacts(self.user_id, tuple(contact for contact in self.latest if contact.mark != mark))


def message_mark(run_id: str, user_id: str) -> bytes:
    """Tells the messages to a person apart, in 6 bytes: one a run, on however many devices. `run_id` is that of the first run, where others go on
    with it."""
    return hashlib.sha256(f"{run_id}\0{user_id}".encode()).digest()[:MARK_BYTES]
