"""What a pass of delivery is made over."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol

from regulars.domain.delivery.decision import Ready
from regulars.domain.delivery.recipients import Recipient
from regulars.domain.messages.rendering import Unsendable


class RecipientSource(Protocol):
    """Whom to send to, in windows that never change, and what."""

    def windows(self) -> Iterator[tuple[int, Sequence[Recipient]]]:
        """The place of each window's first recipient, and its recipients."""
        ...

    def message(self, ready: Ready, message_id: str, now: datetime) -> bytes | Unsendable:
        """FCM's request body for one recipient."""
        ...
