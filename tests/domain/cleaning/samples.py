"""Events on their way through cleaning."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from regulars.domain.cleaning.cleaned import cleaned
from regulars.domain.cleaning.standards import Standards
from regulars.domain.collection.event import Event
from regulars.domain.collection.events import Envelope, normalised

RECEIVED = datetime(2026, 11, 21, 10, tzinfo=UTC)
ENVELOPE = Envelope("message-1", "shop", RECEIVED, "2026-11-21 10:00:00.000", None, None)


def clean(standards: Standards | None = None, **sent: Any) -> Event:
    """What becomes of a track of `u-1` with these fields."""
    event = {"type": "track", "event": "Order Completed", "userId": "u-1", "messageId": "m-1", **sent}
    return cleaned(normalised(event, ENVELOPE, 3), event, ENVELOPE, standards or Standards())


def corrections(event: Event) -> Mapping[str, tuple[str, Any]]:
    """By path, the rule and what had been sent."""
    return {correction.path: (correction.rule, correction.was) for correction in event.corrections}
