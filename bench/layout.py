"""How `events` is partitioned: by month and event name, as it is, against by day and event name, and against not at all.

The retailer's whole year in all three, written by the same INSERTs; then one segment, "ordered twice within N days", for several N.
Bytes are those of data files that DuckDB read: not Athena's own count, but in its proportions. What a query reads of Iceberg's metadata is left
out, because pyiceberg keeps it from one query to the next. Time is process time, queries the best of several turns that alternate.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from bench import retailer
from bench.table import BenchRow
from regulars.domain.curation.inserted import Inserted
from regulars.domain.curation.landing import landed
from regulars.domain.curation.plan import MAX_PARTITIONS, Chunk
from regulars.domain.curation.state import BEGINNING
from regulars.domain.curation.statements import insert_sql
from regulars.domain.lake.sql import printed
from regulars.domain.queries import ResultRow
from regulars.domain.segments import audience_sql, parse_rule

if TYPE_CHECKING:
    from regulars.adapters.athena_queries import AthenaQueries

HOUSEHOLDS: Final = 2500
ROWS_PER_STATEMENT: Final = 40_000
AS_OF: Final = datetime(2017, 10, 1, tzinfo=UTC)
WINDOWS: Final = (1, 7, 30, 90)
TURNS: Final = 3
LAYOUTS: Final = {
    "month": "PARTITIONED BY (month(event_ts), event_name)\n",
    "day": "PARTITIONED BY (day(event_ts), event_name)\n",
    "none": "",
}
DAYS: Final = """
SELECT date_format(event_ts, '%Y-%m-%d') AS day, count(DISTINCT event_name) AS names, count(*) AS events
FROM raw_events WHERE message_id IS NOT NULL GROUP BY date_format(event_ts, '%Y-%m-%d') ORDER BY 1
"""


@dataclass
class Layout:
    """What was measured of one of them."""

    queries: "AthenaQueries" = field(repr=False)
    statements: int = 0
    insert_cpu: float = 0.0
    data_files: int = 0
    data_bytes: int = 0
    metadata_files: int = 0
    metadata_bytes: int = 0
    read: dict[int, int] = field(default_factory=dict)
    """Bytes by days of the window."""
    cpu: dict[int, float] = field(default_factory=dict)
    """Seconds by days of the window."""


def rows() -> list[BenchRow]:
    measured = measure()
    month, day, none = measured["month"], measured["day"], measured["none"]
    found = []
    for window in WINDOWS:
        for peer, name in ((day, "day"), (none, "unpartitioned")):
            ratio = month.read[window] / peer.read[window]
            found.append(BenchRow(f"layout, {window} d: read", month.read[window] / 1e6, peer.read[window] / 1e6, ratio, "MB", name))
    for window in WINDOWS:
        found.append(_row(f"layout, {window} d: CPU", 1e3 * month.cpu[window], 1e3 * day.cpu[window], "ms", "day"))
    found.append(_row("layout: objects", month.data_files + month.metadata_files, day.data_files + day.metadata_files, "", "day"))
    found.append(_row("layout: INSERT CPU", month.insert_cpu, day.insert_cpu, "s", f"day; {month.statements} and {day.statements} statements"))
    return found


def _row(name: str, ours: float, peer: float, unit: str, note: str) -> BenchRow:
    return BenchRow(name, ours, peer, ours / peer, unit, note)


def measure() -> dict[str, Layout]:
    """Every layout by its name."""
    raw = retailer.raw_events(HOUSEHOLDS)
    with retailer.lake():
        retailer.put(raw.objects)
        layouts = {name: Layout(retailer.database(name, partitioning)) for name, partitioning in LAYOUTS.items()}
        days = list(layouts["none"].queries.all_rows(DAYS))
        for name, layout in layouts.items():
            _fill(layout, name, _chunks(name, days), raw)
        _ask(layouts)
    return layouts


def _chunks(layout: str, days: Sequence[ResultRow]) -> list[Chunk]:
    """Ranges of days, each as long as Athena's limit of partitions and this machine's of rows let it be."""
    cut: list[Chunk] = []
    partitions: set[str] = set()
    events = 0
    for row in days:
        day = datetime.fromisoformat(str(row["day"])).replace(tzinfo=UTC)
        period = {"month": f"{day:%Y-%m}", "day": f"{day:%Y-%m-%d}", "none": ""}[layout]
        more = {f"{period} {name}" for name in range(int(row["names"] or 0))}
        rows_of_day = int(row["events"] or 0)
        if not cut or len(partitions | more) > MAX_PARTITIONS or events + rows_of_day > ROWS_PER_STATEMENT:
            cut.append(Chunk(day, day))
            partitions, events = set(), 0
        partitions |= more
        events += rows_of_day
        cut[-1] = Chunk(cut[-1].start, day + timedelta(days=1), days=(*cut[-1].days, day.date()))
    return cut


def _fill(layout: Layout, name: str, cut: list[Chunk], raw: retailer.RawEvents) -> None:
    import boto3

    layout.statements = len(cut)
    objects = landed(raw.objects, raw.written)
    assert objects is not None
    for chunk in cut:
        sql = insert_sql(chunk, objects, unknown=Inserted(BEGINNING), curated=raw.written)
        began = time.process_time()
        layout.queries.run(sql)
        layout.insert_cpu += time.process_time() - began
    (there,) = layout.queries.all_rows("SELECT count(*) AS events FROM events")
    if there["events"] != str(raw.events):
        raise AssertionError(f"{name}: {there['events']} events in place of {raw.events}")
    pages = boto3.client("s3", region_name=retailer.REGION).get_paginator("list_objects_v2")
    for page in pages.paginate(Bucket=retailer.BUCKET, Prefix=f"lake/{name}/events/"):
        for found in page["Contents"]:
            if "/data/" in found["Key"]:
                layout.data_files += 1
                layout.data_bytes += found["Size"]
            else:
                layout.metadata_files += 1
                layout.metadata_bytes += found["Size"]


def _ask(layouts: dict[str, Layout]) -> None:
    for window in WINDOWS:
        rule = parse_rule({"event": "Order Completed", "within": f"{window}d", "count": {"gte": 2}})
        sql = printed(audience_sql(rule, AS_OF, {}))
        people = {name: sorted(str(row["user_id"]) for row in layout.queries.all_rows(sql)) for name, layout in layouts.items()}
        if not people["month"] or not people["month"] == people["day"] == people["none"]:
            raise AssertionError(f"the layouts do not agree who ordered twice in {window} days")
        for layout in list(layouts.values()) * TURNS:
            began = time.process_time()
            with _metadata() as metadata:
                scanned = layout.queries.run(sql).bytes_scanned
            layout.cpu[window] = min(layout.cpu.get(window, float("inf")), time.process_time() - began)
            layout.read[window] = scanned - sum(metadata)


@contextmanager
def _metadata() -> Iterator[list[int]]:
    """The sizes of what pyiceberg opens meanwhile: in a SELECT that is all of the metadata and none of the data."""
    from local.athena.objects import LakeFileIO

    opened: list[int] = []
    original = LakeFileIO.new_input

    def new_input(self: LakeFileIO, location: str) -> Any:
        found = original(self, location)
        opened.append(len(found))
        return found

    LakeFileIO.new_input = new_input  # type: ignore[method-assign]
    try:
        yield opened
    finally:
        LakeFileIO.new_input = original  # type: ignore[method-assign]
