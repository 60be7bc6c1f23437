"""Which device an event came from, what leads a push to it, and who uses it: docs/devices.md.

What is read from where:

    device id           context.device.id           or `device_id` of a registration's properties; else it is made of the target
    token               context.device.token        or `token` of a registration's properties
    fid                 context.device.fid          or `fid` of a registration's properties
    platform            context.device.type         or `platform` or `type` of a registration's properties
    locale, time zone   context.locale, context.timezone
    version of the app  context.app.version
    notifications       context.device.push_enabled, or `push_enabled` of a registration's properties
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple

from regulars.domain.collection.identifiers import MAX_LENGTH, tidy
from regulars.domain.documents import JsonObject
from regulars.domain.lake.device_events import DELETIONS, LOGOUTS, REGISTRATIONS

MAX_TARGET_LENGTH: Final = 4096
"""Characters of a token. FCM's have no stated limit (some 160 today); more than a whole message may have is none."""


@dataclass(frozen=True, slots=True)
class PushTarget:
    """Where FCM finds an app: by a registration token, or by a Firebase installation id, which takes the token's place
    (https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages)."""

    kind: Literal["token", "fid"]
    value: str


class DeviceSeen(NamedTuple):
    """The device that an event came from, as far as it said; without an id nothing is kept of it but its platform.

    `registers`: it says what leads to the device, which is `target`, or that nothing does any more. `signed_out`: nobody uses it from then on.
    `push_enabled`: whether its system shows what the app is sent, as Customer.io's SDKs say it with each registration, in words
    (https://github.com/customerio/customerio-ios, `DeviceAttributesProvider.swift`); Segment's and Rudder's say nothing of it.
    """

    id: str | None
    target: PushTarget | None = None
    platform: str | None = None
    locale: str | None = None
    timezone: str | None = None
    app_version: str | None = None
    registers: bool = False
    signed_out: bool = False
    push_enabled: bool | None = None


class Sighting(NamedTuple):
    """One event of a device: when (`at` and `tie` as in `change`), who used it then, and what it said. Of nobody: signed out, or anonymous."""

    at: str
    tie: str
    user_id: str | None
    device: DeviceSeen


def device_of(name: str, context: JsonObject, properties: JsonObject) -> DeviceSeen | None:
    """The device of a call of this name. None where it tells of none; what makes no sense as a device is none."""
    stated = context.get("device")
    told: Mapping[str, Any] = stated if isinstance(stated, dict) else {}
    if name in REGISTRATIONS:
        told = {**told, **_registered(properties)}
    if not told:
        return None
    target = None if name in DELETIONS else _target(told)
    identity = _text(told.get("id")) or made_id(_target(told))
    platform, app = _text(told.get("type")), context.get("app")
    if identity is None and platform is None:
        return None
    return DeviceSeen(
        identity,
        target,
        platform.lower() if platform else None,
        _text(context.get("locale")),
        _text(context.get("timezone")),
        _text(app.get("version")) if isinstance(app, dict) else None,
        target is not None or name in DELETIONS,
        name in LOGOUTS,
        _yes_or_no(told.get("push_enabled")),
    )


def _registered(properties: JsonObject) -> dict[str, Any]:
    """The properties of a registration, under the names that `context.device` has for them."""
    names = {"token": "token", "fid": "fid", "device_id": "id", "type": "type", "platform": "type", "push_enabled": "push_enabled"}
    return {ours: properties[theirs] for theirs, ours in names.items() if properties.get(theirs) is not None}


def _target(told: Mapping[str, Any]) -> PushTarget | None:
    """An app that tells its installation id has gone over to it, whatever token stands beside it."""
    if fid := _text(told.get("fid")):
        return PushTarget("fid", fid)
    token = _text(told.get("token"), MAX_TARGET_LENGTH)
    return PushTarget("token", token) if token else None


def made_id(target: PushTarget | None) -> str | None:
    """Of a device without an id: it is known by what leads to it."""
    return f"{target.kind}:{hashlib.sha256(target.value.encode()).hexdigest()[:16]}" if target else None


def _yes_or_no(value: Any) -> bool | None:
    """True or false, or their words; None for anything else."""
    return value if isinstance(value, bool) else {"true": True, "false": False}.get(value) if isinstance(value, str) else None


def _text(value: Any, longest: int = MAX_LENGTH) -> str | None:
    """Trimmed; None where it is no text that can be kept."""
    if not isinstance(value, str):
        return None
    trimmed = tidy(value)
    return trimmed if trimmed and len(trimmed) <= longest and trimmed.isprintable() else None
