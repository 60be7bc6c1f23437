"""A lake as it would stand after so many days, written in bulk through the local engine's own Iceberg writer.

Each month is one commit, and so is each of the last hours: nightly upkeep has put older files together. Rows are of the bare minimum that queries
of events look at; a message id takes the place of a real one (32 hexadecimal digits).
"""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from bench.traffic import NAMES

if TYPE_CHECKING:
    from local.athena.session import Session

RECENT_COMMITS: Final = 12
"""Commits of the last day, before the night puts them together."""
EVENTS_A_PERSON: Final = 40
"""In a month. There are as many people on the second day as after a year: what grows here is their history."""

_EVENTS: Final = """
SELECT md5($seed || '-' || n) AS message_id, 'user-' || person AS user_id, md5('a' || person) AS anonymous_id,
  CASE WHEN identifies THEN 'identify' ELSE 'track' END AS type,
  CASE WHEN identifies THEN 'identify' ELSE list_extract($names, n * 31 % 100 + 1) END AS event_name,
  happened AS event_ts, happened + INTERVAL 2 SECOND AS received_ts, happened + INTERVAL 9 MINUTE AS curated_ts,
  CASE WHEN NOT identifies THEN '{"product_id":"p-' || (n * 131 % 20000) || '","price":' || (n % 5000 / 100.0) || '}' END AS properties,
  '{"library":{"name":"analytics-kotlin","version":"1.19.1"},"app":{"name":"Shop","version":"5.2.0"}}' AS context,
  CASE WHEN identifies THEN '{"tier":"gold","age":' || (n % 60 + 18) || '}' END AS traits,
  'phone-' || person AS device_id, NULL::VARCHAR AS device_token, 'android' AS platform
FROM (
  SELECT n, n * 7919 % $people AS person, n % 50 = 0 AS identifies, $start::TIMESTAMP + to_seconds($seconds * n / $rows) AS happened
  FROM range($rows::BIGINT) AS r(n)
) AS numbered
"""

_KNOWN: Final = """
SELECT strftime(event_ts, '%Y-%m-%d') AS period,
  ('0x' || sha256(concat_ws(chr(10), message_id, user_id, anonymous_id, type, event_name))[1:15])::BIGINT AS message_hash
FROM (:events) AS remembered
""".replace(":events", _EVENTS)

_PEOPLE: Final = """
SELECT 'user-' || n AS user_id, $start::TIMESTAMP AS first_seen_ts, $start::TIMESTAMP + INTERVAL 1 DAY AS last_seen_ts,
  '{"tier":"gold","age":' || (n % 60 + 18) || ',"email":"user-' || n || '@shop.example"}' AS traits
FROM range(1, $people::BIGINT) AS r(n)
"""

_DEVICES: Final = """
SELECT 'phone-' || n AS device_id, 'user-' || n AS user_id, lpad(n::VARCHAR, 8, '0') || ':APA91b' || repeat(md5(n::VARCHAR), 4) AS token,
  'android' AS platform, $start::TIMESTAMP AS last_seen_ts
FROM range(1, $people::BIGINT) AS r(n)
"""


def people(events_a_day: int) -> int:
    """How many there are."""
    return events_a_day * 30 // EVENTS_A_PERSON


def build(database: str, *, days: int, events_a_day: int, until: datetime) -> None:
    """`events` and what is made of them, as they would stand at `until`. Everybody but user-0 is new to the lake."""
    known = people(events_a_day)
    names = [name for name, weight in NAMES for _ in range(weight)]
    for number, (start, end) in enumerate(_spans(until - timedelta(days=days), until)):
        seconds = (end - start).total_seconds()
        rows = round(events_a_day * seconds / 86400)
        named = {"seed": str(number), "people": known, "names": names, "start": _naive(start), "seconds": int(seconds), "rows": rows}
        _append(database, "events", _EVENTS, named)
        _append(database, "known_messages", _KNOWN, named)
    start = _naive(until - timedelta(days=days))
    _append(database, "people", _PEOPLE, {"people": known, "start": start})
    _append(database, "devices", _DEVICES, {"people": known, "start": start})


def fill_people(database: str, *, count: int, at: datetime) -> None:
    """`people` and `devices` alone."""
    for table, sql in (("people", _PEOPLE), ("devices", _DEVICES)):
        _append(database, table, sql, {"people": count, "start": _naive(at)})


def token_tail(number: int) -> str:
    """The rest of a device's token, as `devices` has it."""
    return hashlib.md5(str(number).encode(), usedforsecurity=False).hexdigest() * 4


def _spans(start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Months up to yesterday, then the last day in pieces."""
    yesterday = end - timedelta(days=1)
    while start < yesterday:
        following = min(_next_month(start), yesterday)
        yield start, following
        start = following
    piece = timedelta(days=1) / RECENT_COMMITS
    for number in range(RECENT_COMMITS):
        yield yesterday + number * piece, yesterday + (number + 1) * piece


def _next_month(moment: datetime) -> datetime:
    return datetime(moment.year + moment.month // 12, moment.month % 12 + 1, 1, tzinfo=UTC)


def _naive(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)


def _append(database: str, table: str, sql: str, named: dict[str, Any]) -> None:
    import duckdb

    from local.athena import iceberg, iceberg_write

    if not _has(database, table):
        return
    used = {name: value for name, value in named.items() if f"${name}" in sql}
    session = _session(database)
    target = iceberg.load(session, database, table)
    with duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar = false")
        rows = connection.sql(sql, params=used).to_arrow_table()
    given = rows.select([field.name for field in target.schema().fields if field.name in rows.column_names])
    iceberg_write.append(target, _completed(target, given))


def _has(database: str, table: str) -> bool:
    """Whether the lake of this checkout has the table."""
    import boto3

    return table in {each["Name"] for each in boto3.client("glue").get_tables(DatabaseName=database)["TableList"]}


def _completed(target: Any, rows: Any) -> Any:
    """With a column of NULLs for each that a table has beside those known here, in the table's order."""
    import pyarrow
    from pyiceberg.io.pyarrow import schema_to_pyarrow

    wanted = schema_to_pyarrow(target.schema(), include_field_ids=False)
    columns = [rows[field.name] if field.name in rows.column_names else pyarrow.nulls(len(rows), field.type) for field in wanted]
    return pyarrow.table(columns, names=wanted.names)


def _session(database: str) -> "Session":
    from local.athena.objects import Objects
    from local.athena.session import Session
    from local.resources.site import ACCOUNT, REGION

    return Session(Objects(ACCOUNT), region=REGION, database=database)
