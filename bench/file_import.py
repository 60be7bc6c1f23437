"""The import of a file against the least that anybody could do with the same bytes: gunzip, parse, gzip.

Both sides read the same gzipped lines of NDJSON; ports are in memory, so that only our own CPU counts: that of the command line, which cuts the file
into parts, and that of the function, which reads them. Measured as process time, the best of several turns that alternate.
"""

import gzip
import random
import tempfile
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import orjson

from bench.collect import NoObjects, Now, best_of_turns, order, product
from bench.stand_ins import EveryName, NoDevices, NoProfiles, Queue
from bench.table import BenchRow
from cli.import_file import content_of, part_in
from regulars.domain.imports.job import Import, Part
from regulars.ports import ObjectStore, Stored
from regulars.usecases.ingest import ingest

LINES: Final = 20_000
STARTED: Final = datetime(2026, 11, 21, 10, tzinfo=UTC)


class OnePart(NoObjects):
    """A bucket in which every key is this part."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def chunks(self, key: str, *, start: int = 0) -> Iterator[bytes]:
        return iter((self._content,))


class OneImport:
    """An import that is always there, with a part that was never read."""

    job: Final = Import("bench", "bench.ndjson", "segment-ndjson", STARTED, "bench")

    def __init__(self, first_line: int) -> None:
        self._part = Part("bench", 1, "lake", "x", "bench.ndjson", "bench", first_line)

    def create(self, job: Import) -> bool:
        return False

    def get(self, import_id: str) -> Import:
        return self.job

    def close(self, import_id: str, parts: int) -> None: ...

    def listed(self, *, limit: int = 50) -> list[Import]:
        return [self.job]

    def add_part(self, part: Part) -> bool:
        return False

    def part(self, import_id: str, number: int) -> Stored[Part]:
        return Stored(self._part, 1)

    def put_part(self, part: Part, *, expected: int) -> None: ...

    def parts(self, import_id: str) -> list[Part]:
        return [self._part]


def rows() -> list[BenchRow]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "orders.ndjson.gz"
        file.write_bytes(gzip.compress(_text(random.Random(20261121)), 1))
        floor, ours = best_of_turns(lambda: _floor(file), lambda: _imported(file))
        size = file.stat().st_size / LINES
    note = f"CPU, of the command line and the function; {LINES:,} lines, {size:.0f} B gzipped each; floor = gunzip + parse + gzip"
    each = 1e6 / LINES
    return [
        BenchRow("import, CPU an event", ours * each, floor * each, ours / floor, "us", note),
        BenchRow("import, events a second of CPU", LINES / ours, LINES / floor, floor / ours, "events/s", f"{note}; higher is better"),
    ]


def _text(chance: random.Random) -> bytes:
    catalogue = [product(chance) for _ in range(2000)]
    return b"".join(orjson.dumps(order(chance, catalogue, number), option=orjson.OPT_APPEND_NEWLINE) for number in range(LINES))


def _floor(file: Path) -> None:
    text = gzip.decompress(file.read_bytes())
    for line in text.splitlines():
        orjson.loads(line)
    zlib.compress(text, 1)


def _imported(file: Path) -> None:
    content_of(str(file))
    imported = 0
    for upload in part_in(str(file), quoted=False):
        part: ObjectStore = OnePart(upload.content)
        read = ingest(
            "bench",
            upload.number,
            imports=OneImport(upload.first_line),
            bucket=lambda _, part=part: part,  # type: ignore[misc]
            lake=NoObjects(),
            profiles=NoProfiles(),
            devices=NoDevices(),
            names=EveryName(),
            queue=Queue(),
            clock=Now(),
        )
        imported += read.events
    if imported != LINES:
        raise AssertionError(f"{imported} of {LINES} lines were imported")
