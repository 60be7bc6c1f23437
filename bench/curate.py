"""curate against DuckDB alone: the statements of `regulars.domain.curation` through the local Athena, and a COPY of the same raw objects to Parquet.

Ours does more with them: it asks what waits, keeps the first copy of each event, leaves out what `events` has, and commits to Iceberg.
Then all of it once more, which must move nothing.
"""

import tempfile
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from bench import retailer
from bench.table import BenchRow
from regulars.domain.curation import OVERLAP, Backlog, backlog_sql, chunks, insert_sql

if TYPE_CHECKING:
    from regulars.adapters.athena_queries import AthenaQueries

HOUSEHOLDS: Final = 1000
ROWS_PER_STATEMENT: Final = 40_000
TURNS: Final = 3
RAW_COLUMNS: Final = (
    "message_id, user_id, anonymous_id, type, event_name, event_ts TIMESTAMP, received_ts TIMESTAMP, properties, context, traits, "
    "device_id, device_token, platform"
)


class Cost(NamedTuple):
    """Of one job, in seconds."""

    cpu: float
    wall: float


def rows() -> list[BenchRow]:
    raw = retailer.raw_events(HOUSEHOLDS)
    firsts, agains, copies = [], [], []
    with retailer.lake(), tempfile.TemporaryDirectory() as folder:
        _write(Path(folder), raw.objects)
        for turn in range(TURNS):
            retailer.put(raw.objects)  # new objects: nothing of them is unpacked yet
            queries = retailer.database(f"curate{turn}")
            firsts.append(_curated(queries, raw, expected=raw.events))
            agains.append(_curated(queries, raw, expected=0))
            copies.append(_copied(Path(folder), raw.events))
    first, again, copy = min(firsts), min(agains), min(copies)
    peer = f"DuckDB's COPY to Parquet; {raw.events:,} events of {HOUSEHOLDS:,} households"
    return [
        BenchRow("curate: rate", raw.events / first.wall, raw.events / copy.wall, copy.wall / first.wall, "rows/s", f"{peer}; higher is better"),
        BenchRow("curate: CPU", first.cpu, copy.cpu, first.cpu / copy.cpu, "s", f"{peer}; lower is better"),
        BenchRow("curate again: CPU", again.cpu, first.cpu, again.cpu / first.cpu, "s", "the first time; the second moves nothing"),
    ]


def _curated(queries: "AthenaQueries", raw: retailer.RawEvents, *, expected: int) -> Cost:
    """What `curate` does up to the merges; when nothing waits, the INSERT of everything is run all the same."""
    cpu, wall = time.process_time(), time.perf_counter()
    since, until = raw.written - OVERLAP, raw.written
    backlog = [
        Backlog(datetime.strptime(str(row["month"]), "%Y-%m").replace(tzinfo=UTC), str(row["event_name"]), int(row["waiting"] or 0))
        for row in queries.all_rows(backlog_sql(since, until))
    ]
    for chunk in chunks(backlog, rows=ROWS_PER_STATEMENT) or YEAR:
        queries.run(insert_sql(chunk, since, until, curated=until))
    cost = Cost(time.process_time() - cpu, time.perf_counter() - wall)
    moved = sum(part.rows for part in backlog)
    (found,) = queries.all_rows("SELECT count(*) AS events FROM events")
    if moved != expected or found["events"] != str(raw.events):
        raise AssertionError(f"{moved} events waited in place of {expected}, and {found['events']} of {raw.events} are there")
    return cost


def _write(folder: Path, objects: Mapping[str, bytes]) -> None:
    for number, body in enumerate(objects.values()):
        (folder / f"{number}.json.gz").write_bytes(body)
