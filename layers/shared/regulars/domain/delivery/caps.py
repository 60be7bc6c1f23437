"""How many pushes a person gets in a span that moves with time, and what is kept to know it: when the last ones were sent, of which message.

Whatever sends asks first: it reads what is kept of the person, and writes it with the new push on the condition that nobody has written since. So
of twenty campaigns that would send at one moment only as many get to send as there is room for.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

MAX_COUNT: Final = 50
"""Ours: no cap counts higher."""

KEPT: Final = MAX_COUNT + 10
"""The latest pushes to a person, of which 10 bytes each are kept, 14 as text: with the user id under the kilobyte that is one write unit of
DynamoDB. As many as the highest cap counts, and those of messages that are under way as well."""

KEPT_FOR: Final = timedelta(days=30)
"""Longer ago is forgotten. So no cap may look further back."""

CLOSE: Final = timedelta(minutes=1)
"""A push that is tried again so soon keeps the moment at which it was noted first."""

MARK_BYTES: Final = 6


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


@dataclass(frozen=True, slots=True)
class Contact:
    """A push that was sent, or is about to be: when, in whole seconds of UTC, and by which message (`mark`)."""

    at: datetime
    mark: bytes


@dataclass(frozen=True, slots=True)
class Contacts:
    """The latest pushes to one person, the oldest first."""

    user_id: str
    latest: Sequence[Contact] = ()

    def has(self, mark: bytes) -> bool:
        """Whether the message stands there."""
        return any(contact.mark == mark for contact in self.latest)

    def refusal(self, mark: bytes, limits: Iterable[Limit], now: datetime) -> str:
        """The reason why the message of this mark may not go out now, or empty. What stands there of the message itself does not count."""
        others = [contact.at for contact in self.latest if contact.mark != mark]
        for limit in limits:
            since = now - limit.cap.within
            if sum(at > since for at in others) >= limit.cap.count:
                return limit.reason
        return ""

    def noted(self, mark: bytes, now: datetime) -> "Contacts":
        """With the message, once, at `now`; the same object where it stands there already, as of a moment ago."""
        if any(contact.mark == mark and now - contact.at < CLOSE for contact in self.latest):
            return self
        since = now - KEPT_FOR
        others = [contact for contact in self.latest if contact.mark != mark and contact.at > since]
        ordered = sorted((*others, Contact(_whole(now), mark)), key=lambda contact: contact.at)
        return replace(self, latest=tuple(ordered[-KEPT:]))

    def without(self, mark: bytes) -> "Contacts":
        """The message surely did not go out."""
        return replace(self, latest=tuple(contact for contact in self.latest if contact.mark != mark))


def message_mark(run_id: str, user_id: str) -> bytes:
    """Tells the messages to a person apart, in 6 bytes: one a run, on however many devices. `run_id` is that of the first run, where others go on
    with it."""
    return hashlib.sha256(f"{run_id}\0{user_id}".encode()).digest()[:MARK_BYTES]


def _whole(moment: datetime) -> datetime:
    """The next whole second: an earlier one would let a push go out before the span is over."""
    floor = moment.replace(microsecond=0)
    return floor if floor == moment else floor + timedelta(seconds=1)
