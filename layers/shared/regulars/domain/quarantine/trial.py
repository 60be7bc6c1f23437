"""Whether a refused event would be a row now, with a repair or without."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from regulars.domain.collection.events import Envelope, enveloped
from regulars.domain.collection.json_text import parsed_exactly, written
from regulars.domain.collection.message import Delivery
from regulars.domain.collection.rejection import EventRejectedError, lacks_message_id
from regulars.domain.errors import InvalidRequestError
from regulars.domain.quarantine.entry import Entry
from regulars.domain.quarantine.repair import Repair, RepairError

NOT_REPAIRABLE: Final = "not_repairable"
"""The repair cannot be made, or there is no event to make it on."""


Accept = Callable[[Any, Envelope], object]
"""Takes an event of that request as it becomes a row. Raises EventRejectedError."""


@dataclass(frozen=True)
class Good:
    """What is sent again: `text` is JSON, with the message id that the event has for good."""

    entry: Entry
    text: bytes


@dataclass(frozen=True)
class StillRefused:
    """`reason` is one of REASONS, or NOT_REPAIRABLE."""

    entry: Entry
    reason: str
    message: str


def tried(entry: Entry, repair: Repair, accept: Accept) -> Good | StillRefused:
    """As `accept` takes it, had it come like this when it came.

    An event that was given no message id keeps the one that was made of its queue message, which is the entry's own id: however often it is sent
    again, the lake knows it.
    """
    if entry.text is None:
        why = "it is too large to be sent again" if entry.characters else "it is not an event but what could not be read as one"
        return StillRefused(entry, NOT_REPAIRABLE, why)
    try:
        text = _mended(entry, repair)
        received = datetime.fromisoformat(entry.at)
        envelope, events = enveloped(Delivery(entry.id, received, entry.source, entry.verb, {"batch": [parsed_exactly(text)]}))
        for event in events:
            accept(event, envelope)
    except (RepairError, InvalidRequestError) as error:
        return StillRefused(entry, NOT_REPAIRABLE, str(error))
    except EventRejectedError as error:
        return StillRefused(entry, error.reason, str(error))
    return Good(entry, text)


def _mended(entry: Entry, repair: Repair) -> bytes:
    event: Any = parsed_exactly((entry.text or "").encode())
    if not isinstance(event, dict):
        raise EventRejectedError("not_an_object", "the event is not a JSON object, which no repair changes")
    repair.mend(event)
    if lacks_message_id(event):
        event["messageId"] = entry.id
    return written(event)
