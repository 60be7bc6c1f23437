"""Sort events on their way into the lake, whatever brings them: rows, rejects, and what they change of people and devices."""

from __future__ import annotations  # what few events need is imported where there are some

import zlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson
from isal import isal_zlib

from regulars.domain.cleaning.cleaned import DEFAULTS, cleaned
from regulars.domain.cleaning.standards import Standards
from regulars.domain.collection.change import Change
from regulars.domain.collection.event import Event
from regulars.domain.collection.events import Envelope, normalised
from regulars.domain.collection.rejection import EventRejectedError
from regulars.domain.lake.event_names import ALWAYS_OWN, OTHER
from regulars.domain.people.device import Sightings
from regulars.domain.tracking.judgement import judged
from regulars.domain.tracking.plan import Plan
from regulars.ports import EventNames

if TYPE_CHECKING:
    from regulars.domain.journeys.inputs import Trigger
    from regulars.domain.places.presence import Position
    from regulars.usecases.match_places import PlaceMatcher


class Lines:
    """NDJSON, compressed while it grows: an invocation's rows are never in memory as text, but for those of one message."""

    def __init__(self) -> None:
        self._compressor = isal_zlib.compressobj(1, wbits=16 + zlib.MAX_WBITS)
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
    corrections: Counter[str] = field(default_factory=Counter)
    """By rule."""

    traffic: Counter[str] = field(default_factory=Counter)
    changes: dict[str, list[Change]] = field(default_factory=dict)
    """By user id."""

    sightings: dict[str, Sightings] = field(default_factory=dict)
    """By device id."""

    senders: dict[str, set[str]] = field(default_factory=dict)
    """By user id, the messages that told of this person."""

    device_senders: dict[str, set[str]] = field(default_factory=dict)
    """By device id, the messages that told of this device."""

    other_names: int = 0
    violations: int = 0
    positions: list[tuple[str, Position]] = field(default_factory=list)
    """Where people were, by their user ids."""

    triggers: dict[str, list[Trigger]] = field(default_factory=dict)
    """What journeys have to know of, by the message that told of it."""

    told: int = 0
    """Rows that are no event of their own: the identify that a call about consent comes to."""

    @property
    def events(self) -> int:
        return self.rows.count - self.told

    def take(self, event: Event, sender: str, *, own_partition: bool) -> None:
        self.rows.add(orjson.dumps(event.row(own_partition=own_partition), option=orjson.OPT_APPEND_NEWLINE))
        self.other_names += not own_partition
        if event.corrections or event.traffic or event.violations:
            self._count(event)
        if change := event.change():
            self.changes.setdefault(change.user_id, []).append(change)
            self.senders.setdefault(change.user_id, set()).add(sender)
        if sighting := event.sighting():
            device_id = str(sighting.device.id)
            self.sightings.setdefault(device_id, Sightings()).add(sighting)
            self.device_senders.setdefault(device_id, set()).add(sender)

    def refuse(self, reason: str, line: bytes) -> None:
        self.rejects.add(line)
        self.reasons[reason] += 1

    def _count(self, event: Event) -> None:
        self.corrections.update(correction.rule for correction in event.corrections)
        self.traffic.update([event.traffic] if event.traffic else [])
        self.violations += bool(event.violations)


@dataclass(frozen=True)
class Judges:
    """What says how an event is kept."""

    names: EventNames
    plans: Sequence[Plan] = ()
    standards: Standards = DEFAULTS
    matcher: PlaceMatcher | None = None
    """What looks where people are."""
    trigger_of: Callable[[Event], Trigger | None] = lambda _: None
    """What a journey has to know of an event; None of nearly all."""


Refuse = Callable[[EventRejectedError, int, Any], None]
"""Keeps an event that cannot become a row, which stood at that place."""


def sort_events(
    events: Iterable[tuple[int, Any]], envelope: Envelope, result: Sorted, judges: Judges, *, sender: str, refuse: Refuse, plain: bool = False
) -> None:
    """Takes each event, with its place, or refuses it: checked, cleaned, held against the tracking plans. `plain` as in `message.Delivery`. With a
    call about consent goes the identify that it comes to.

    Raises RoundedNumberError before anything is taken or refused.
    """
    good: list[Event] = []
    bad: list[tuple[EventRejectedError, int, Any]] = []
    for index, event in events:
        try:
            good.append(accepted(event, envelope, index, judges.plans, judges.standards, plain=plain))
        except EventRejectedError as error:
            bad.append((error, index, event))
    for refused in bad:
        refuse(*refused)
    partitions = _own_partitions(good, envelope.source, judges.names)
    for clean in good:
        one, position = judges.matcher.seen(clean) if judges.matcher else (clean, None)
        if position and one.user_id is not None:
            result.positions.append((one.user_id, position))
        result.take(one, sender, own_partition=one.type != "track" or one.name in partitions)
        if trigger := judges.trigger_of(one):
            result.triggers.setdefault(sender, []).append(trigger)
        if told := one.told_consent():
            result.take(told, sender, own_partition=True)
            result.told += 1


def accepted(event: Any, envelope: Envelope, index: int, plans: Sequence[Plan], standards: Standards, *, plain: bool = False) -> Event:
    """As it becomes a row: checked, cleaned, held against the tracking plans. Raises EventRejectedError."""
    clean = cleaned(normalised(event, envelope, index), event, envelope, standards, plain=plain)
    return judged(clean, plans) if plans else clean


def _own_partitions(events: Sequence[Event], source: str, names: EventNames) -> Collection[str]:
    """The names of track calls that have a partition. Those of other calls are six."""
    called = dict.fromkeys(event.name for event in events if event.type == "track" and event.name not in ALWAYS_OWN and event.name != OTHER)
    return {*ALWAYS_OWN, *(names.admitted(source, called) if called else ())}
