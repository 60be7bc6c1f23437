"""curate against DuckDB alone: the statements of `regulars.domain.curation` through the local Athena, and a COPY of the same raw objects to Parquet.

Ours does more with them: it asks what waits, keeps the first copy of each event, leaves out what `events` has, and commits to Iceberg.
Then the same statements once more, as after a run that died before it could say that it was done: they must move nothing.

And what one curate of fresh events reads on the 400th day and on the 2nd, counted; with what telling copies apart costs at ten million events a day.
"""

import tempfile
import time
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from bench import history, retailer
from bench.table import BenchRow
from regulars.domain.curation.inserted import Inserted
from regulars.domain.curation.landing import landed
from regulars.domain.curation.plan import Backlog, chunks
from regulars.domain.curation.state import BEGINNING
from regulars.domain.curation.statements import backlog_sql, insert_sql
from regulars.domain.lake.tables import RAW_EVENTS
from regulars.domain.prices import athena_usd, s3_usd

if TYPE_CHECKING:
    from regulars.adapters.athena_queries import AthenaQueries

HOUSEHOLDS: Final = 1000
ROWS_PER_STATEMENT: Final = 40_000
TURNS: Final = 3
DAYS: Final = (2, 400)
EVENTS_A_DAY: Final = 5_000
FRESH: Final = 1_000
MILLIONS_A_DAY: Final = 10
CURATES_A_DAY: Final = 96
BUSIER: Final = 4
ID_BYTES: Final = 60
"""Of a message id and three times in Parquet: a random uuid and little else, at most."""
REQUESTS_A_FILE: Final = 3
"""A file's length and footer, and its one column that is read; half a day of files that the night has not joined is 48, taken for 96."""


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
        *_over_the_years(),
    ]


def _over_the_years() -> list[BenchRow]:
    measured = []
    for days in DAYS:
        with retailer.lake():
            measured.append(history.one_more_curate(f"day{days}", days=days, events_a_day=EVENTS_A_DAY, fresh=FRESH))
    (young, young_read), (old, old_read) = measured
    with retailer.lake():
        _, busy_read = history.one_more_curate("busy", days=DAYS[0], events_a_day=EVENTS_A_DAY * BUSIER, fresh=FRESH)
    size = f"day {DAYS[0]} in place of day {DAYS[1]}; {EVENTS_A_DAY:,} events a day, {FRESH:,} fresh"
    requests = sum(old_read.requests.values()), sum(young_read.requests.values())
    usd = _dedupe_usd(young_read, busy_read)
    return [
        BenchRow("curate: bytes read", old.bytes_scanned / 1e6, young.bytes_scanned / 1e6, old.bytes_scanned / young.bytes_scanned, "MB", size),
        BenchRow("curate: requests", *requests, requests[0] / requests[1], "", size),
        BenchRow(
            "curate: dedupe",
            usd,
            0.03,
            usd / 0.03,
            "$/1M events",
            f"the most it may be, at {MILLIONS_A_DAY} million events a day; from bytes counted at two sizes",
        ),
    ]


def _dedupe_usd(few: history.Read, many: history.Read) -> float:
    """A million events' share: each run reads the hashes of the day before and, on average, of half a day, and what it inserted to make it known.

    Bytes a hash are the difference between two lakes of which one has so many times the events: footers and metadata are the same in both.
    """
    more = EVENTS_A_DAY * (BUSIER - 1) * (1 + history.HOURS / 24)
    hash_bytes = (many.bytes["known_messages"] - few.bytes["known_messages"]) / more
    looked_at = athena_usd(int(1.5 * MILLIONS_A_DAY * 1e6 * hash_bytes))
    made_known = athena_usd(int(ID_BYTES * MILLIONS_A_DAY * 1e6 / CURATES_A_DAY))
    gets = many.requests["known_messages"] + REQUESTS_A_FILE * CURATES_A_DAY
    return CURATES_A_DAY * (looked_at + made_known + s3_usd(gets=gets)) / MILLIONS_A_DAY


def _best_of_turns(raw: retailer.RawEvents) -> tuple[Cost, Cost, Cost]:
    firsts, agains, copies = [], [], []
    with retailer.lake(), tempfile.TemporaryDirectory() as folder:
        _write(Path(folder), raw.objects)
        for turn in range(TURNS):
            retailer.put(raw.objects)  # new objects, of which nothing is unpacked yet
            queries = retailer.database(f"curate{turn}")
            firsts.append(_curated(queries, raw))
            agains.append(_curated(queries, raw))
            (found,) = queries.all_rows("SELECT count(*) AS events FROM events")
            if found["events"] != str(raw.events):
                raise AssertionError(f"{found['events']} of {raw.events} events have arrived")
            copies.append(_copied(Path(folder), raw.events))
    return min(firsts), min(agains), min(copies)


def _curated(queries: "AthenaQueries", raw: retailer.RawEvents) -> Cost:
    """What `curate` does until all events are there."""
    cpu, wall = time.process_time(), time.perf_counter()
    objects = landed(raw.objects, raw.written)
    assert objects is not None
    backlog = [
        Backlog(date.fromisoformat(str(row["day"])), str(row["event_name"]), int(row["waiting"] or 0))
        for row in queries.all_rows(backlog_sql(objects))
    ]
    for chunk in chunks(backlog, rows=ROWS_PER_STATEMENT):
        queries.run(insert_sql(chunk, objects, unknown=Inserted(BEGINNING), curated=raw.written))
    return Cost(time.process_time() - cpu, time.perf_counter() - wall)


def _copied(folder: Path, events: int) -> Cost:
    """DuckDB's own files and gzip, two threads as the local Athena has."""
    import duckdb

    kinds = ", ".join(f"{column}: '{'TIMESTAMP' if kind == 'timestamp' else 'VARCHAR'}'" for column, kind in RAW_EVENTS.types.items())
    source = f"read_json('{folder}/*.json.gz', format='newline_delimited', columns={{{kinds}}})"
    cpu, wall = time.process_time(), time.perf_counter()
    with duckdb.connect(config={"threads": 2}) as connection:
        connection.execute("SET enable_progress_bar = false")
        copied = connection.execute(f"COPY (SELECT * FROM {source}) TO '{folder}/events.parquet' (FORMAT parquet, COMPRESSION zstd)").fetchall()
    cost = Cost(time.process_time() - cpu, time.perf_counter() - wall)
    if copied != [(events,)]:
        raise AssertionError(f"DuckDB copied {copied} in place of {events} rows")
    return cost


def _write(folder: Path, objects: Mapping[str, bytes]) -> None:
    for number, body in enumerate(objects.values()):
        (folder / f"{number}.json.gz").write_bytes(body)
