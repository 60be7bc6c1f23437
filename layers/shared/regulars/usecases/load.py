"""Bring queue messages into the lake: good events as rows, bad ones to quarantine, traits and devices to profiles."""

import hashlib
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import orjson

from regulars.domain.collection.change import Change
from regulars.domain.collection.event import Event
from regulars.domain.collection.events import Envelope, enveloped, normalised
from regulars.domain.collection.message import QueueMessage, UnreadableMessageError, unpacked
from regulars.domain.collection.moments import iso
from regulars.domain.collection.rejection import EventRejectedError, quarantined_bytes, quarantined_event
from regulars.domain.curation import landing
from regulars.domain.errors import ConflictError, StoreUnavailableError
from regulars.domain.people.profile import Profile
from regulars.ports import Clock, ObjectStore, ProfileStore, Stored

PROFILE_ATTEMPTS: Final = 8
"""Rounds of reading, merging and writing, before a profile that others keep changing sends the batch back to the queue."""


@dataclass(frozen=True)
class Loaded:
    """What became of the messages' events; `quarantined` counts by reason, `profiles` counts written profiles."""

    events: int
    quarantined: Mapping[str, int]
    profiles: int


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

    def take(self, event: Event) -> None:
        self.rows.add(orjson.dumps(event.row(), option=orjson.OPT_APPEND_NEWLINE))
        if change := event.change():
            self.changes.setdefault(change.user_id, []).append(change)

    def refuse(self, reason: str, line: bytes) -> None:
        self.rejects.add(line)
        self.reasons[reason] += 1


def load(messages: Sequence[QueueMessage], *, objects: ObjectStore, profiles: ProfileStore, clock: Clock) -> Loaded:
    """Loads all messages or raises StoreUnavailableError, after which all of them may simply come again.

    Profiles go first because merging twice changes nothing. Rows that come twice fall to the lake's dedupe by message id;
    objects are named by the messages in them, so that the same batch again replaces what it wrote in those minutes.
    """
    now = clock.now()
    result = _Sorted()
    for message in messages:
        _sort(message, result, now)
        result.rows.squeeze()
        result.rejects.squeeze()
    written = _write_profiles(result.changes, profiles)
    name = hashlib.sha256("\n".join(message.identity for message in messages).encode()).hexdigest()[:32]
    for folder, lines in ((landing.folder(now), result.rows), (f"quarantine/dt={now:%Y-%m-%d}/hh={now:%H}/", result.rejects)):
        if lines.count:
            objects.put(f"{folder}{name}.json.gz", lines.finished())
    return Loaded(result.rows.count, dict(result.reasons), written)


def _sort(message: QueueMessage, result: _Sorted, now: datetime) -> None:
    try:
        delivery = unpacked(message)
    except UnreadableMessageError as error:
        line = quarantined_bytes(str(error), message.body.encode("utf-8", "surrogatepass"), at=iso(now))
        result.refuse("unreadable_message", line)
        return
    envelope, events = enveloped(delivery)
    for index, event in enumerate(events):
        try:
            result.take(normalised(event, envelope, index))
        except EventRejectedError as error:
            whole = _with_sending_time(event, envelope)
            identity, at = envelope.event_id(index), iso(delivery.received)
            line = quarantined_event(error, whole, identity=identity, at=at, source=delivery.source)
            result.refuse(error.reason, line)


def _with_sending_time(event: Any, envelope: Envelope) -> Any:
    """A batch's `sentAt` goes with its event into quarantine: a replay needs it to correct the clock."""
    if not isinstance(event, dict) or envelope.sent_at is None:
        return event
    return {"sentAt": envelope.sent_at, **event}


def _write_profiles(changes: Mapping[str, Iterable[Change]], profiles: ProfileStore) -> int:
    """Merges each person's changes; a profile that another invocation wrote meanwhile is read and merged again."""
    written = 0
    pending = dict(changes)
    for _ in range(PROFILE_ATTEMPTS):
        if not pending:
            return written
        known = profiles.get_many(list(pending))
        lost: dict[str, Iterable[Change]] = {}
        for user_id, theirs in pending.items():
            stored = known.get(user_id) or Stored(Profile(user_id), 0)
            profile = stored.value.merged(theirs)
            if stored.version and profile == stored.value:
                continue
            try:
                profiles.put(profile, expected=stored.version)
                written += 1
            except ConflictError:
                lost[user_id] = theirs
        pending = lost
    raise StoreUnavailableError(f"{len(pending)} profiles were changed by others {PROFILE_ATTEMPTS} times in a row")
