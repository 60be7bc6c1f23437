"""curate against DuckDB alone: the statements of `regulars.domain.curation` through the local Athena, and a COPY of the same raw objects to Parquet.

Ours does more with them: it asks what waits, keeps the first copy of each event, leaves out what `events` has, and commits to Iceberg.
Then the same statements once more, as after a run that died before it could say that it was done: they must move nothing.
"""

import tempfile
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from bench import retailer
from bench.table import BenchRow
from regulars.domain.curation.plan import OVERLAP, Backlog, Chunk, chunks
from regulars.domain.curation.statements import backlog_sql, insert_sql
from regulars.domain.lake.tables import RAW_EVENTS

if TYPE_CHECKING:
    from regulars.adapters.athena_queries import AthenaQueries

HOUSEHOLDS: Final = 1000
ROWS_PER_STATEMENT: Final = 40_000
TURNS: Final = 3


class Cost(NamedTuple):
    """Of one job, in seconds."""

    cpu: float
    wall: float


def rows() -> list[BenchRow]:
    raw = retailer.raw_events(HOUSEHOLDS)
    first, again, copy = _best_of_turns(raw)
    peer = f"DuckDB's COPY to zstd Parquet; {raw.events:,} events of {HOUSEHOLDS:,} households"
    return [
        BenchRow("curate: rate", raw.events / first.wall, raw.events / copy.wall, copy.wall / first.wall, "rows/s", f"{peer}; higher is better"),
        BenchRow("curate: CPU", first.cpu, copy.cpu, first.cpu / copy.cpu, "s", f"{peer}; lower is better"),
        BenchRow("curate again: CPU", again.cpu, first.cpu, again.cpu / first.cpu, "s", "the first time; the second moves nothing"),
    ]


def _best_of_turns(raw: retailer.RawEvents) -> tuple[Cost, Cost, Cost]:
    firsts, agains, copies = [], [], []
    with retailer.lake(), tempfile.TemporaryDirectory() as folder:
        _write(Path(folder), raw.objects)
        for turn in range(TURNS):
            retailer.put(raw.objects)  # new objects, of which nothing is unpacked yet
            queries = retailer.database(f"curate{turn}")
            cost, cut, waited = _curated(queries, raw, ())
            firsts.append(cost)
            cost, _, waits = _curated(queries, raw, cut)
            agains.append(cost)
            (found,) = queries.all_rows("SELECT count(*) AS events FROM events")
            if (waited, waits, found["events"]) != (raw.events, 0, str(raw.events)):
                raise AssertionError(f"{waited} of {raw.events} events waited, then {waits}; {found['events']} have arrived")
            copies.append(_copied(Path(folder), raw.events))
    return min(firsts), min(agains), min(copies)


def _curated(queries: "AthenaQueries", raw: retailer.RawEvents, known: Sequence[Chunk]) -> tuple[Cost, Sequence[Chunk], int]:
    """What `curate` does up to the merges: cost, statements, and how many events waited. `known` are the statements where nothing waits."""
    cpu, wall = time.process_time(), time.perf_counter()
    since, until = raw.written - OVERLAP, raw.written
    backlog = [
        Backlog(datetime.strptime(str(row["month"]), "%Y-%m").replace(tzinfo=UTC), str(row["event_name"]), int(row["waiting"] or 0))
        for row in queries.all_rows(backlog_sql(since, until))
    ]
    cut = chunks(backlog, rows=ROWS_PER_STATEMENT) or known
    for chunk in cut:
        queries.run(insert_sql(chunk, since, until, curated=until))
    cost = Cost(time.process_time() - cpu, time.perf_counter() - wall)
    return cost, cut, sum(part.rows for part in backlog)


def _copied(folder: Path, events: int) -> Cost:
    """DuckDB's own files and gzip, two threads as the local Athena has."""
    import duckdb

    kinds = ", ".join(f"{column}: '{'TIMESTAMP' if kind == 'timestamp' else 'VARCHAR'}'" for column, kind in RAW_EVENTS.types.items())
    source = f"read_json('{folder}/*.json.gz', format='newline_delimited', columns={{{kinds}}})"
    cpu, wall = time.process_time(), time.perf_counter()
    with duckdb.connect(config={"threads": 2}) as connection:
        copied = connection.execute(f"COPY (SELECT * FROM {source}) TO '{folder}/events.parquet' (FORMAT parquet, COMPRESSION zstd)").fetchall()
    cost = Cost(time.process_time() - cpu, time.perf_counter() - wall)
    if copied != [(events,)]:
        raise AssertionError(f"DuckDB copied {copied} in place of {events} rows")
    return cost


def _write(folder: Path, objects: Mapping[str, bytes]) -> None:
    for number, body in enumerate(objects.values()):
        (folder / f"{number}.json.gz").write_bytes(body)
