"""A standard queue whose costs do not grow with its depth and that loses nothing. `sqs.install` puts it into moto.

Visible messages, hidden ones and receipt handles are kept apart, under one lock.
"""

import copy
import heapq
import itertools
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Any

from moto.sqs import models
from moto.sqs.exceptions import ReceiptHandleIsInvalid

from local.runtime import faults

# One lock for all queues: each operation takes microseconds, and a move to a dead-letter queue needs two of them.
lock = threading.RLock()

DELETED_RECEIPTS = 1000
"""So many are remembered: who deletes a message twice does so at once."""

_Hidden = tuple[float, models.Message]  # until when, in moto's milliseconds
_Counts = tuple[int, int, int]  # visible, delayed, in flight


def _now() -> float:
    """Milliseconds, moto's unit of time for messages."""
    return time.time() * 1000.0


class StandardQueue(models.Queue):
    """A queue whose messages are in one of three places: `_ready` (oldest first), `_delayed` or `_in_flight`, until a
    moment.
    """

    def __init__(self, name: str, region: str, account_id: str, **attributes: Any) -> None:
        super().__init__(name, region, account_id, **attributes)
        self._messages_lock = threading.Condition(lock)
        self._past: deque[tuple[float, _Counts]] = deque()
        self._arrivals = itertools.count()
        self._deleted: deque[str] = deque(maxlen=DELETED_RECEIPTS)
        self._forget_all()

    def _forget_all(self) -> None:
        self._ready: OrderedDict[str, models.Message] = OrderedDict()
        self._delayed: dict[str, _Hidden] = {}
        self._in_flight: dict[str, _Hidden] = {}
        self._due: list[tuple[float, int, str]] = []  # a heap; may hold outdated entries, the two above decide
        self._by_receipt: dict[str, models.Message] = {}

    def _hide(self, message: models.Message, until: float) -> None:
        self._ready.pop(message.id, None)
        place = self._in_flight if message.approximate_receive_count else self._delayed
        place[message.id] = (until, message)
        heapq.heappush(self._due, (until, next(self._arrivals), message.id))

    def _reveal_due(self) -> None:
        now = _now()
        while self._due and self._due[0][0] <= now:
            until, _, message_id = heapq.heappop(self._due)
            for place in (self._delayed, self._in_flight):
                if message_id in place and place[message_id][0] == until:
                    self._ready[message_id] = place.pop(message_id)[1]

    def add_message(self, message: models.Message) -> None:
        with self._messages_lock:
            if message.delayed_until > _now():
                self._hide(message, message.delayed_until)
            else:
                self._ready[message.id] = message
            self._changed()
            self._messages_lock.notify_all()

    def receive(
        self,
        count: int,
        wait_seconds: float,
        visibility_seconds: float,
        accept: Callable[[models.Message], bool] = lambda message: True,
    ) -> list[models.Message]:
        """Up to `count` messages, now hidden for a while; waits for the first one. Stops before one that `accept`
        refuses.

        The messages are copies: what a caller changes in them stays with the caller.
        """
        end = time.monotonic() + wait_seconds
        with self._messages_lock:
            while True:
                self._reveal_due()
                received = self._take(count, visibility_seconds, accept)
                self._changed()
                left = end - time.monotonic()
                if received or self._ready or left <= 0:
                    return received
                if self._due:
                    left = min(left, max(0.001, (self._due[0][0] - _now()) / 1000.0))
                self._messages_lock.wait(left)

    def _take(self, count: int, visibility_seconds: float, accept: Callable[[models.Message], bool]) -> list[models.Message]:
        taken: list[models.Message] = []
        while self._ready and len(taken) < count:
            message = next(iter(self._ready.values()))
            if message.sent_timestamp + self.message_retention_period * 1000 < _now():
                self._forget(message)
            elif self._is_spent(message):
                self._forget(message)
                if self.fifo_queue:  # its own id, so that none is lost of two which were sent by the same deduplication id
                    message.deduplication_id = message.id
                self.dead_letter_queue.add_message(message)
            elif accept(message):
                message.mark_received(visibility_timeout=int(visibility_seconds))
                self._by_receipt[message.receipt_handle] = message
                # Hidden even for 0 seconds: the same answer must not hold a message twice.
                self._hide(message, _now() + visibility_seconds * 1000)
                taken.append(copy.copy(message))
            else:
                break
        return taken

    def take_visible(self) -> list[models.Message]:
        """All that are visible now, oldest first; the queue has them no more."""
        with self._messages_lock:
            self._reveal_due()
            taken = list(self._ready.values())
            for message in taken:
                self._forget(message)
            self._changed()
            return taken

    def _is_spent(self, message: models.Message) -> bool:
        return (
            self.dead_letter_queue is not None
            and bool(self.redrive_policy)
            and message.approximate_receive_count >= self.redrive_policy["maxReceiveCount"]
        )

    def _forget(self, message: models.Message) -> None:
        for place in (self._ready, self._delayed, self._in_flight):
            place.pop(message.id, None)
        for receipt in message.all_receipt_handles:
            self._by_receipt.pop(receipt or "", None)

    def delete_message(self, receipt_handle: str) -> None:
        with self._messages_lock:
            if receipt_handle in self._deleted:
                return
            message = self._by_receipt.get(receipt_handle)
            if message is None:
                raise ReceiptHandleIsInvalid()
            self._deleted.extend(receipt for receipt in message.all_receipt_handles if receipt)
            self._forget(message)
            self._changed()

    def change_visibility(self, receipt_handle: str, visibility_seconds: int) -> None:
        with self._messages_lock:
            message = self._by_receipt.get(receipt_handle)
            if message is None:
                raise ReceiptHandleIsInvalid()
            message.visible_at = _now() + visibility_seconds * 1000
            self._hide(message, message.visible_at)
            self._changed()
            self._messages_lock.notify_all()

    def purge(self) -> None:
        with self._messages_lock:
            self._forget_all()
            self._changed()

    def all_messages(self) -> list[models.Message]:
        """Copies of all that nobody has deleted: visible, delayed or in somebody's hands."""
        with self._messages_lock:
            hidden = [message for place in (self._delayed, self._in_flight) for _, message in place.values()]
            return [copy.copy(message) for message in (*self._ready.values(), *hidden)]

    @property
    def depth(self) -> _Counts:
        """How many are visible, delayed and in flight, as it is."""
        with self._messages_lock:
            self._reveal_due()
            return len(self._ready), len(self._delayed), len(self._in_flight)

    @property
    def oldest_age(self) -> float | None:
        """Seconds since the oldest message was sent, whoever has it; None where there is none."""
        sent = [message.sent_timestamp for message in self.all_messages()]
        return max(0.0, _now() - min(sent)) / 1000 if sent else None

    def _changed(self) -> None:
        """Remembers the counts for as long as they are told late; before the first change there was nothing."""
        lag = faults.current().queue_lag * 1000
        if not lag:
            self._past.clear()
            return
        if not self._past:
            self._past.append((0.0, (0, 0, 0)))
        now = _now()
        self._past.append((now, self.depth))
        while len(self._past) > 1 and self._past[1][0] <= now - lag:
            self._past.popleft()

    def _told(self, place: int) -> int:
        """A count as GetQueueAttributes tells it: approximate, and true only a while after the last change (API_GetQueueAttributes.html)."""
        with self._messages_lock:
            self._changed()
            return self._past[0][1][place] if self._past else self.depth[place]

    @property
    def messages(self) -> list[models.Message]:
        with self._messages_lock:
            self._reveal_due()
            return list(self._ready.values())

    @property
    def approximate_number_of_messages(self) -> int:
        return self._told(0)

    @property
    def approximate_number_of_messages_delayed(self) -> int:
        return self._told(1)

    @property
    def approximate_number_of_messages_not_visible(self) -> int:
        return self._told(2)
