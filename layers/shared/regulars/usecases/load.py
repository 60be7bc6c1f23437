"""Bring queue messages into the lake: good events as rows, bad ones to quarantine, people to profiles, devices to what is kept of them."""

import hashlib
import zlib
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import orjson

from regulars.domain.collection.change import Change
from regulars.domain.collection.event import Event
from regulars.domain.collection.events import Envelope, enveloped, normalised
from regulars.domain.collection.message import QueueMessage, UnreadableMessageError, unpacked
from regulars.domain.collection.moments import iso
from regulars.domain.collection.rejection import EventRejectedError, quarantined_bytes, quarantined_event
from regulars.domain.curation import landing
from regulars.domain.errors import StoreUnavailableError
from regulars.domain.lake.event_names import ALWAYS_OWN, OTHER
from regulars.domain.people.device import Sightings
from regulars.ports import Clock, DeviceStore, EventNames, EventQueue, ObjectStore, ProfileStore
from regulars.usecases.merge_devices import merge_devices
from regulars.usecases.merge_profiles import merge_profiles


@dataclass(frozen=True)
class Loaded:
    """What became of the messages' events; `quarantined` counts by reason, `profiles` and `devices` count written ones, `other_names` events whose
    name has no partition of its own.

    `undone` are the identities of the messages that come again, and `trouble` says why, unless it was the time.
    """

    events: int = 0
    quarantined: Mapping[str, int] = field(default_factory=dict)
    profiles: int = 0
    devices: int = 0
    other_names: int = 0
    undone: Sequence[str] = ()
    trouble: str = ""


class _Lines:
    """NDJSON, compressed while it grows: an invocation's rows are never in memory as text, but for those of one message."""

    def __init__(self) -> None:
        self._compressor = zlib.compressobj(1, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
        self._compressed: list[bytes] = []
        self._waiting: list[bytes] = []
        self.count = 0

    def add(self, line: bytes) -> None:
        self._waiting.append(line)

    def squeeze(self) -> None:
        self._compressed.append(self._compressor.compress(b"".join(self._waiting)))
        self.count += len(self._waiting)
        self._waiting.clear()

    def finished(self) -> bytes:
        return b"".join([*self._compressed, self._compressor.flush()])


@dataclass
class _Sorted:
    """Events on their way out."""

    rows: _Lines = field(default_factory=_Lines)
    rejects: _Lines = field(default_factory=_Lines)
    reasons: Counter[str] = field(default_factory=Counter)
    changes: dict[str, list[Change]] = field(default_factory=dict)
    sightings: dict[str, Sightings] = field(default_factory=dict)
    senders: dict[str, set[str]] = field(default_factory=dict)
    """By user id, the messages that told of this person."""

    device_senders: dict[str, set[str]] = field(default_factory=dict)
    """By device id, the messages that told of this device."""

    other_names: int = 0

    def take(self, event: Event, message: str, *, own_partition: bool) -> None:
        self.rows.add(orjson.dumps(event.row(own_partition=own_partition), option=orjson.OPT_APPEND_NEWLINE))
        self.other_names += not own_partition
        if change := event.change():
            self.changes.setdefault(change.user_id, []).append(change)
            self.senders.setdefault(change.user_id, set()).add(message)
        if sighting := event.sighting():
            device_id = str(sighting.device.id)
            self.sightings.setdefault(device_id, Sightings()).add(sighting)
            self.device_senders.setdefault(device_id, set()).add(message)

    def refuse(self, reason: str, line: bytes) -> None:
        self.rejects.add(line)
        self.reasons[reason] += 1


def load(
    messages: Sequence[QueueMessage],
    *,
    objects: ObjectStore,
    profiles: ProfileStore,
    devices: DeviceStore,
    names: EventNames,
    queue: EventQueue,
    clock: Clock,
    time_left: Callable[[], timedelta] = lambda: timedelta(hours=1),
) -> Loaded:
    """Loads what it can and gives the rest back to the queue, so that it comes again soon. `time_left` says how long the caller may still work.

    Rows go first: no event waits for a profile. Whatever stops it, where and however often, no event is lost or counted twice:

        before the rows are written      nothing has happened: all messages come again
        between rows and quarantine      the same, and rows that come again fall to the lake's dedupe by message id; ids that we make are of the
                                         queue's own id of the message, so they are the same again. The same batch replaces its objects
        between objects and profiles     the same, and what came to quarantine twice has one id
        among the profiles or devices    those of the others are there, and merging again changes nothing
        some of them cannot be written   the messages that told of these people or devices come again, and no others
    """
    result = _Sorted()
    try:
        _write_objects(messages, result, objects, names, clock.now())
    except StoreUnavailableError as error:
        loaded = Loaded(undone=tuple(message.identity for message in messages), trouble=str(error))
    else:
        loaded = _merged(result, profiles, devices, time_left)
    if loaded.undone:
        queue.give_back({message.receipt: message.comes_again_after for message in messages if message.identity in loaded.undone})
    return loaded


def _merged(result: _Sorted, profiles: ProfileStore, devices: DeviceStore, time_left: Callable[[], timedelta]) -> Loaded:
    """Devices go first: whose they are decides who is sent what."""
    owned = merge_devices(result.sightings, devices=devices, time_left=time_left)
    people = merge_profiles(result.changes, profiles=profiles, time_left=time_left)
    undone = {message for user_id in people.undone for message in result.senders[user_id]}
    undone |= {message for device_id in owned.undone for message in result.device_senders[device_id]}
    return Loaded(
        events=result.rows.count,
        quarantined=dict(result.reasons),
        profiles=people.written,
        devices=owned.written,
        other_names=result.other_names,
        undone=tuple(sorted(undone)),
        trouble=owned.trouble or people.trouble,
    )


def _write_objects(messages: Sequence[QueueMessage], result: _Sorted, objects: ObjectStore, names: EventNames, now: datetime) -> None:
    """Sorts all events, and writes rows and rejects as one object each, named by the messages in it."""
    for message in messages:
        _sort(message, result, names, now)
        result.rows.squeeze()
        result.rejects.squeeze()
    name = hashlib.sha256("\n".join(message.identity for message in messages).encode()).hexdigest()[:32]
    for folder, lines in ((landing.folder(now), result.rows), (f"quarantine/dt={now:%Y-%m-%d}/hh={now:%H}/", result.rejects)):
        if lines.count:
            objects.put(f"{folder}{name}.json.gz", lines.finished())


def _sort(message: QueueMessage, result: _Sorted, names: EventNames, now: datetime) -> None:
    try:
        delivery = unpacked(message)
    except UnreadableMessageError as error:
        line = quarantined_bytes(str(error), message.body.encode("utf-8", "surrogatepass"), at=iso(now))
        result.refuse("unreadable_message", line)
        return
    envelope, events = enveloped(delivery)
    good: list[Event] = []
    for index, event in enumerate(events):
        try:
            good.append(normalised(event, envelope, index))
        except EventRejectedError as error:
            whole = _with_sending_time(event, envelope)
            identity, at = envelope.event_id(index), iso(delivery.received)
            line = quarantined_event(error, whole, identity=identity, at=at, source=delivery.source)
            result.refuse(error.reason, line)
    partitions = _own_partitions(good, delivery.source, names)
    for one in good:
        result.take(one, message.identity, own_partition=one.type != "track" or one.name in partitions)


def _own_partitions(events: Sequence[Event], source: str, names: EventNames) -> Collection[str]:
    """The names of track calls that have a partition. Those of other calls are six."""
    called = dict.fromkeys(event.name for event in events if event.type == "track" and event.name not in ALWAYS_OWN and event.name != OTHER)
    return {*ALWAYS_OWN, *(names.admitted(source, called) if called else ())}


def _with_sending_time(event: Any, envelope: Envelope) -> Any:
    """A batch's `sentAt` goes with its event into quarantine: a replay needs it to correct the clock."""
    if not isinstance(event, dict) or envelope.sent_at is None:
        return event
    return {"sentAt": envelope.sent_at, **event}
