"""The shop's events in both layouts, in the local Athena: NDJSON.gz by day, and the lake as curates and nightly upkeep leave it.

A process of its own makes the lake: data files by the local Athena's own writer, one commit a month and one of the last half day (INSERT would keep
all columns of a statement in memory, and curate's look for copies is measured elsewhere), then `people` and `identities` by curate's own statements.
It leaves objects as files; whoever opens them has a process that has done nothing else, whose memory can be told.
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bench import retailer, shop
from regulars.domain.curation.identities import identities_sql
from regulars.domain.curation.inserted import Inserted
from regulars.domain.curation.merges import people_sql
from regulars.domain.curation.state import BEGINNING
from regulars.domain.lake.tables import TABLES

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from regulars.adapters.athena_queries import AthenaQueries

DATABASE: Final = "shop"
ICEBERG: Final = tuple(table.name for table in TABLES if table.iceberg)
THREADS: Final = 2


def make(folder: Path, size: shop.Size, *, by_day: bool = True) -> Mapping[str, str]:
    """Writes all objects below the folder, in a process of its own; gives the place of the metadata of each Iceberg table. `by_day`: as NDJSON,
    too."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(_made, folder, size, by_day).result()


@contextmanager
def opened(folder: Path, metadata: Mapping[str, str]) -> Iterator["AthenaQueries"]:
    """What `make` made, to be asked."""
    with retailer.lake():
        queries = _database()
        _put(folder)
        for name, location in metadata.items():
            _catalog().drop_table((DATABASE, name))
            _catalog().register_table((DATABASE, name), location)
        yield queries


def _made(folder: Path, size: shop.Size, by_day: bool) -> dict[str, str]:
    events = shop.drawn(size)
    with retailer.lake():
        queries = _database()
        for start, end in _months():
            _commit(events, start, end)
        with ThreadPoolExecutor(THREADS) as threads:
            list(threads.map(lambda day: _write_day(events, day, folder), _days() if by_day else ()))
        events.close()
        for sql in (people_sql, identities_sql):
            queries.run(sql(Inserted(BEGINNING)))
        return _kept(folder)


def append(table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """One more snapshot of an opened lake, with these rows: all columns of each."""
    import pyarrow

    from local.athena import iceberg_write

    into = _catalog().load_table((DATABASE, table))
    ordered = pyarrow.Table.from_pylist(rows).select([field.name for field in into.schema().fields])
    with into.transaction() as transaction, transaction.update_snapshot().fast_append() as snapshot:
        for data_file in iceberg_write.written(into, ordered, uuid.uuid4()):
            snapshot.append_data_file(data_file)


def _database() -> "AthenaQueries":
    import boto3

    from bench import schema
    from regulars.adapters.athena_queries import AthenaQueries

    boto3.client("glue", region_name=retailer.REGION).create_database(DatabaseInput={"Name": DATABASE})
    queries = AthenaQueries(database=DATABASE, work_group="bench", client=boto3.client("athena", region_name=retailer.REGION))
    for ddl in schema.statements(retailer.BUCKET):
        queries.run(ddl.replace("2026-01-01,NOW+1DAYS", "2017-01-01,2017-12-31"))
    return queries


def _days() -> Iterator[datetime]:
    return (shop.START + timedelta(days=number) for number in range(shop.DAYS))


def _months() -> Iterator[tuple[datetime, datetime]]:
    """And the last half day by itself: what came since an upkeep lies beside what it joined."""
    firsts = [day for day in _days() if day.day == 1]
    return pairwise([shop.START, *firsts, shop.NOON, shop.AS_OF])


def _write_day(events: "DuckDBPyConnection", day: datetime, folder: Path) -> None:
    """Packed as `load` packs."""
    import zlib

    from isal import isal_zlib

    place = folder / f"raw/events/dt={day:%Y-%m-%d}/hh=00"
    place.mkdir(parents=True)
    packing = isal_zlib.compressobj(1, wbits=16 + zlib.MAX_WBITS)
    with (place / "events.json.gz").open("wb") as file:
        for text in shop.lines(events, day, day + timedelta(days=1)):
            file.write(packing.compress(text))
        file.write(packing.flush())


def _commit(events: "DuckDBPyConnection", start: datetime, end: datetime) -> None:
    """One snapshot, of the data files of each name."""
    from local.athena import iceberg_write

    table = _catalog().load_table((DATABASE, "events"))

    def written(name: str) -> list[Any]:
        batches = shop.batches(events, start, end, name)
        return [file for rows in batches for file in iceberg_write.written(table, rows, uuid.uuid4())]

    with ThreadPoolExecutor(THREADS) as threads, table.transaction() as transaction, transaction.update_snapshot().fast_append() as snapshot:
        for files in threads.map(written, shop.NAMES):
            for data_file in files:
                snapshot.append_data_file(data_file)


def _kept(folder: Path) -> dict[str, str]:
    """All objects, as files; nothing that was a result."""
    from local.athena.objects import split

    objects = _objects()
    for url in objects.under(f"s3://{retailer.BUCKET}/lake/"):
        file = folder / split(url)[1]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(objects.content(url))
    return {name: _catalog().load_table((DATABASE, name)).metadata_location for name in ICEBERG}


def _put(folder: Path) -> None:
    objects = _objects()
    for file in folder.rglob("*"):
        if file.is_file():
            objects.put(f"s3://{retailer.BUCKET}/{file.relative_to(folder)}", file.read_bytes())


def _catalog() -> Any:
    from moto.core import DEFAULT_ACCOUNT_ID

    from local.athena import iceberg

    return iceberg.catalog(DEFAULT_ACCOUNT_ID, "aws", retailer.REGION)


def _objects() -> Any:
    from moto.core import DEFAULT_ACCOUNT_ID

    from local.athena.objects import Objects

    return Objects(DEFAULT_ACCOUNT_ID)
