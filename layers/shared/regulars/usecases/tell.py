"""Telling what the platform did, as events that come by the way that every event comes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from regulars.domain.collection.body import Body
from regulars.domain.collection.json_text import written
from regulars.domain.collection.message import packed
from regulars.domain.documents import JsonObject
from regulars.domain.lake.tables import OWN_SOURCE
from regulars.ports import EventQueue

EVENTS: Final = 500
"""In a message of the queue: of the longest ids about half of what it takes."""


def tell(events: Sequence[JsonObject], *, queue: EventQueue, now: datetime) -> None:
    """Returns when the queue has all of them. Raises QueueUnavailableError, TooManyRequestsError."""
    for start in range(0, len(events), EVENTS):
        body = Body(written({"batch": events[start : start + EVENTS]}), None)
        for message in packed(body, received=now, source=OWN_SOURCE, verb="batch"):
            queue.send(message)
