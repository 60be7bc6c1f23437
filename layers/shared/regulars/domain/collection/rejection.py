"""Events that cannot become rows: the closed list of reasons, and the record that quarantine keeps of each."""

import base64
import hashlib
from typing import Any, Final

import orjson

from regulars.domain.collection.json_text import written
from regulars.domain.collection.keys import masked, remove_keys

REASONS: Final = {
    "unreadable_message": "the queue message is not one that collect writes",
    "unreadable_line": "a line of an imported file is neither JSON nor a row of CSV, or is not in its file's encoding",
    "unmappable_row": "a row of an imported file does not become the event that its mapping says",
    "not_an_object": "the event is not a JSON object",
    "unknown_type": "the type is none of track, identify, page, screen, group, alias",
    "missing_event_name": "a track event needs a name in `event`",
    "invalid_event_name": "the event's name is not plain text of at most 255 characters",
    "event_name_too_long": "the event's name takes over 768 bytes in the lake's paths, where a letter beyond ASCII takes 6 to 12",
    "missing_id": "neither userId nor anonymousId is given",
    "invalid_id": "an id is not plain text of at most 255 characters",
    "placeholder_id": "the only id is nobody's: undefined, null, zeros, or another that a client's mistake leaves",
    "invalid_field": "properties, traits or context is not a JSON object",
    "impossible_timestamp": "the timestamp is not ISO 8601, before 1990, or in the future",
    "invalid_text": "a text holds NUL, half of a surrogate pair, or bytes that are not UTF-8",
    "number_out_of_range": "a number is NaN, infinite, beyond what a double can hold, or has more digits than can be kept: send those as text",
    "plan_violation": "the event is not as its source's tracking plan says, and the plan wants such events here",
    "event_too_deep": "objects and arrays are nested too deeply",
    "event_too_large": "the event is over 32 KiB",
}
"""Every reason code with its meaning, for documentation and the command line."""

_LONGEST_NAME: Final = 255
"""Characters of a name that quarantine lists an event under."""


class EventRejectedError(Exception):
    """This event cannot become a row. `reason` is one of REASONS; the text says what and where. Never leaves the use case."""

    def __init__(self, reason: str, message: str) -> None:
        if reason not in REASONS:
            raise ValueError(f"unknown reason {reason}; REASONS lists them all")
        super().__init__(message)
        self.reason = reason


def quarantine_id(event: Any, *, source: str, reason: str, made: str) -> str:
    """The id of an event in quarantine: that of its message and content, so that what a client sends again is one, or where it gave no message id
    that which was `made` for its place in the request. Takes write keys out of the event, in place.

    When a request was sent says nothing of what it holds, and clients say it anew. The reason is part of it: what is refused for another one after
    its replay is not what was replayed.
    """
    if not isinstance(event, dict) or lacks_message_id(event):
        return made
    remove_keys(event)
    content = written({name: value for name, value in event.items() if name != "sentAt"})
    return hashlib.sha256(f"{source}|{reason}|".encode() + content).hexdigest()[:32]


def lacks_message_id(event: dict[str, Any]) -> bool:
    """Whether its client gave it none, so that it gets one by its place in the request (`events.Envelope.event_id`)."""
    stated = event.get("messageId")
    return stated is None or (isinstance(stated, str) and not stated.strip())


def quarantined_event(error: EventRejectedError, event: Any, *, identity: str, at: str, source: str, place: int, historical: bool = False) -> bytes:
    """One NDJSON line of `quarantined_events`: the event whole (but for write keys), with its reason. The same event again gets the same `identity`.
    `historical` if whoever sent it said that it is of the past.

    The event is its JSON as text: what JSON can hardly carry (half surrogates, hundreds of levels) must not make the line unreadable.
    """
    remove_keys(event)
    event = masked(event) if isinstance(event, str) else event
    record = {"id": identity, "at": at, "source": source, "reason": error.reason, "message": _carried(masked(str(error))), "place": place}
    name = _called(event)
    return orjson.dumps(
        {**record, **({"event_name": name} if name else {}), **({"historical": True} if historical else {}), "text": written(event).decode()},
        option=orjson.OPT_APPEND_NEWLINE,
    )


def _called(event: Any) -> str | None:
    """What the event is called, as far as it says: a track call by its name, another by its type."""
    if not isinstance(event, dict):
        return None
    said = [event.get("event"), event.get("type")] if event.get("type") == "track" else [event.get("type")]
    return next((_carried(name[:_LONGEST_NAME]) for name in said if isinstance(name, str) and name.strip()), None)


def _carried(text: str) -> str:
    """As UTF-8 can carry it, and a terminal can show it: what a client called something may hold anything."""
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode("ascii") for each in text)


def quarantined_bytes(message: str, content: bytes, *, at: str) -> bytes:
    """One NDJSON line for a queue message that cannot be read at all: what is `legible` of it is kept in base64 as `raw`, but for write keys."""
    content = masked(content.decode("latin-1")).encode("latin-1")
    record = {
        "id": hashlib.sha256(content).hexdigest()[:32],
        "at": at,
        "source": "",
        "reason": "unreadable_message",
        "message": _carried(masked(message)),
        "raw": base64.b64encode(content).decode(),
    }
    return orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE)
