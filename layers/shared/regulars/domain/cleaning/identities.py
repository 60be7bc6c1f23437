"""Whose an event is: ids as they came are noted where they were trimmed, and placeholders are taken out."""

from collections.abc import Mapping
from typing import Any, Final

from regulars.domain.cleaning.placeholders import is_placeholder
from regulars.domain.cleaning.standards import Standards
from regulars.domain.collection.device import DeviceSeen, made_id
from regulars.domain.collection.event import Correction, Event
from regulars.domain.collection.events import Envelope
from regulars.domain.collection.rejection import EventRejectedError

_OTHERS: Final = {"alias": "previousId", "group": "groupId"}
"""Ids among the properties, by type of event."""


def identified(event: Event, sent: Mapping[str, Any], envelope: Envelope, standards: Standards, found: list[Correction]) -> Event:
    """The event without ids that are nobody's; what was `sent` tells what was trimmed.

    Raises EventRejectedError("placeholder_id") where no id is left.
    """
    user_id, anonymous_id, message_id, known = event.user_id, event.anonymous_id, event.message_id, standards.placeholders
    if not event.corrections:  # nothing was dropped at the door
        _note_trimmed(event, sent, found)
    if user_id is not None and is_placeholder(user_id, known):
        found.append(Correction("userId", "placeholder", user_id))
        event = _of_somebody(event._replace(user_id=None), found)
    if anonymous_id is not None and is_placeholder(anonymous_id, known):
        found.append(Correction("anonymousId", "placeholder", anonymous_id))
        event = _of_somebody(event._replace(anonymous_id=None), found)
    if is_placeholder(message_id, known):
        found.append(Correction("messageId", "placeholder", message_id))
        event = event._replace(message_id=envelope.event_id(event.place))
    if event.device is not None:
        event = _with_device(event, event.device, standards, found)
    return _without_other(event, _OTHERS[event.type], standards, found) if event.type in _OTHERS else event


def _note_trimmed(event: Event, sent: Mapping[str, Any], found: list[Correction]) -> None:
    """What was not touched is the very same object, so that this costs little."""
    if sent.get("userId") is not event.user_id:
        _note("userId", sent.get("userId"), event.user_id, found)
    if sent.get("anonymousId") is not event.anonymous_id:
        _note("anonymousId", sent.get("anonymousId"), event.anonymous_id, found)
    if sent.get("messageId") is not event.message_id:
        _note("messageId", sent.get("messageId"), event.message_id, found)
    if event.type == "track" and sent.get("event") is not event.name:
        _note("event", sent.get("event"), event.name, found)


def _note(path: str, was: Any, now: str | None, found: list[Correction]) -> None:
    """Numbers that became text and blanks that became nothing are no corrections."""
    if isinstance(was, str) and now is not None and was != now and was.strip():
        found.append(Correction(path, "trim", was))


def _of_somebody(event: Event, found: list[Correction]) -> Event:
    if event.user_id is None and event.anonymous_id is None:
        raise EventRejectedError("placeholder_id", f"{found[-1].path} {found[-1].was[:60]!r} is nobody's id, and there is no other")
    return event


def _with_device(event: Event, device: DeviceSeen, standards: Standards, found: list[Correction]) -> Event:
    """A device without an id of its own is known by what leads to it; without either it is none."""
    target, identity = device.target, device.id
    _note_trimmed_device(event, device, found)
    if target is not None and is_placeholder(target.value, standards.placeholders):
        found.append(Correction(f"context.device.{target.kind}", "placeholder", target.value))
        identity = None if identity == made_id(target) else identity
        target = None
    if identity is not None and is_placeholder(identity, standards.placeholders):
        found.append(Correction("context.device.id", "placeholder", identity))
        identity = made_id(target)
    if (identity, target) == (device.id, device.target):
        return event
    return event._replace(device=device._replace(id=identity, target=target, registers=device.registers and target is not None))


def _note_trimmed_device(event: Event, device: DeviceSeen, found: list[Correction]) -> None:
    stated = event.context.get("device")
    if not isinstance(stated, Mapping):
        return
    if stated.get("id") is not device.id:
        _note("context.device.id", stated.get("id"), device.id, found)
    if device.target is not None and (sent := stated.get(device.target.kind)) is not device.target.value:
        _note(f"context.device.{device.target.kind}", sent, device.target.value, found)


def _without_other(event: Event, name: str, standards: Standards, found: list[Correction]) -> Event:
    other = event.properties.get(name)
    if not isinstance(other, str) or not other or not is_placeholder(other, standards.placeholders):
        return event
    found.append(Correction(f"properties.{name}", "placeholder", other))
    return event._replace(properties={key: value for key, value in event.properties.items() if key != name})
