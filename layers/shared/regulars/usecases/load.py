"""Bring queue messages into the lake: good events as rows, bad ones to quarantine, traits and devices to profiles."""

import hashlib
import zlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
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
from regulars.ports import Clock, EventNames, EventQueue, ObjectStore, ProfileStore
from regulars.usecases.merge_profiles import merge_profiles


@dataclass(frozen=True)
class Loaded:
    """What became of the messages' events; `quarantined` counts by reason, `profiles` counts written profiles, `other_names` events whose name has no
    partition of its own.

    `undone` are the identities of the messages that come again, and `trouble` says why, unless it was the time.
    """

    events: int = 0
    quarantined: Mapping[str, int] = field(default_factory=dict)
    profiles: int = 0
    other_names: int = 0
    undone: Sequence[str] = ()
    trouble: str = ""


class Lines:
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
class Sorted:
    """Events on their way out."""

    rows: Lines = field(default_factory=Lines)
    rejects: Lines = field(default_factory=Lines)
    reasons: Counter[str] = field(default_factory=Counter)
    changes: dict[str, list[Change]] = field(default_factory=dict)
    senders: dict[str, set[str]] = field(default_factory=dict)
    """By user id, the messages that told of this person."""

    other_names: int = 0

    def take(self, event: Event, message: str, *, own_partition: bool) -> None:
        self.rows.add(orjson.dumps(event.row(own_partition=own_partition), option=orjson.OPT_APPEND_NEWLINE))
        self.other_names += not own_partition
        if change := event.change():
            self.changes.setdefault(change.user_id, []).append(change)
            self.senders.setdefault(change.user_id, set()).add(message)

    def refuse(self, reason: str, line: bytes) -> None:
        self.rejects.add(line)
        self.reasons[reason] += 1


def load(
    messages: Sequence[QueueMessage],
    *,
    objects: ObjectStore,
    profiles: ProfileStore,
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
        among the profiles               those of the others are there, and merging again changes nothing
        some profiles cannot be written  the messages that told of these people come again, and no others
    """
    result = Sorted()
    try:
        _write_objects(messages, result, objects, names, clock.now())
    except StoreUnavailableError as error:
        loaded = Loaded(undone=tuple(message.identity for message in messages), trouble=str(error))
    else:
        people = merge_profiles(result.changes, profiles=profiles, time_left=time_left)
        undone = {identity for user_id in people.undone for identity in result.senders[user_id]}
        loaded = Loaded(result.rows.count, dict(result.reasons), people.written, result.other_names, tuple(sorted(undone)), people.trouble)
    if loaded.undone:
        queue.give_back({message.receipt: message.comes_again_after for message in messages if message.identity in loaded.undone})
    return loaded


def _write_objects(messages: Sequence[QueueMessage], result: Sorted, objects: ObjectStore, names: EventNames, now: datetime) -> None:
    """Sorts all events, and writes rows and rejects as one object each, named by the messages in it."""
    for message in messages:
        _sort(message, result, names, now)
        result.rows.squeeze()
        result.rejects.squeeze()
    name = hashlib.sha256("\n".join(message.identity for message in messages).encode()).hexdigest()[:32]
    for folder, lines in ((landing.folder(now), result.rows), (f"quarantine/dt={now:%Y-%m-%d}/hh={now:%H}/", result.rejects)):
        if lines.count:
            objects.put(f"{folder}{name}.json.gz", lines.finished())


def _sort(message: QueueMessage, result: Sorted, names: EventNames, now: datetime) -> None:
    try:
        delivery = unpacked(message)
    except UnreadableMessageError as error:
        line = quarantined_bytes(str(error), message.body.encode("utf-8", "surrogatepass"), at=iso(now))
        result.refuse("unreadable_message", line)
        return
    envelope, events = enveloped(delivery)

    def refuse(error: EventRejectedError, index: int, event: Any) -> None:
        whole, identity = _with_sending_time(event, envelope), envelope.event_id(index)
        line = quarantined_event(error, whole, identity=identity, at=iso(delivery.received), source=delivery.source)
        result.refuse(error.reason, line)

    sort_events(enumerate(events), envelope, result, names, sender=message.identity, refuse=refuse)


Refuse = Callable[[EventRejectedError, int, Any], None]
"""Keeps an event that cannot become a row, which stood at that place."""


def sort_events(events: Iterable[tuple[int, Any]], envelope: Envelope, result: Sorted, names: EventNames, *, sender: str, refuse: Refuse) -> None:
    """Takes each event, with its place, or refuses it. Whatever brings events in, a queue message or a file, does it by this."""
    good: list[Event] = []
    for index, event in events:
        try:
            good.append(normalised(event, envelope, index))
        except EventRejectedError as error:
            refuse(error, index, event)
    partitions = _own_partitions(good, envelope.source, names)
    for one in good:
        result.take(one, sender, own_partition=one.type != "track" or one.name in partitions)


def _own_partitions(events: Sequence[Event], source: str, names: EventNames) -> Collection[str]:
    """The names of track calls that have a partition. Those of other calls are six."""
    called = dict.fromkeys(event.name for event in events if event.type == "track" and event.name not in ALWAYS_OWN and event.name != OTHER)
    return {*ALWAYS_OWN, *(names.admitted(source, called) if called else ())}


def _with_sending_time(event: Any, envelope: Envelope) -> Any:
    """A batch's `sentAt` goes with its event into quarantine: a replay needs it to correct the clock."""
    if not isinstance(event, dict) or envelope.sent_at is None:
        return event
    return {"sentAt": envelope.sent_at, **event}
