"""Whom to send to: a person, in an arm, at an address of a channel. What a person is like and what leads to the address is read when it is sent."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, islice
from typing import Literal

from regulars.domain.errors import ShardCutOffError

Channel = Literal["push"]

WINDOW = 500
"""So many recipients are read at once, and about so many outcomes lie in an object."""

_BLOCK_SECONDS = 0.05
_BLOCKS = (10, 100)


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
    """The place of each window's first recipient, and its recipients, in an order that never changes if theirs does not. One window at a time is
    taken from them. Raises what they raise, after the window of those before."""
    left = iter(recipients)
    for first in count(step=WINDOW):
        window = list[Recipient]()
        try:
            window.extend(islice(left, WINDOW))  # extend keeps what came before an error
        except ShardCutOffError:
            yield first, window
            raise
        if not window:
            return
        yield first, window


def block_size(per_second: float) -> int:
    """How many recipients are claimed with one write before they are sent to: a twentieth of a second's, and 10 to 100. A crash leaves in doubt what
    is under way, and a block: fewer are more writes, at full speed 25 a second for each worker."""
    least, most = _BLOCKS
    return max(least, min(most, round(per_second * _BLOCK_SECONDS)))
