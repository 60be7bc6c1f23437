"""One event, checked and standardised: what the lake keeps of it, and what it changes in its person's profile."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import orjson

from regulars.domain.collection.change import Change
from regulars.domain.collection.moments import iso, lake_time
from regulars.domain.documents import JsonObject

RawRow = Mapping[str, str]
"""Columns of `raw_events` by name; a column without a value is absent. Times are UTC text, objects are JSON text."""


@dataclass(frozen=True, slots=True)
class DeviceSeen:
    """The device that an event came from, as far as it said: a token without an id has one made of it."""

    id: str | None
    token: str | None
    platform: str | None


@dataclass(frozen=True, slots=True)
class Event:
    """`name` is that of a track call, else its type; `happened` is in UTC; `received_ts` is a lake time. Objects may be empty."""

    message_id: str
    type: str
    name: str
    happened: datetime
    received_ts: str
    user_id: str | None
    anonymous_id: str | None
    properties: JsonObject
    traits: JsonObject
    context: JsonObject
    device: DeviceSeen | None

    def row(self) -> RawRow:
        """As `raw_events` keeps it."""
        device = self.device or _NO_DEVICE
        texts = {
            "message_id": self.message_id,
            "type": self.type,
            "event_name": self.name,
            "event_ts": lake_time(self.happened),
            "received_ts": self.received_ts,
            "user_id": self.user_id,
            "anonymous_id": self.anonymous_id,
            "properties": _json(self.properties),
            "traits": _json(self.traits),
            "context": _json(self.context),
            "device_id": device.id,
            "device_token": device.token,
            "platform": device.platform,
        }
        return {name: text for name, text in texts.items() if text is not None}

    def change(self) -> Change | None:
        """What it changes in a profile: None unless it is of a known person and an identify or a device with a token."""
        device = self.device or _NO_DEVICE
        identifies = self.type == "identify"
        if self.user_id is None or not (identifies or device.token):
            return None
        return Change(self.user_id, iso(self.happened), self.traits if identifies else {}, device.id, device.token, device.platform)


_NO_DEVICE = DeviceSeen(None, None, None)


def _json(value: JsonObject) -> str | None:
    return orjson.dumps(value).decode() if value else None
