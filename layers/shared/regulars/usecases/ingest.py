"""Bring a part of an import into the lake, batch by batch: the same way as `load` goes with its messages, but out of a file."""

import hashlib
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby, islice
from typing import Any, Final

import orjson

from regulars.domain.cleaning.cleaned import DEFAULTS
from regulars.domain.cleaning.standards import Standards
from regulars.domain.collection.event import Event
from regulars.domain.collection.events import Envelope
from regulars.domain.collection.moments import iso, lake_time
from regulars.domain.collection.rejection import EventRejectedError, quarantined_event
from regulars.domain.collection.source import IMPORTED
from regulars.domain.curation import landing
from regulars.domain.errors import InvalidRequestError, StoreUnavailableError
from regulars.domain.imports.csv_rows import header
from regulars.domain.imports.job import Import, Part, Refused, Tally
from regulars.domain.imports.lines import checked, lines
from regulars.domain.imports.mapping import MAX_EVENTS, mapping_of
from regulars.domain.imports.readers import records
from regulars.domain.imports.recognition import mismatch
from regulars.domain.imports.record import Record
from regulars.domain.imports.text import BrokenFileError
from regulars.domain.tracking.plan import Plan
from regulars.ports import Clock, DeviceStore, EventNames, EventQueue, ImportStore, ObjectStore, ProfileStore
from regulars.usecases.merge_devices import merge_devices
from regulars.usecases.merge_profiles import merge_profiles
from regulars.usecases.sort_events import Judges, Lines, Sorted, sort_events

RECORDS_A_BATCH: Final = 20_000
"""One object of rows, and one write of how far the part is: about a second of work."""

RECORDS_AT_ONCE: Final = 200
"""In memory as objects."""

LINES_A_MILLISECOND: Final = 625
"""Everything in an import was received when it began, so that the times of its events decide. Of the same time the later line is the later one:
each so many lines are received a millisecond after those before, and have the 10,000 places of a request (`collection.change.tie`) for theirs."""

ENOUGH_TIME: Final = timedelta(seconds=60)
"""For one batch, with its people. With less left, the rest is for another invocation."""


@dataclass(frozen=True)
class Ingested:
    """What became of the part in this invocation; `goes_on` if its rest is on the queue again."""

    records: int = 0
    events: int = 0
    profiles: int = 0
    refused: int = 0
    goes_on: bool = False
    error: str = ""


class AnyName:
    """For a dry run: every name has a partition, and none is taken."""

    def admitted(self, source: str, names: Collection[str]) -> Collection[str]:
        return names


class _Rows(Sorted):
    """Rows of the past: they trigger nothing."""

    def take(self, event: Event, message: str, *, own_partition: bool) -> None:
        super().take(event._replace(historical=True), message, own_partition=own_partition)


@dataclass
class _Batch:
    """Events on their way out, and what a file of errors says of those that do not go."""

    job: Import
    part: Part
    rows: Sorted = field(default_factory=_Rows)
    errors: Lines = field(default_factory=Lines)
    first: dict[str, int] = field(default_factory=dict)
    records: int = 0
    through: int = 0

    def take(self, some: Sequence[Record], judges: Judges) -> None:
        self.records += len(some)
        self.through = some[-1].through
        for block, together in groupby(some, key=lambda record: record.line // LINES_A_MILLISECOND):
            self._sort(list(together), block * LINES_A_MILLISECOND, self._envelope(block), judges)
        for each in (self.rows.rows, self.rows.rejects, self.errors):
            each.squeeze()

    def _envelope(self, block: int) -> Envelope:
        received = self.job.started_at + timedelta(milliseconds=block)
        return Envelope(f"{self.part.identity}|{block}", IMPORTED, received, lake_time(received), None, None)

    def _sort(self, some: Sequence[Record], start: int, envelope: Envelope, judges: Judges) -> None:
        def refuse(error: EventRejectedError, place: int, content: Any) -> None:
            line = start + place // MAX_EVENTS
            told = EventRejectedError(error.reason, f"line {line:,} of {self.part.name}: {error}")
            identity, at = envelope.event_id(place), iso(envelope.received)
            kept = quarantined_event(told, content, identity=identity, at=at, source=IMPORTED, place=place, historical=True)
            self.rows.refuse(error.reason, kept)
            self.first.setdefault(error.reason, line)
            self.errors.add(orjson.dumps({"line": line, "file": self.part.name})[:-1] + b"," + kept[1:])

        for record in some:
            if record.refusal is not None:
                refuse(record.refusal, (record.line - start) * MAX_EVENTS, record.content)
        placed = (((record.line - start) * MAX_EVENTS + place, event) for record in some for place, event in enumerate(record.events))
        sort_events(placed, envelope, self.rows, judges, sender="", refuse=refuse)

    def tally(self, profiles: int) -> Tally:
        refused = {reason: Refused(count, self.first[reason], self.part.name) for reason, count in self.rows.reasons.items()}
        return Tally(self.records, self.rows.events, profiles, refused)


def ingest(
    import_id: str,
    number: int,
    *,
    imports: ImportStore,
    bucket: Callable[[str], ObjectStore],
    lake: ObjectStore,
    profiles: ProfileStore,
    devices: DeviceStore,
    names: EventNames,
    queue: EventQueue,
    clock: Clock,
    plans: Callable[[], Sequence[Plan]] = tuple,
    standards: Standards = DEFAULTS,
    time_left: Callable[[], timedelta] = lambda: timedelta(hours=1),
) -> Ingested:
    """Reads on where the part stands until its end, or for as long as the time allows.

    However often it is repeated, wherever it was stopped, no event is counted twice: message ids are made of the part's identity and the line, and
    how far the part is, with its counts, is written after each batch, by one of those who read it. Of a broken object nothing is imported: it will
    come again whole, as another one. Raises NotFoundError, StoreUnavailableError, ConflictError where another invocation reads the same part.
    """
    job = imports.get(import_id)
    stored = imports.part(import_id, number)
    part, version, done = stored.value.resumed(), stored.version, Tally()
    if part.is_over:
        return Ingested()
    source = bucket(part.bucket)
    if not part.read and (error := _broken(source, part, job)):
        imports.put_part(part.ended(clock.now(), error=error), expected=version)
        return Ingested(error=error)
    found = records(lines(source.chunks(part.key)), job, first=part.first_line, read=part.read)
    judges = Judges(AnyName() if job.dry_run else names, plans(), standards)
    while batch := _batch(found, job, part, judges):
        tally = batch.tally(_written(batch, lake, profiles, devices, clock.now(), time_left))
        part, done = part.went_on(batch.through - part.first_line + 1, tally), done.plus(tally)
        imports.put_part(part, expected=version)
        version += 1
        if time_left() < ENOUGH_TIME:
            queue.send(ticket(import_id, number))
            return _ingested(done, goes_on=True)
    imports.put_part(part.ended(clock.now()), expected=version)
    return _ingested(done)


def ticket(import_id: str, number: int) -> str:
    """What the queue carries."""
    return f"{import_id}|{number}"


def read_ticket(text: str) -> tuple[str, int]:
    """The import and the number of its part. Raises ValueError."""
    import_id, _, number = text.partition("|")
    return import_id, int(number)


def _broken(source: ObjectStore, part: Part, job: Import) -> str:
    """Why the object cannot be read to its end, or as what it is said to be, if it cannot."""
    try:
        head = checked(source.chunks(part.key))
    except BrokenFileError as error:
        return str(error)
    return _unfit(head, job) if head and part.first_line == 1 else ""


def _unfit(head: bytes, job: Import) -> str:
    """Why a file that begins like this is none of the import's."""
    wrong = mismatch(head, job.format)
    if wrong or job.format != "csv":
        return wrong
    mapping = mapping_of(job.mapping)
    try:
        mapping.bound(header(lines([head]), mapping))
    except InvalidRequestError as error:
        return str(error)
    return ""


def _batch(found: Iterator[Record], job: Import, part: Part, judges: Judges) -> _Batch | None:
    """The next records, sorted; None at the end."""
    batch = _Batch(job, part)
    while batch.records < RECORDS_A_BATCH and (some := list(islice(found, RECORDS_AT_ONCE))):
        batch.take(some, judges)
    return batch if batch.records else None


def _written(
    batch: _Batch, lake: ObjectStore, profiles: ProfileStore, devices: DeviceStore, now: datetime, time_left: Callable[[], timedelta]
) -> int:
    """Rows, quarantine, devices, profiles, as `load` has it: rows first. The same batch again replaces its objects.

    Gives how many profiles were written."""
    part, rows = batch.part, batch.rows
    name = hashlib.sha256(f"{part.identity}|{part.number}|{part.read}".encode()).hexdigest()[:32]
    folders = {landing.folder(now): rows.rows, f"quarantine/dt={now:%Y-%m-%d}/hh={now:%H}/": rows.rejects}
    told = {errors_folder(part.import_id) + f"{part.number:06d}-{part.read:012d}": batch.errors}
    kept = told if batch.job.dry_run else {**{f"{folder}{name}": found for folder, found in folders.items()}, **told}
    for key, found in kept.items():
        if found.count:
            lake.put(f"{key}.json.gz", found.finished())
    if batch.job.dry_run:
        return 0
    owned = merge_devices(rows.sightings, devices=devices, time_left=time_left)
    merged = merge_profiles(rows.changes, profiles=profiles, time_left=time_left)
    if undone := len(owned.undone) + len(merged.undone):
        raise StoreUnavailableError(owned.trouble or merged.trouble or f"{undone:,} profiles and devices could not be written in time")
    return merged.written


def errors_folder(import_id: str) -> str:
    """Where the lake keeps what was refused of an import, each with its line, for as long as uploads are kept."""
    return f"imports/{import_id}/errors/"


def _ingested(done: Tally, *, goes_on: bool = False) -> Ingested:
    return Ingested(done.records, done.events, done.profiles, sum(those.count for those in done.refused.values()), goes_on)
