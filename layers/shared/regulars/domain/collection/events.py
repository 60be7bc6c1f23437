"""One event as a client sent it -> one row of `raw_events` (infra/athena/01_raw_events.sql), or a rejection."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson

from regulars.domain.collection.examination import examine
from regulars.domain.collection.identifiers import identifier, plain_text
from regulars.domain.collection.message import Delivery, events_of
from regulars.domain.collection.moments import happened, lake_time, sending_moment, stated_moment
from regulars.domain.collection.rejection import EventRejectedError

Row = dict[str, str]
"""Columns of `raw_events` by name; a column without a value is absent. Times are UTC text, objects are JSON text."""

TYPES: Final = frozenset({"track", "identify", "page", "screen", "group", "alias"})


@dataclass(frozen=True, slots=True)
class Envelope:
    """What all events of one request share: when it came, and what its client's clock said."""

    received: datetime
    received_ts: str
    sent_at: Any
    sent: datetime | None


def enveloped(delivery: Delivery) -> tuple[Envelope, Iterator[tuple[str, Any]]]:
    """A delivery as its envelope and its events, each with an id made from the queue's own and its place in the batch.

    That id is the event's message id where it brings none (a redelivered message gives the same ones, two equal requests do not), and its
    quarantine id. Batch-level `context` and `integrations` are merged into each event; what the event says itself wins.
    """
    document, verb = delivery.document, delivery.verb
    sent_at = document.get("sentAt")
    envelope = Envelope(delivery.received, lake_time(delivery.received), sent_at, sending_moment(sent_at))
    shared = {name: value for name in ("context", "integrations") if isinstance(value := document.get(name), dict) and value}
    inherited: dict[str, Any] = shared if verb == "batch" else {"type": verb}
    return envelope, _identified(delivery.identity, (_inheriting(event, inherited) for event in events_of(document, verb)))


def normalised(event: Any, envelope: Envelope, fallback_id: str) -> Row:
    """The row of an event; `fallback_id` is its message id where it brings none. Takes write keys out of `event`, in place.

    Raises EventRejectedError with one of REASONS.
    """
    if not isinstance(event, dict):
        raise EventRejectedError("not_an_object", f"the event is a JSON {_kind_of(event)}, not an object")
    examine(event)
    kind = event.get("type")
    if not isinstance(kind, str) or kind not in TYPES:
        raise EventRejectedError("unknown_type", f"type {str(kind)[:60]!r} is none of {', '.join(sorted(TYPES))}")
    context = _object(event, "context")
    moment, corrected = _moment(event, envelope)
    row = {
        "message_id": identifier(event.get("messageId"), "messageId") or fallback_id,
        "type": kind,
        "event_name": _event_name(event) if kind == "track" else kind,
        "event_ts": lake_time(moment),
        "received_ts": envelope.received_ts,
        **_people(event),
    }
    if properties := _properties(event, kind):
        row["properties"] = _json(properties)
    if kind in ("identify", "group") and (traits := _traits(event, context, kind)):
        row["traits"] = _json(traits)
    if device := context.get("device"):
        row.update(_device(device))
    if kept := {**context, "clock": corrected} if corrected else context:
        row["context"] = _json(kept)
    return row


def _identified(identity: str, events: Iterator[Any]) -> Iterator[tuple[str, Any]]:
    for index, event in enumerate(events):
        yield hashlib.sha256(f"{identity}|{index}".encode()).hexdigest()[:32], event


def _inheriting(event: Any, inherited: dict[str, Any]) -> Any:
    if not inherited or not isinstance(event, dict):
        return event
    merged = {**event}
    for name, value in inherited.items():
        own = event.get(name)
        if own is None or name == "type":
            merged[name] = value
        elif isinstance(own, dict):
            merged[name] = {**value, **own}
    return merged


def _event_name(event: dict[str, Any]) -> str:
    stated = event.get("event")
    name = plain_text(stated, "event", "missing_event_name") if isinstance(stated, str) else None
    if name is None:
        raise EventRejectedError("missing_event_name", "a track event needs a name, as text, in `event`")
    return name


def _people(event: dict[str, Any]) -> Row:
    user_id = identifier(event.get("userId"), "userId")
    anonymous_id = identifier(event.get("anonymousId"), "anonymousId")
    if user_id is None and anonymous_id is None:
        raise EventRejectedError("missing_id", "one of userId and anonymousId is needed")
    ids = {"user_id": user_id, "anonymous_id": anonymous_id}
    return {name: value for name, value in ids.items() if value is not None}


def _moment(event: dict[str, Any], envelope: Envelope) -> tuple[datetime, dict[str, Any] | None]:
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
    moment = happened(stated, sent, envelope.received)
    if stated is None or moment == stated:
        return moment, None
    return moment, {"timestamp": written, "sentAt": sent_at or envelope.sent_at}


def _properties(event: dict[str, Any], kind: str) -> dict[str, Any]:
    """The event's properties, and with them those fields of other calls that have no column of their own."""
    properties = _object(event, "properties")
    match kind:
        case "page" | "screen":
            extra = {name: event[name] for name in ("name", "category") if event.get(name) is not None}
        case "group":
            extra = {"groupId": group} if (group := identifier(event.get("groupId"), "groupId")) else {}
        case "alias":
            extra = {"previousId": previous} if (previous := identifier(event.get("previousId"), "previousId")) else {}
        case _:
            return properties
    return {**extra, **properties}


def _traits(event: dict[str, Any], context: dict[str, Any], kind: str) -> dict[str, Any]:
    """Rudder's libraries put the traits of an identify into its context only."""
    traits = _object(event, "traits")
    if traits or kind != "identify":
        return traits
    return _object(context, "traits")


def _device(device: Any) -> Row:
    """Which device this is. One without an id is known by its push token. A device that makes no sense is no device."""
    if not isinstance(device, dict):
        return {}
    token, identity, platform = (_text_or_none(device.get(name)) for name in ("token", "id", "type"))
    if identity is None and token is not None:
        identity = f"token:{hashlib.sha256(token.encode()).hexdigest()[:16]}"
    columns = {"device_id": identity, "device_token": token, "platform": platform and platform.lower()}
    return {name: value for name, value in columns.items() if value}


def _text_or_none(value: Any) -> str | None:
    return value if isinstance(value, str) and value.strip() and value.isprintable() else None


def _object(holder: dict[str, Any], name: str) -> dict[str, Any]:
    value = holder.get(name)
    if value is None:
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


def _json(value: dict[str, Any]) -> str:
    return orjson.dumps(value).decode()
