"""One event, checked and standardised: what the lake keeps of it, and what it changes in its person's profile."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import orjson

from regulars.domain.collection.change import Change
from regulars.domain.collection.moments import iso, lake_time
from regulars.domain.documents import JsonObject
from regulars.domain.lake.event_names import OTHER

RawRow = Mapping[str, str]
"""Columns of `raw_events` by name; a column without a value is absent. Times are UTC text, objects are JSON text."""


@dataclass(frozen=True, slots=True)
class DeviceSeen:
    """The device that an event came from, as far as it said: a token without an id has one made of it."""

    id: str | None
    token: str | None
    platform: str | None


class Event(NamedTuple):
    """`name` is that of a track call, else its type; `happened` is in UTC; `received_ts` is a lake time. Objects may be empty.

    A tuple, because one is made for each event that ever comes: a frozen dataclass takes three times as long.
    """

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

    def row(self, *, own_partition: bool = True) -> RawRow:
        """As `raw_events` keeps it, under its own name or among all others (`lake.event_names`)."""
        row = {
            "message_id": self.message_id,
            "type": self.type,
            "event_name": self.name if own_partition else OTHER,
            "event_ts": lake_time(self.happened),
            "received_ts": self.received_ts,
        }
        if not own_partition:
            row["other_name"] = self.name
        if self.user_id is not None:
            row["user_id"] = self.user_id
        if self.anonymous_id is not None:
            row["anonymous_id"] = self.anonymous_id
        if self.properties:
            row["properties"] = orjson.dumps(self.properties).decode()
        if self.traits:
            row["traits"] = orjson.dumps(self.traits).decode()
        if self.context:
            row["context"] = orjson.dumps(self.context).decode()
        return row if self.device is None else {**row, **_columns(self.device)}

    def change(self) -> Change | None:
        """What it changes in a profile: None unless it is of a known person and an identify or a device with a token."""
        device, identifies = self.device or _NO_DEVICE, self.type == "identify"
        if self.user_id is None or not (identifies or device.token):
            return None
        return Change(self.user_id, iso(self.happened), self.traits if identifies else {}, device.id, device.token, device.platform)


_NO_DEVICE = DeviceSeen(None, None, None)


def _columns(device: DeviceSeen) -> RawRow:
    columns = {"device_id": device.id, "device_token": device.token, "platform": device.platform}
    return {column: text for column, text in columns.items() if text is not None}
