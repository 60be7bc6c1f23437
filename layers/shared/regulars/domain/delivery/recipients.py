"""Whom to send to: a person, in an arm, at an address of a channel. What a person is like and what leads to the address is read when it is sent."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, islice
from typing import Literal

Channel = Literal["push"]

WINDOW = 500
"""Recipients that are claimed, sent and recorded together: what a crash can leave in doubt."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a channel finds a person: for push, `name` is the id of a device, which says what leads to it, and `fingerprint` that of the target
    that the lake knew (empty where that is not known)."""

    channel: Channel
    name: str
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class Recipient:
    """One address of one person, or the person alone where there is none."""

    user_id: str
    arm: str
    address: Address | None
    skip_reason: str = ""
    """Why the run sends them nothing, whatever they are like now: a key of NOT_SENT_REASONS, or empty."""

    @property
    def device_id(self) -> str:
        """Empty where it is no device."""
        return self.address.name if self.address and self.address.channel == "push" else ""


def fingerprint(target: str) -> str:
    """Tells targets apart without being one: the first 16 hexadecimal digits of its SHA-256, as `campaigns.audience` says it in SQL."""
    return hashlib.sha256(target.encode()).hexdigest()[:16]


def windows(recipients: Iterable[Recipient]) -> Iterator[tuple[int, Sequence[Recipient]]]:
    """Each window's number and its recipients, in an order that never changes if theirs does not. One window at a time is taken from them."""
    left = iter(recipients)
    for number in count():
        window = list(islice(left, WINDOW))
        if not window:
            return
        yield number, window
