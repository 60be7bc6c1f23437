"""A FIFO queue: messages of one group come one after the other, and one that was sent before is not there twice.

AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-understanding-logic.html: one call may give several messages of a group, in their order;
while any of a group is in somebody's hands, nobody gets more of it. `sqs.install` puts it into moto.
"""

import itertools
import time
from collections.abc import Callable
from typing import Any

from moto.sqs import models

from local.runtime.sqs_queue import StandardQueue

REMEMBERED_SECONDS = 300
"""So long a deduplication id is known, whatever became of its message
(AWSSimpleQueueService/latest/SQSDeveloperGuide/using-messagededuplicationid-property.html)."""


class FifoQueue(StandardQueue):
    """`DeduplicationScope` decides whether an id is known in its group or in the whole queue."""

    def __init__(self, name: str, region: str, account_id: str, **attributes: Any) -> None:
        self._known: dict[tuple[str, str], float] = {}
        self._sequence = itertools.count(1)
        super().__init__(name, region, account_id, **attributes)

    def add_message(self, message: models.Message) -> None:
        """What was known already is accepted, and not there a second time."""
        with self._messages_lock:
            now = time.monotonic()
            self._known = {key: until for key, until in self._known.items() if until > now} if len(self._known) > 1_000 else self._known
            scope = message.group_id if self.deduplication_scope == "messageGroup" else ""
            key = scope or "", message.deduplication_id or ""
            if self._known.get(key, 0.0) > now:
                return
            self._known[key] = now + REMEMBERED_SECONDS
            message.sequence_number = f"{next(self._sequence):020d}"
            super().add_message(message)

    def _take(self, count: int, visibility_seconds: float, accept: Callable[[models.Message], bool]) -> list[models.Message]:
        busy = {message.group_id for _, message in self._in_flight.values()}
        held = {message_id: message for message_id, message in self._ready.items() if message.group_id in busy}
        for message_id in held:
            del self._ready[message_id]
        try:
            return super()._take(count, visibility_seconds, accept)
        finally:
            self._ready.update(held)  # behind the other groups, and as they were among themselves

    def _reveal_due(self) -> None:
        """What comes back goes before what was sent after it."""
        before = len(self._ready)
        super()._reveal_due()
        if len(self._ready) > before:
            for message_id in sorted(self._ready, key=lambda each: self._ready[each].sequence_number or ""):
                self._ready.move_to_end(message_id)
