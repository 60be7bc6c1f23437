"""A segment over the lake's layout (Iceberg by month and event name) against the same question to NDJSON.gz by day, and against SQL written by hand.

Everything runs in the local Athena. Bytes are those that DuckDB read: not Athena's own count, but in its proportions.
Time is process time, the best of several turns that alternate.
"""

import gzip
import os
import random
import time
import uuid
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import orjson

from bench import schema
from bench.table import BenchRow
from regulars.domain.curation.identities import identities_sql
from regulars.domain.curation.inserted import Inserted
from regulars.domain.curation.state import BEGINNING
from regulars.domain.lake.moments import Moments
from regulars.domain.lake.sql import printed
from regulars.domain.segments import audience_sql, parse_rule
from regulars.domain.segments.compile.backtest import backtest_sql

EVENTS: Final = 60_000
PEOPLE: Final = 2_500
NAMES: Final = ("Order Completed", "Product Viewed", "Coupon Redeemed")
START: Final = datetime(2017, 1, 1, tzinfo=UTC)
AS_OF: Final = datetime(2017, 10, 1, tzinfo=UTC)
QUARTER: Final = Moments(AS_OF - timedelta(days=90), timedelta(days=1), 91)
RULE: Final = {"event": "Order Completed", "within": "90d", "count": {"gte": 2}}
BY_HAND: Final = """
SELECT coalesce(e.user_id, i.user_id) AS user_id FROM events AS e
LEFT JOIN identities AS i ON e.user_id IS NULL AND i.kind = 'anonymous' AND i.id = e.anonymous_id AND i.since_ts < TIMESTAMP '2017-10-01 00:00:00'
WHERE e.event_name = 'Order Completed' AND e.event_ts >= TIMESTAMP '2017-07-03 00:00:00' AND e.event_ts < TIMESTAMP '2017-10-01 00:00:00'
  AND coalesce(e.user_id, i.user_id) IS NOT NULL
GROUP BY coalesce(e.user_id, i.user_id) HAVING count(*) >= 2
"""
BY_DAY: Final = """
SELECT user_id FROM raw_events
WHERE dt >= '2017-07-03' AND dt < '2017-10-01' AND event_name = 'Order Completed'
  AND event_ts >= TIMESTAMP '2017-07-03 00:00:00' AND event_ts < TIMESTAMP '2017-10-01 00:00:00' AND user_id IS NOT NULL
GROUP BY user_id HAVING count(*) >= 2
"""
TURNS: Final = 5
REGION: Final = "us-east-1"
BUCKET: Final = "lake"
COLUMNS: Final = "message_id, user_id, anonymous_id, type, event_name, event_ts, received_ts, properties"


def rows() -> list[BenchRow]:
    from moto import mock_aws

    import local.athena

    os.environ.update(AWS_ACCESS_KEY_ID="local", AWS_SECRET_ACCESS_KEY="local", AWS_DEFAULT_REGION=REGION)
    with mock_aws():
        local.athena.install()
        try:
            return _measured(_lake())
        finally:
            local.athena.stop()


def _measured(queries: Any) -> list[BenchRow]:
    ours = printed(audience_sql(parse_rule(RULE), AS_OF, {}))
    days = printed(backtest_sql(parse_rule(RULE), QUARTER, {}))
    if sum(int(row["entered"] or 0) - int(row["gone"] or 0) for row in queries.all_rows(days)) != len(list(queries.all_rows(ours))):
        raise AssertionError("the backtest does not end with the people of the last day")
    people = {name: sorted(row["user_id"] for row in queries.all_rows(sql)) for name, sql in (("ours", ours), ("hand", BY_HAND), ("day", BY_DAY))}
    if not people["ours"] or not people["ours"] == people["hand"] == people["day"]:
        raise AssertionError("the three statements do not find the same people")
    scanned, seconds = defaultdict[str, int](int), defaultdict[str, float](lambda: float("inf"))
    for _ in range(TURNS):
        for name, sql in (("ours", ours), ("hand", BY_HAND), ("day", BY_DAY), ("backtest", days)):
            began = time.process_time()
            scanned[name] = queries.run(sql).bytes_scanned
            seconds[name] = min(seconds[name], time.process_time() - began)
    of = f"bought twice in 90 days: {len(people['ours'])} of {PEOPLE} people, {EVENTS:,} events of {len(NAMES)} names in a year"
    return [
        BenchRow("segment, read", scanned["ours"] / 1e6, scanned["day"] / 1e6, scanned["ours"] / scanned["day"], "MB", f"NDJSON.gz by day; {of}"),
        BenchRow("segment, CPU", seconds["ours"] * 1e3, seconds["day"] * 1e3, seconds["ours"] / seconds["day"], "ms", "NDJSON.gz by day"),
        BenchRow(
            "segment, CPU", seconds["ours"] * 1e3, seconds["hand"] * 1e3, seconds["ours"] / seconds["hand"], "ms", "SQL written by hand, same layout"
        ),
        BenchRow(
            "backtest, read", scanned["backtest"] / 1e6, scanned["ours"] / 1e6, scanned["backtest"] / scanned["ours"], "MB", "one evaluation; 90 days"
        ),
        BenchRow(
            "backtest, CPU", seconds["backtest"] * 1e3, seconds["ours"] * 1e3, seconds["backtest"] / seconds["ours"], "ms", "one evaluation; 90 days"
        ),
    ]


def _lake() -> Any:
    """The same events in both layouts, in a database of their own. Each person has claimed a browser."""
    import boto3

    from regulars.adapters.athena_queries import AthenaQueries

    s3, athena = boto3.client("s3", region_name=REGION), boto3.client("athena", region_name=REGION)
    s3.create_bucket(Bucket=BUCKET)
    athena.create_work_group(Name="bench", Configuration={"ResultConfiguration": {"OutputLocation": f"s3://{BUCKET}/results/"}})
    boto3.client("glue", region_name=REGION).create_database(DatabaseInput={"Name": "bench"})
    for day, body in _days(random.Random(20261121)):
        s3.put_object(Bucket=BUCKET, Key=f"raw/events/dt={day}/hh=00/events.json.gz", Body=body)
    queries = AthenaQueries(database="bench", work_group="bench", client=athena)
    for ddl in schema.statements(BUCKET):
        queries.run(ddl.replace("2026-01-01,NOW+1DAYS", "2017-01-01,2017-12-31"))
    queries.run(f"INSERT INTO events ({COLUMNS}, curated_ts) SELECT {COLUMNS}, received_ts AS curated_ts FROM raw_events")
    queries.run(identities_sql(Inserted(BEGINNING)))
    return queries


def _days(chance: random.Random) -> Iterator[tuple[str, bytes]]:
    by_day: dict[str, list[bytes]] = defaultdict(list)
    for number in range(EVENTS):
        moment = START + timedelta(seconds=chance.randrange(365 * 86_400))
        by_day[f"{moment:%Y-%m-%d}"].append(_event(chance, number, f"{moment:%Y-%m-%d %H:%M:%S}.000000"))
    for day, lines in by_day.items():
        yield day, gzip.compress(b"\n".join(lines), 1)


def _event(chance: random.Random, number: int, moment: str) -> bytes:
    """As `load` writes it, of the size of the demonstration's baskets."""
    prices = [round(chance.expovariate(0.3), 2) for _ in range(chance.randrange(1, 16))]
    products = [{"product_id": str(chance.randrange(10**6)), "price": price, "quantity": 1} for price in prices]
    properties = {"order_id": str(number), "revenue": round(sum(prices), 2), "products": products}
    person = int(PEOPLE * chance.random() ** 2)
    event = {
        "message_id": f"m{number}",
        "user_id": f"h{person}",
        "anonymous_id": str(uuid.UUID(int=person << 64)),
        "type": "track",
        "event_name": chance.choices(NAMES, (6, 3, 1))[0],
        "event_ts": moment,
        "received_ts": moment,
        "properties": orjson.dumps(properties).decode(),
    }
    return orjson.dumps(event)
