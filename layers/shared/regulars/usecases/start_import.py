"""Begin an import, or find the one that was begun with the same: a file that is handed over in parts, or objects that lie in S3."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Final

from regulars.domain.documents import JsonObject
from regulars.domain.errors import ConflictError, InvalidRequestError, NotFoundError
from regulars.domain.imports.csv_rows import header
from regulars.domain.imports.job import Format, Import, Part, Progress, import_id, progress
from regulars.domain.imports.lines import lines
from regulars.domain.imports.mapping import mapping_of
from regulars.domain.imports.recognition import mismatch
from regulars.domain.imports.text import BrokenFileError
from regulars.ports import Clock, EventQueue, ImportStore, ObjectStore
from regulars.usecases.ingest import ticket

MAX_PARTS: Final = 100_000


@dataclass(frozen=True)
class Wanted:
    """What somebody wants to import. `content` is the SHA-256 of a file, of which `head` has the first lines, or an `s3://` address."""

    name: str
    format: Format
    content: str
    head: bytes = b""
    mapping: JsonObject | None = None
    dry_run: bool = False

    @property
    def in_s3(self) -> bool:
        return self.content.startswith("s3://")


@dataclass(frozen=True)
class Readable:
    """The buckets that imports may read: the lake's own below imports/, and another one, if there is any, everywhere."""

    lake: str
    other: str = ""

    def check(self, address: str) -> None:
        """Raises InvalidRequestError for an `s3://` address that may not be read."""
        name, _, prefix = address.removeprefix("s3://").partition("/")
        if name != self.other and (name != self.lake or not prefix.startswith("imports/")):
            other = (
                f"s3://{self.other}/..." if self.other else "of another bucket nothing, until the parameter ImportBucket of the template names one"
            )
            raise InvalidRequestError(f"imports read s3://{self.lake}/imports/... and {other}; not {address}", field="content")


def start_import(
    wanted: Wanted, *, by: str, readable: Readable, imports: ImportStore, bucket: Callable[[str], ObjectStore], queue: EventQueue, clock: Clock
) -> Progress:
    """The same again is the same import, however it stands; of a prefix in S3, objects that came or changed since are taken up.

    Raises InvalidRequestError for a mapping, a file or an address that makes no sense, NotFoundError for an address under which there is nothing.
    """
    if (wanted.mapping is not None) != (wanted.format == "csv"):
        raise InvalidRequestError("CSV needs a mapping, and no other format has one", field="mapping")
    if wrong := mismatch(wanted.head, wanted.format):
        raise InvalidRequestError(f"{wanted.name} is not {wanted.format}: {wrong}")
    if wanted.in_s3:
        readable.check(wanted.content)
    identity = import_id(wanted.content, wanted.format, wanted.mapping, dry_run=wanted.dry_run)
    found = list(_objects(wanted, bucket)) if wanted.in_s3 else []
    columns = _columns(wanted, bucket, found)
    job = Import(identity, wanted.name, wanted.format, clock.now(), by, wanted.mapping, columns, wanted.dry_run)
    if not imports.create(job):
        _ask_again(identity, imports, queue)
    if found:
        _take_up(identity, wanted.content, found, imports, queue)
    return show_import(identity, imports=imports, clock=clock)


def take_part(
    identity: str,
    number: int,
    content: bytes,
    *,
    first_line: int,
    last: bool,
    lake: ObjectStore,
    lake_bucket: str,
    imports: ImportStore,
    queue: EventQueue,
) -> None:
    """Keeps a part of a file and has it read. The same part again changes nothing. Raises NotFoundError, InvalidRequestError, ConflictError."""
    job = imports.get(identity)
    if not 1 <= number <= MAX_PARTS:
        raise InvalidRequestError(f"is 1 to {MAX_PARTS:,}", field="number")
    if job.parts is not None and number > job.parts:
        raise ConflictError(f"import {identity} has {job.parts} parts")
    key = f"imports/{identity}/parts/{number:06d}.gz"
    lake.put(key, content)
    part = Part(identity, number, lake_bucket, key, job.name, identity, first_line)
    imports.add_part(part)
    if not imports.part(identity, number).value.is_over:
        queue.send(ticket(identity, number))
    if last:
        imports.close(identity, number)


def show_import(identity: str, *, imports: ImportStore, clock: Clock) -> Progress:
    """Raises NotFoundError."""
    return progress(imports.get(identity), imports.parts(identity), clock.now())


def _objects(wanted: Wanted, bucket: Callable[[str], ObjectStore]) -> Iterator[tuple[str, str]]:
    """Keys and versions, without the folders that the console makes."""
    name, _, prefix = wanted.content.removeprefix("s3://").partition("/")
    found = (each for each in bucket(name).versions(prefix) if not each[0].endswith("/"))
    first = next(found, None)
    if first is None:
        raise NotFoundError(f"there is no object under {wanted.content}")
    yield from chain([first], found)


def _take_up(identity: str, address: str, found: list[tuple[str, str]], imports: ImportStore, queue: EventQueue) -> None:
    """A part for each object that has none yet. The import is closed last, with all that there are by then."""
    name = address.removeprefix("s3://").partition("/")[0]
    known = imports.parts(identity)
    taken = {part.identity for part in known}
    number = len(known)
    for key, version in found:
        content = f"{identity}|{key}|{version}"
        if content not in taken:
            number += 1
            imports.add_part(Part(identity, number, name, key, key, content))
            queue.send(ticket(identity, number))
    imports.close(identity, number)


def _ask_again(identity: str, imports: ImportStore, queue: EventQueue) -> None:
    """For parts that were taken and not read to their end, in case nobody is about to: whoever comes second finds the other's work."""
    for part in imports.parts(identity):
        if part.resumable:
            stored = imports.part(identity, part.number)
            imports.put_part(stored.value.resumed(), expected=stored.version)
        if not part.is_over:
            queue.send(ticket(identity, part.number))


def _columns(wanted: Wanted, bucket: Callable[[str], ObjectStore], found: list[tuple[str, str]]) -> tuple[str, ...]:
    """Of a CSV, after the mapping was found to fit them."""
    if wanted.format != "csv":
        return ()
    mapping = mapping_of(wanted.mapping)
    name = wanted.content.removeprefix("s3://").partition("/")[0]
    head = bucket(name).chunks(found[0][0]) if found else iter([wanted.head])
    try:
        columns = header(lines(head), mapping)
    except BrokenFileError as error:
        raise InvalidRequestError(str(error), field="name") from error
    mapping.bound(columns)
    return columns
