"""What arrived in an hour, by source and name, curated or not: raw JSON in DuckDB.

    python examples/arriving_now.py BUCKET --hour 2026-11-21T09

An event is among the raw objects some seconds after it was accepted, and a quarter of an hour later in `events`. It needs to read `raw/`, which
LakeReaderPolicy does not give. PyAthena brings a file system that DuckDB can use, so that no extension of DuckDB's has to be loaded.
"""

import argparse
from datetime import datetime
from typing import NamedTuple

import duckdb
from pyathena.filesystem.s3 import S3FileSystem

ARRIVED = """
SELECT source, coalesce(other_name, event_name) AS name, count(DISTINCT message_id) AS events, max(received_ts) AS latest
FROM read_json(?, format = 'newline_delimited', columns = {source: 'VARCHAR', event_name: 'VARCHAR', other_name: 'VARCHAR',
  message_id: 'VARCHAR', received_ts: 'TIMESTAMP'})
GROUP BY ALL ORDER BY events DESC, name
"""


class Arrived(NamedTuple):
    source: str | None
    name: str
    events: int
    latest: datetime


def arriving_now(bucket: str, hour: datetime) -> list[Arrived]:
    """`hour` is in UTC. Nothing where there are no objects of it."""
    files, objects = S3FileSystem(), f"s3://{bucket}/raw/events/dt={hour:%Y-%m-%d}/hh={hour:%H}/**/*.json.gz"
    if not files.glob(objects):
        return []
    with duckdb.connect() as connection:
        connection.register_filesystem(files)
        return [Arrived(*row) for row in connection.execute(ARRIVED, [objects]).fetchall()]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="What arrived in an hour")
    parser.add_argument("bucket")
    parser.add_argument("--hour", type=datetime.fromisoformat, required=True, help="in UTC, as 2026-11-21T09")
    asked = parser.parse_args()
    for found in arriving_now(asked.bucket, asked.hour):
        print(f"{found.events:>8,}  {found.source or '-'}  {found.name}  latest {found.latest:%H:%M:%S}")
