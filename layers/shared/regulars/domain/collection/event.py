"""One event, checked and standardised: what the lake keeps of it, and what it changes in its person's profile."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple

import orjson

from regulars.domain.collection.change import Change, anonymous_key, message_of, tie
from regulars.domain.collection.consent_calls import CONSENT_CALLS, told_traits
from regulars.domain.collection.device import DeviceSeen, Sighting
from regulars.domain.collection.moments import iso, lake_time
from regulars.domain.documents import JsonObject
from regulars.domain.lake.event_names import OTHER

RawRow = Mapping[str, str | int | bool]
"""Columns of `raw_events` by name; a column without a value is absent. Times are UTC text, objects and lists are JSON text."""

Traffic = Literal["bot", "test"]


@dataclass(frozen=True, slots=True)
class Correction:
    """A value that was standardised: where it stands (`traits.email`), by which rule, and what the client had sent."""

    path: str
    rule: str
    was: Any


@dataclass(frozen=True, slots=True)
class Violation:
    """Where an event breaks the tracking plan, and how."""

    path: str
    message: str


class Event(NamedTuple):
    """`name` is that of a track call, else its type; `happened` is in UTC; `received_ts` is a lake time. Objects may be empty.

    `source` is the name of whoever sent it, `place` its place in the request. `historical` says that its client told of the past: it triggers
    nothing. `traffic` is set where it is not a customer's.

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
    source: str = ""
    place: int = 0
    corrections: tuple[Correction, ...] = ()
    violations: tuple[Violation, ...] = ()
    traffic: Traffic | None = None
    historical: bool = False

    def row(self, *, own_partition: bool = True) -> RawRow:
        """As `raw_events` keeps it, under its own name or among all others (`lake.event_names`)."""
        row: dict[str, str | int | bool] = {
            "message_id": self.message_id,
            "type": self.type,
            "event_name": self.name if own_partition else OTHER,
            "event_ts": lake_time(self.happened),
            "received_ts": self.received_ts,
            "source": self.source,
            "place": self.place,
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
        if self.device is not None:
            row.update(_columns(self.device))
        if self.corrections or self.violations or self.traffic or self.historical:
            row.update(self._findings())
        return row

    def _findings(self) -> RawRow:
        """What few events have."""
        lists = {"corrections": self.corrections, "violations": self.violations}
        found: dict[str, str | int | bool] = {name: orjson.dumps(each).decode() for name, each in lists.items() if each}
        if self.traffic:
            found["traffic"] = self.traffic
        if self.historical:
            found["historical"] = True
        return found

    def change(self) -> Change | None:
        """What it changes in a profile: None unless it is an identify, or of a known person and a device with a target. An anonymous identify
        changes what its anonymous id told, if it says anything."""
        device, identifies = self.device, self.type == "identify"
        if not (identifies or (device and device.target)):
            return None
        traits, device_id, whose = self.traits if identifies else {}, device.id if device else None, self.user_id
        if whose is None:
            if not traits or self.anonymous_id is None:
                return None
            device_id, whose = None, anonymous_key(self.anonymous_id)
        message = message_of(self.message_id, self.anonymous_id)
        return Change(whose, iso(self.happened), traits, device_id, tie(self.received_ts, self.place, message))

    def told_consent(self) -> "Event | None":
        """The identify that a track call about consent comes to: it has the same message id, moment and source, and tells the call's name, so that
        the history of a consent says where each word came from."""
        if self.name not in CONSENT_CALLS or self.type != "track":
            return None
        traits = told_traits(self.name, self.properties, self.context)
        called = {**self.properties, "event": self.name}
        return self._replace(type="identify", name="identify", traits=traits, properties=called, device=None, corrections=()) if traits else None

    def sighting(self) -> Sighting | None:
        """What it says of the device that it came from."""
        device = self.device
        if device is None or device.id is None:
            return None
        user_id = None if device.signed_out else self.user_id
        return Sighting(iso(self.happened), tie(self.received_ts, self.place, self.message_id), user_id, device)


def _columns(device: DeviceSeen) -> Mapping[str, str]:
    columns = {"device_id": device.id, "platform": device.platform}
    if device.target:
        columns[f"device_{device.target.kind}"] = device.target.value
    return {column: text for column, text in columns.items() if text is not None}
