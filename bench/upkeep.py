"""The lake after 400 commits, with the nightly upkeep against without: metadata, objects, what a query reads; and what the upkeep rewrote.

A commit is one INSERT of a few events of two names, as a quiet quarter of an hour's curate makes it: four nights and a bit of them. Two tables get
the same commits; one of them is kept every NIGHT commits by the very statements that the state machine asks. VACUUM believes that its snapshots
are old as soon as a night has passed over them twice. Bytes are those of objects: not Athena's own, but in its proportions.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from bench import retailer
from bench.table import BenchRow
from regulars.domain.lake.tables import EVENTS
from regulars.domain.lake.upkeep import Fragmented, fragmented_sql, optimize_sql, vacuum_sql

if TYPE_CHECKING:
    from regulars.adapters.athena_queries import AthenaQueries

COMMITS: Final = 400
NIGHT: Final = 96
"""Commits between two nights: one each quarter of an hour."""
EVENTS_A_COMMIT: Final = 40
NUMBERS: Final = ", ".join(f"({n})" for n in range(EVENTS_A_COMMIT))
ADD: Final = """
INSERT INTO events (message_id, user_id, event_name, event_ts, received_ts, properties)
SELECT concat('m', CAST(n AS VARCHAR), '-{commit}'), concat('u', CAST(n AS VARCHAR)),
  CASE WHEN n % 4 = 0 THEN 'Order Completed' ELSE 'Product Viewed' END,
  TIMESTAMP '2026-07-05 10:00:00', TIMESTAMP '2026-07-05 10:00:00', '{{"total": 12.5, "currency": "EUR"}}'
FROM (VALUES {numbers}) AS t (n)
"""
ASK: Final = "SELECT user_id, count(*) AS orders FROM events WHERE event_name = 'Order Completed' GROUP BY user_id ORDER BY user_id"


@dataclass
class Kept:
    """What lies in a table's folder, and what was read."""

    queries: "AthenaQueries" = field(repr=False)
    newest_metadata: int = 0
    """Bytes of the current metadata file, which every query and commit reads whole."""
    metadata_bytes: int = 0
    objects: int = 0
    data_bytes: int = 0
    read: int = 0
    rewritten: int = 0


def rows() -> list[BenchRow]:
    with_it, without = measure()
    return [
        _row("metadata file after 400 commits", with_it.newest_metadata / 1e3, without.newest_metadata / 1e3, "kB"),
        _row("metadata after 400 commits", with_it.metadata_bytes / 1e6, without.metadata_bytes / 1e6, "MB"),
        _row("objects after 400 commits", with_it.objects, without.objects, ""),
        _row("a query after 400 commits: read", with_it.read / 1e6, without.read / 1e6, "MB"),
        BenchRow(
            "upkeep: scanned", with_it.rewritten / 1e6, without.data_bytes / 1e6, with_it.rewritten / without.data_bytes, "MB", "the files that came"
        ),
    ]


def _row(name: str, ours: float, peer: float, unit: str) -> BenchRow:
    return BenchRow(f"upkeep: {name}", ours, peer, ours / peer, unit, "without upkeep")


def measure() -> tuple[Kept, Kept]:
    """With upkeep, and without."""
    with retailer.lake():
        kept, left = (Kept(retailer.database(name)) for name in ("kept", "left"))
        for queries in (kept.queries, left.queries):
            queries.run(
                "ALTER TABLE events SET TBLPROPERTIES ('vacuum_max_snapshot_age_seconds' = '259200', 'vacuum_max_metadata_files_to_keep' = '20')"
            )
        with _nights() as pass_night:
            for commit in range(COMMITS):
                for queries in (kept.queries, left.queries):
                    queries.run(ADD.format(commit=commit, numbers=NUMBERS))
                if commit % NIGHT == NIGHT - 1:
                    pass_night()
                    _keep(kept)
        for name, table in (("kept", kept), ("left", left)):
            _look(name, table)
        if list(kept.queries.all_rows(ASK)) != list(left.queries.all_rows(ASK)):
            raise AssertionError("upkeep changed an answer")
    return kept, left


def _keep(table: Kept) -> None:
    found = [
        Fragmented({k: str(v) for k, v in row.items() if k != "files"}, int(row["files"] or 0))
        for row in table.queries.all_rows(fragmented_sql(EVENTS))
    ]
    for sql in optimize_sql(EVENTS, found):
        table.rewritten += table.queries.run(sql).bytes_scanned
    table.queries.run(vacuum_sql(EVENTS))


@contextmanager
def _nights() -> Iterator[Any]:
    """What VACUUM takes for the moment is set forward: a night later, what came before the night before it is four days old."""
    from local.athena import vacuum

    original, nights = vacuum.moment, [datetime.now(UTC)]

    def pass_night() -> None:
        before = nights[-1]
        nights.append(datetime.now(UTC))
        vacuum.moment = lambda: before + timedelta(days=3)

    try:
        yield pass_night
    finally:
        vacuum.moment = original


def _look(name: str, table: Kept) -> None:
    import boto3

    pages = boto3.client("s3", region_name=retailer.REGION).get_paginator("list_objects_v2")
    found = [one for page in pages.paginate(Bucket=retailer.BUCKET, Prefix=f"lake/{name}/events/") for one in page["Contents"]]
    metadata = [one for one in found if "/metadata/" in one["Key"]]
    table.objects = len(found)
    table.metadata_bytes = sum(one["Size"] for one in metadata)
    table.data_bytes = int(next(iter(table.queries.all_rows('SELECT sum(total_size) AS bytes FROM "events$partitions"')))["bytes"] or 0)
    table.newest_metadata = max((one for one in metadata if one["Key"].endswith(".metadata.json")), key=lambda one: one["Key"])["Size"]
    table.read = table.queries.run(ASK).bytes_scanned


if __name__ == "__main__":
    began = time.monotonic()
    print(*measure(), f"{time.monotonic() - began:.0f} s", sep="\n")
