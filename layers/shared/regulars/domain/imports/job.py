"""An import and its parts, as they are kept: what is to be read, how far that is, and what came of it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, Literal, get_args

import orjson

from regulars.domain.documents import JsonObject

Format = Literal["segment-ndjson", "csv", "pinpoint-endpoints"]
FORMATS: Final[tuple[Format, ...]] = get_args(Format)

State = Literal["uploading", "running", "done", "failed"]
"""Failed: an object is broken, and nothing of it is imported, or it could not be read on for now; the others are imported."""


@dataclass(frozen=True)
class Import:
    """`id` is made of what is imported, and how: the same again is the same import. `name` is a file's, or an `s3://` address.

    `columns` are those of a CSV file's first line. `parts` is how many there are, None until the last one is known.
    """

    id: str
    name: str
    format: Format
    started_at: datetime
    started_by: str
    mapping: JsonObject | None = None
    columns: tuple[str, ...] = ()
    dry_run: bool = False
    parts: int | None = None


@dataclass(frozen=True)
class Refused:
    """How many records and events were refused for one reason; the first of them stands on line `line` of `name`."""

    count: int
    line: int
    name: str


@dataclass(frozen=True)
class Tally:
    """What came of what was read: `records` are lines of NDJSON and rows of CSV, without empty ones; `refused` is by reason."""

    records: int = 0
    events: int = 0
    profiles: int = 0
    refused: Mapping[str, Refused] = field(default_factory=dict)

    def plus(self, later: "Tally") -> "Tally":
        """Both together; the first of a reason is this one's."""
        refused = dict(self.refused)
        for reason, those in later.refused.items():
            earlier = refused.get(reason)
            refused[reason] = replace(earlier, count=earlier.count + those.count) if earlier else those
        return Tally(self.records + later.records, self.events + later.events, self.profiles + later.profiles, refused)


@dataclass(frozen=True)
class Part:
    """What one worker reads: an object whose first line is line `first_line` of what people call `name`.

    `identity` is what the ids of its events are made of, with their lines. `read` lines of it are done. `resumable` if it ended before its end,
    through no fault of its own: whoever asks for it again goes on with it.
    """

    import_id: str
    number: int
    bucket: str
    key: str
    name: str
    identity: str
    first_line: int = 1
    read: int = 0
    tally: Tally = Tally()
    ended_at: datetime | None = None
    error: str = ""
    resumable: bool = False

    @property
    def is_over(self) -> bool:
        return self.ended_at is not None and not self.resumable

    def went_on(self, read: int, tally: Tally) -> "Part":
        """`read` lines of it are done by now, and `tally` came of those since."""
        return replace(self, read=read, tally=self.tally.plus(tally))

    def ended(self, now: datetime, *, error: str = "") -> "Part":
        return replace(self, ended_at=now, error=error)

    def stopped(self, now: datetime, *, error: str) -> "Part":
        """For now: `error` says why it is not read on."""
        told = f"not read on after line {self.first_line + self.read - 1:,}: {error}; the same import again goes on there"
        return replace(self.ended(now, error=told), resumable=True)

    def resumed(self) -> "Part":
        return replace(self, ended_at=None, error="", resumable=False) if self.resumable else self


@dataclass(frozen=True)
class Progress:
    """How an import stands. Of its `parts` so many were taken, and so many read to their end.

    `seconds` are from its start to the end of its last part, or to now.
    """

    id: str
    name: str
    format: Format
    state: State
    dry_run: bool
    started_at: datetime
    started_by: str
    parts: int | None
    parts_taken: int
    parts_done: int
    seconds: float
    records: int
    events: int
    profiles: int
    refused: Mapping[str, Refused]
    errors: Sequence[str]


def progress(job: Import, parts: Sequence[Part], now: datetime) -> Progress:
    """`parts` are all there are, by number."""
    done = [part.ended_at for part in parts if part.ended_at is not None]
    errors = [f"{part.name}: {part.error}" for part in parts if part.error]
    finished = len(done) == job.parts
    state: State = "uploading" if job.parts is None else "running" if not finished else "failed" if errors else "done"
    tally = Tally()
    for part in parts:
        tally = tally.plus(part.tally)
    seconds = (max(done, default=job.started_at) if finished else now) - job.started_at
    return Progress(
        id=job.id,
        name=job.name,
        format=job.format,
        state=state,
        dry_run=job.dry_run,
        started_at=job.started_at,
        started_by=job.started_by,
        parts=job.parts,
        parts_taken=len(parts),
        parts_done=len(done),
        seconds=round(seconds.total_seconds(), 3),
        records=tally.records,
        events=tally.events,
        profiles=tally.profiles,
        refused=tally.refused,
        errors=errors,
    )


def import_id(content: str, form: Format, mapping: JsonObject | None, *, dry_run: bool) -> str:
    """`content` is the file's SHA-256, or the address that is read. 16 hex digits."""
    said = orjson.dumps([content, form, mapping, dry_run], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(said).hexdigest()[:16]
