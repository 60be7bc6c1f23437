"""A lake as so many days of curates and nightly upkeep leave it, written at once: what one more curate reads of it.

`events` has one data file a month and name, `known_messages` one a day, but for the last day: its curates' own files lie there as they were
committed, because the night is still to come. People are the same few throughout: how many there are is another matter than how long they have been.
"""

import gzip
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import orjson

from bench import retailer
from bench.stand_ins import NoProfiles
from regulars.adapters.s3_objects import S3Objects
from regulars.domain.curation.landing import folder
from regulars.domain.curation.state import CurateState
from regulars.ports import Stored
from regulars.usecases.curate import CurateResult, curate

if TYPE_CHECKING:
    from pyarrow import Table

HOURS: Final = 1
UNTIL: Final = datetime(2026, 11, 20, HOURS, tzinfo=UTC)
NAMES: Final = ("Product Viewed", "Product Added", "Order Completed", "identify")
PEOPLE: Final = 500
QUARTER: Final = timedelta(minutes=15)

_EVENTS: Final = f"""
SELECT strftime(start, '%Y%m%d%H%M') || '-' || md5(n || start::VARCHAR) AS message_id, 'u' || n % {PEOPLE} AS user_id, NULL::VARCHAR AS anonymous_id,
  'track' AS type, $names[1 + n % {len(NAMES)}] AS event_name, start + to_microseconds(CAST(n * $span // events AS BIGINT)) AS event_ts,
  event_ts AS received_ts, event_ts AS curated_ts, '{{"sku": "' || md5(message_id) || '"}}' AS properties, NULL::VARCHAR AS context,
  NULL::VARCHAR AS traits, NULL::VARCHAR AS device_id, NULL::VARCHAR AS device_token, NULL::VARCHAR AS platform,
  NULL::VARCHAR AS other_name, 'app' AS source, 0 AS place, NULL::VARCHAR AS corrections, NULL::VARCHAR AS violations, NULL::VARCHAR AS traffic,
  NULL::BOOLEAN AS historical, NULL::VARCHAR AS device_fid
FROM (SELECT start, $events AS events, unnest(range($events)) AS n FROM (SELECT unnest($starts) AS start))
"""
_KNOWN: Final = """
SELECT strftime(event_ts, '%Y-%m-%d') AS period,
  ('0x' || substr(sha256(concat_ws(chr(10), message_id, user_id, coalesce(anonymous_id, ''), type, event_name)), 1, 15))::BIGINT AS message_hash
FROM events
"""


@dataclass
class Read:
    """What was read of the objects of each table, metadata included."""

    bytes: Counter[str] = field(default_factory=Counter)
    requests: Counter[str] = field(default_factory=Counter)

    def count(self, path: str, size: int) -> None:
        table = next((part for part in ("known_messages", "raw", "events", "people", "devices") if f"/{part}/" in path), "other")
        self.bytes[table] += size
        self.requests[table] += 1


@dataclass(frozen=True)
class _Clock:
    moment: datetime

    def now(self) -> datetime:
        return self.moment


@dataclass
class _State:
    stored: Stored[CurateState]

    def get(self) -> Stored[CurateState]:
        return self.stored

    def put(self, state: CurateState, *, expected: int) -> None:
        self.stored = Stored(state, expected + 1)


def one_more_curate(name: str, *, days: int, events_a_day: int, fresh: int) -> tuple[CurateResult, Read]:
    """What a curate of so many fresh events reads after so many days. Call it within `retailer.lake`."""
    import boto3

    queries = retailer.database(name)
    _write(name, days, events_a_day)
    state = _State(Stored(CurateState(started_at=UNTIL).finished(UNTIL), 1))
    for moment in (UNTIL, UNTIL + QUARTER):  # the first makes the tables of people and devices what they are
        body = _raw_object(moment, fresh)
        boto3.client("s3", region_name=retailer.REGION).put_object(Bucket=retailer.BUCKET, Key=f"{folder(moment)}{name}.json.gz", Body=body)
        with _counted() as read:
            clock = _Clock(moment + timedelta(minutes=2))
            objects = S3Objects(retailer.BUCKET)
            result = curate(queries=queries, objects=objects, profiles=NoProfiles(), state=state, clock=clock, rows_per_statement=1_000_000)
    return result, read


def _write(database: str, days: int, events_a_day: int) -> None:
    """The last `days` days before the one of `UNTIL`, a commit a month, then that day's curates up to it."""
    midnight = UNTIL.replace(hour=0, minute=0)
    months: dict[str, list[datetime]] = {}
    for number in range(days):
        day = midnight - timedelta(days=days - number)
        months.setdefault(f"{day:%Y-%m}", []).append(day)
    for starts in months.values():
        _append(database, starts, timedelta(days=1), events_a_day)
    for number in range((UNTIL - midnight) // QUARTER):
        _append(database, [midnight + number * QUARTER], QUARTER, events_a_day * QUARTER // timedelta(days=1))


def _append(database: str, starts: list[datetime], span: timedelta, events: int) -> None:
    """One commit to each table, of so many events from each of these moments on, evenly over the span."""
    import duckdb
    from moto.core import DEFAULT_ACCOUNT_ID

    from local.athena import iceberg, iceberg_write

    glue = iceberg.catalog(DEFAULT_ACCOUNT_ID, "aws", retailer.REGION)
    values = {
        "names": list(NAMES),
        "span": span // timedelta(microseconds=1),
        "events": events,
        "starts": [start.replace(tzinfo=None) for start in starts],
    }
    with duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar = false")
        rows: Table = connection.sql(_EVENTS, params=values).to_arrow_table()
        iceberg_write.append(glue.load_table((database, "events")), rows)
        connection.register("events", rows)
        iceberg_write.append(glue.load_table((database, "known_messages")), connection.sql(_KNOWN).to_arrow_table())


def _raw_object(until: datetime, events: int) -> bytes:
    """What `load` would write of so many fresh events."""
    return gzip.compress(b"".join(orjson.dumps(_row(until, number)) + b"\n" for number in range(events)))


def _row(until: datetime, number: int) -> Mapping[str, str]:
    moment = f"{until - timedelta(seconds=number % 600):%Y-%m-%d %H:%M:%S}.000"
    event = {"message_id": f"fresh-{until:%d%H%M}-{number}", "user_id": f"u{number % PEOPLE}", "event_ts": moment, "received_ts": moment}
    return event | {"type": "track", "event_name": NAMES[number % len(NAMES)], "properties": '{"sku": "s"}'}


@contextmanager
def _counted() -> Iterator[Read]:
    """What the local Athena reads meanwhile, by DuckDB and by pyiceberg."""
    from local.athena.objects import CountedReader, LakeFileIO, LakeFileSystem, Objects

    read = Read()
    opened, named = LakeFileSystem._open, LakeFileIO.new_input

    class Counting(CountedReader):
        def __init__(self, objects: Objects, body: bytes, path: str) -> None:
            super().__init__(objects, body)
            self.path = path

        def _count(self, size: int) -> None:
            read.count(self.path, size)
            super()._count(size)

    def _open(self: LakeFileSystem, path: str, mode: str = "rb", **_: Any) -> Any:
        return Counting(self._objects, self._found(path).value, path)

    def new_input(self: LakeFileIO, location: str) -> Any:
        found = named(self, location)
        found.open = lambda seekable=True: Counting(self.objects, self.objects.content(location), location)  # type: ignore[method-assign]
        return found

    LakeFileSystem._open, LakeFileIO.new_input = _open, new_input  # type: ignore[method-assign]
    try:
        yield read
    finally:
        LakeFileSystem._open, LakeFileIO.new_input = opened, named  # type: ignore[method-assign]
