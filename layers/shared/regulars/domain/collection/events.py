"""One event as a client sent it -> an `Event` that is fit for the lake, or a rejection."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import orjson

from regulars.domain.collection.device import device_of
from regulars.domain.collection.event import Correction, Event
from regulars.domain.collection.examination import examine
from regulars.domain.collection.identifiers import MAX_LENGTH, event_name, identifier
from regulars.domain.collection.json_text import written
from regulars.domain.collection.keys import masked
from regulars.domain.collection.message import BATCHES, Delivery, events_of
from regulars.domain.collection.moments import HISTORY, STAMPING_AT_SENDING, happened, lake_time, sending_moment, stated_moment
from regulars.domain.collection.rejection import EventRejectedError

TYPES: Final = frozenset({"track", "identify", "page", "screen", "group", "alias"})

_OF_ALL: Final = ("context", "integrations")


@dataclass(frozen=True, slots=True)
class Envelope:
    """What all events of one request share: who sent it, when it came, and what its client's clock said."""

    identity: str
    source: str
    received: datetime
    received_ts: str
    sent_at: Any
    sent: datetime | None
    history: bool = False
    """Whether all of it is of the past by the client's own word."""
    exact: bool = True
    """Whether no number in its events was rounded as they were read."""
    dropped: tuple[Correction, ...] = ()
    """What was said of all events and is no good: it is noted on each, and refuses none."""

    def event_id(self, index: int) -> str:
        """An id for the event at this place in the request, made from the queue message's own.

        A redelivered message gives the same ids; two requests with the same content, even in the same millisecond, do not.
        """
        return hashlib.sha256(f"{self.identity}|{index}".encode()).hexdigest()[:32]


def enveloped(delivery: Delivery) -> tuple[Envelope, Iterable[Any]]:
    """A delivery as its envelope and its events.

    Batch-level `context` and `integrations` are merged into each event; what the event says itself wins. Raises RoundedNumberError where one of them
    has to be read exactly.
    """
    document, verb = delivery.document, delivery.verb
    sent = sending_moment(document.get("sentAt"))
    sent_at = None if sent is None else document["sentAt"]
    received, history = delivery.received, delivery.tells_history
    envelope = Envelope(delivery.identity, delivery.source, received, lake_time(received), sent_at, sent, history, delivery.exact)
    events = events_of(document, verb)
    if verb not in BATCHES:
        return envelope, [{**document, "type": verb}]
    shared, dropped = _shared(document, exact=delivery.exact)
    envelope = replace(envelope, dropped=dropped) if dropped else envelope
    return envelope, [_inheriting(event, shared) for event in events] if any(shared.values()) else events


def normalised(event: Any, envelope: Envelope, index: int) -> Event:
    """The event at `index` of its request. Takes write keys out of it, in place.

    Raises EventRejectedError with one of REASONS, RoundedNumberError where the request has to be read exactly.
    """
    if not isinstance(event, dict):
        raise EventRejectedError("not_an_object", f"the event is a JSON {_kind_of(event)}, not an object")
    examine(event, exact=envelope.exact)
    kind = event.get("type")
    if not isinstance(kind, str) or kind not in TYPES:
        raise EventRejectedError("unknown_type", f"type {str(kind)[:60]!r} is none of {', '.join(sorted(TYPES))}")
    context = _object(event, "context")
    moment, corrected = _moment(event, context, envelope)
    dropped = [*envelope.dropped]
    user_id, anonymous_id = _people(event, dropped)
    name = _event_name(event) if kind == "track" else kind
    traits = _traits(event, context, kind) if kind in ("identify", "group") else {}
    message_id = _message_id(event, dropped) or envelope.event_id(index)
    told = {**context, "clock": corrected} if corrected else context
    properties, received = _properties(event, kind, dropped), envelope.received_ts
    device = device_of(name, context, properties)
    past = envelope.history or envelope.received - moment > HISTORY
    said = properties, traits, told, device, envelope.source, index, tuple(dropped)
    return Event(message_id, kind, name, moment, received, user_id, anonymous_id, *said, historical=past)


def _shared(document: dict[str, Any], *, exact: bool) -> tuple[dict[str, dict[str, Any]], tuple[Correction, ...]]:
    """What a batch says of all its events, and what of that is left out: an event would be refused for it."""
    shared: dict[str, dict[str, Any]] = {}
    dropped: list[Correction] = []
    for name in _OF_ALL:
        try:
            if value := _object(document, name):
                examine({name: value}, exact=exact)
                shared[name] = value
        except EventRejectedError:
            dropped.append(Correction(name, "dropped", _beginning(document[name])))
    return shared, tuple(dropped)


def _beginning(value: Any) -> str:
    """Of its JSON, which may hold anything: enough for people to know it by."""
    return masked(written(value).decode())[:MAX_LENGTH]


def _inheriting(event: Any, shared: dict[str, dict[str, Any]]) -> Any:
    if not isinstance(event, dict):
        return event
    merged = {**event}
    for name, value in shared.items():
        own = event.get(name)
        if own is None or own == []:
            merged[name] = value
        elif isinstance(own, dict):
            merged[name] = {**value, **own}
    return merged


def _event_name(event: dict[str, Any]) -> str:
    stated = event.get("event")
    name = event_name(stated) if isinstance(stated, str) else None
    if name is None:
        raise EventRejectedError("missing_event_name", "a track event needs a name, as text, in `event`")
    return name


def _people(event: dict[str, Any], dropped: list[Correction]) -> tuple[str | None, str | None]:
    """The user id and the anonymous id, at least one of which is there. A bad anonymous id costs no event of a known user."""
    user_id = identifier(event.get("userId"), "userId")
    anonymous_id = _optional(event, "anonymousId", dropped) if user_id is not None else identifier(event.get("anonymousId"), "anonymousId")
    if user_id is None and anonymous_id is None:
        raise EventRejectedError("missing_id", "one of userId and anonymousId is needed")
    return user_id, anonymous_id


def _optional(event: dict[str, Any], name: str, dropped: list[Correction]) -> str | None:
    """An id that the event can do without: one that is none is noted, and left out."""
    try:
        return identifier(event.get(name), name)
    except EventRejectedError:
        dropped.append(Correction(name, "dropped", event[name]))
        return None


def _message_id(event: dict[str, Any], dropped: list[Correction]) -> str | None:
    """One that is no id gives way to one that is made of it, so that a copy is still recognised."""
    found = _optional(event, "messageId", dropped)
    if dropped and dropped[-1].path == "messageId":
        return hashlib.sha256(orjson.dumps(event["messageId"], option=orjson.OPT_SORT_KEYS)).hexdigest()[:32]
    return found


def _moment(event: dict[str, Any], context: dict[str, Any], envelope: Envelope) -> tuple[datetime, dict[str, Any] | None]:
    """When the event happened, and what its client's clock said where that was corrected (kept as `context.clock`).

    Rudder's libraries write `originalTimestamp` for `timestamp`, and a `sentAt` of its own into each event.
    """
    written = event.get("timestamp")
    if written is None:
        written = event.get("originalTimestamp")
    stated = stated_moment(written)
    sent_at, sent = event.get("sentAt"), envelope.sent
    if sent_at is not None:
        sent = sending_moment(sent_at) or sent
    library = context.get("library")
    at_sending = isinstance(library, dict) and library.get("name") in STAMPING_AT_SENDING
    moment = happened(stated, sent, envelope.received, at_sending=at_sending)
    if stated is None or moment == stated:
        return moment, None
    return moment, {"timestamp": written, "sentAt": sent_at or envelope.sent_at}


def _properties(event: dict[str, Any], kind: str, dropped: list[Correction]) -> dict[str, Any]:
    """The event's properties, and with them those fields of other calls that have no column of their own."""
    properties = _object(event, "properties")
    match kind:
        case "track" | "identify":
            return properties
        case "page" | "screen":
            extra = {name: event[name] for name in ("name", "category") if event.get(name) is not None}
        case _:
            name = "groupId" if kind == "group" else "previousId"
            other = _optional(event, name, dropped)
            extra = {} if other is None else {name: other}
    return {**extra, **properties}


def _traits(event: dict[str, Any], context: dict[str, Any], kind: str) -> dict[str, Any]:
    """Rudder's libraries put the traits of an identify into its context only."""
    traits = _object(event, "traits")
    return traits if traits or kind != "identify" else _object(context, "traits")


def _object(holder: dict[str, Any], name: str) -> dict[str, Any]:
    """An empty array is how PHP, Lua and R write an empty object."""
    value = holder.get(name)
    if value is None or value == []:
        return {}
    if not isinstance(value, dict):
        raise EventRejectedError("invalid_field", f"{name} is a JSON {_kind_of(value)}, not an object")
    return value


def _kind_of(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case str():
            return "string"
        case list():
            return "array"
        case _:
            return "number"
