"""A shop's events, drawn by DuckDB: the same for the same size, wherever they are made. They are as an SDK in a browser sends them.

Names are skewed (20; two thirds are looked at, 4 % are orders), and so are people. A third of the events were sent before their person signed in:
they have an anonymous id only, which the same person's other events claim. What is long (ids, properties, context) is worked out of the event's
number when it is read, so that ten million events take the room of a few numbers each.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from pyarrow import Table

DAYS: Final = 60
AS_OF: Final = datetime(2017, 10, 16, tzinfo=UTC)
"""In the middle of a month, so that a window of 30 days reads two of them, as it mostly does."""
START: Final = AS_OF - timedelta(days=DAYS)
NOON: Final = AS_OF - timedelta(hours=12)
NAMES: Final[Mapping[str, int]] = {
    "Product Viewed": 300,
    "page": 180,
    "Product List Viewed": 100,
    "Product Clicked": 90,
    "Push Notification Received": 60,
    "Product Added": 60,
    "Order Completed": 40,
    "Cart Viewed": 40,
    "Products Searched": 35,
    "Checkout Started": 25,
    "identify": 15,
    "Push Notification Tapped": 10,
    "Product Removed": 10,
    "Product Added to Wishlist": 10,
    "Coupon Applied": 8,
    "Checkout Step Completed": 7,
    "Product Shared": 4,
    "Product Reviewed": 3,
    "Signed Up": 2,
    "Signed Out": 1,
}
"""Of a thousand events."""


LINES_AT_ONCE: Final = 10_000
ROWS_AT_ONCE: Final = 500_000
"""About as many as pyiceberg puts in one data file (512 MB before they are packed)."""


@dataclass(frozen=True)
class Size:
    """How much of a shop."""

    events: int
    people: int


WHOLE: Final = Size(events=10_000_000, people=200_000)

_MACROS: Final = """
CREATE MACRO draw(number, about) AS (hash(hash(number, about)) >> 11)::DOUBLE / 9007199254740992;
CREATE MACRO below(bound, number, about) AS floor(bound * draw(number, about))::INTEGER;
CREATE MACRO escaped(json) AS replace(json, '"', '\\"');
CREATE MACRO price(product) AS round(3 + product % 90 * 1.1, 2)
"""

_DRAWN: Final = """
CREATE TABLE drawn AS
SELECT number, $names[1 + below(1000, number, 'name')] AS event_name,
  floor($people * pow(draw(number, 'person'), 2))::INTEGER AS person, floor(20000 * pow(draw(number, 'product'), 2))::INTEGER AS product,
  $start::TIMESTAMP + to_milliseconds(floor($milliseconds * draw(number, 'moment'))::BIGINT) AS event_ts
FROM range($events) AS numbers (number) ORDER BY event_ts
"""

_EVENTS: Final = """
CREATE VIEW shop_events AS
SELECT md5(concat('message ', number))::UUID::VARCHAR AS message_id,
  CASE WHEN event_name = 'identify' OR draw(number, 'signed in') * 3 >= 1 THEN concat('u', 100000 + person) END AS user_id,
  md5(concat('browser ', person))::UUID::VARCHAR AS anonymous_id,
  CASE WHEN event_name IN ('page', 'identify') THEN event_name ELSE 'track' END AS type,
  event_name, event_ts, event_ts + to_milliseconds(200 + below(3000, number, 'way')) AS received_ts, received_ts AS curated_ts,
  CASE
    WHEN event_name = 'identify' THEN NULL
    WHEN event_name LIKE 'Push %' THEN concat('{"campaign_id":"weekly","run_id":"weekly-',
      strftime(date_trunc('week', event_ts), '%Y%m%dT090000-a1b2c3'), '","variant":"treated","message_id":"', md5(concat('push ', number)), '"}')
    WHEN event_name = 'Order Completed' THEN concat('{"order_id":"', 5000000 + number, '","currency":"EUR","revenue":',
      round((1 + number % 4) * price(product), 2), ',"products":[', array_to_string(list_transform(range(1 + number % 4),
      lambda line: concat('{"product_id":"p', product * (1 + line) % 20000, '","price":', price(product), ',"quantity":1}')), ','), ']}')
    ELSE concat('{"product_id":"p', product, '","sku":"SKU-', product, '","name":"Product ', product,
      '","category":"', ['shoes', 'shirts', 'bags', 'home'][1 + product % 4],
      '","brand":"Brand ', product % 300, '","variant":"', ['S', 'M', 'L'][1 + product % 3], '","url":"https://shop.example/p/', product,
      '","image_url":"https://shop.example/images/', product, '.jpg',
      '","price":', price(product), ',"currency":"EUR","position":', number % 24, '}')
  END AS properties,
  concat('{"ip":"10.', below(256, person, 'network'), '.', person % 256, '.', below(256, person, 'host'),
    '","library":{"name":"analytics.js","version":"2.11.1"},"locale":"', ['fr-FR', 'en-GB', 'de-DE', 'en-US'][1 + person % 4],
    '","timezone":"Europe/Paris","page":{"path":"/p/', product, '","referrer":"https://shop.example/list/', product % 40,
    '","title":"Product ', product, '","url":"https://shop.example/p/', product,
    '"},"userAgent":"Mozilla/5.0 (', ['Windows NT 10.0; Win64; x64', 'Macintosh; Intel Mac OS X 10_15_7', 'X11; Linux x86_64'][1 + person % 3],
    ') AppleWebKit/537.36 (KHTML, like Gecko) Chrome/', 100 + below(30, person, 'browser'), '.0.0.0 Safari/537.36"}') AS context,
  CASE WHEN event_name = 'identify' THEN concat('{"email":"customer', 100000 + person, '@mail.example","country":"',
    ['US', 'US', 'US', 'GB', 'GB', 'DE', 'DE', 'FR', 'ES', 'IT'][
      1 + below(10, CASE WHEN draw(number, 'moved') < 0.05 THEN number ELSE person END, 'country')],
    '","plan":"', ['free', 'free', 'free', 'pro', 'team'][1 + below(5, number, 'plan')], '"}') END AS traits,
  'web' AS source, (number % 20)::INTEGER AS place
FROM drawn
"""

_LINES: Final = """
SELECT concat('{"message_id":"', message_id, '","type":"', type, '","event_name":"', event_name,
  '","event_ts":"', strftime(event_ts, '%Y-%m-%d %H:%M:%S.%g'), '","received_ts":"', strftime(received_ts, '%Y-%m-%d %H:%M:%S.%g'),
  '","source":"web","place":', place, CASE WHEN user_id IS NOT NULL THEN concat(',"user_id":"', user_id, '"') END,
  ',"anonymous_id":"', anonymous_id, '"', ',"properties":"' || escaped(properties) || '"', ',"traits":"' || escaped(traits) || '"',
  ',"context":"', escaped(context), '"}', chr(10))
FROM shop_events WHERE event_ts >= $start AND event_ts < $end
"""

_ROWS: Final = """
SELECT message_id, user_id, anonymous_id, type, event_name, event_ts, received_ts, curated_ts, properties, context, traits,
  NULL::VARCHAR AS device_id, NULL::VARCHAR AS device_token, NULL::VARCHAR AS platform, NULL::VARCHAR AS other_name, source, place,
  NULL::VARCHAR AS corrections, NULL::VARCHAR AS violations, NULL::VARCHAR AS traffic, NULL::BOOLEAN AS historical, NULL::VARCHAR AS device_fid
FROM shop_events WHERE event_ts >= $start AND event_ts < $end AND event_name = $name
"""


def drawn(size: Size) -> "DuckDBPyConnection":
    """A DuckDB with all events in the order of their time."""
    import duckdb

    connection = _quiet(duckdb.connect(config={"threads": 2}))
    connection.execute(_MACROS)
    values = {
        "names": [name for name, share in NAMES.items() for _ in range(share)],
        "people": size.people,
        "events": size.events,
        "start": START.replace(tzinfo=None),
        "milliseconds": (AS_OF - START) // timedelta(milliseconds=1),
    }
    connection.execute(_DRAWN, values)
    connection.execute(_EVENTS)
    return connection


def lines(connection: "DuckDBPyConnection", start: datetime, end: datetime) -> Iterator[bytes]:
    """The events of a time as `load` writes them: JSON lines, many at once. Several threads may read at a time."""
    found = _quiet(connection.cursor()).execute(_LINES, _within(start, end))
    while rows := found.fetchmany(LINES_AT_ONCE):
        yield "".join(line for (line,) in rows).encode()


def batches(connection: "DuckDBPyConnection", start: datetime, end: datetime, name: str) -> Iterator["Table"]:
    """The events of a time and name as rows of `events`, about ROWS_AT_ONCE at a time, but for the last. As `lines`."""
    import pyarrow

    held: list[pyarrow.RecordBatch] = []
    for batch in _quiet(connection.cursor()).sql(_ROWS, params={**_within(start, end), "name": name}).to_arrow_reader(ROWS_AT_ONCE):
        held.append(batch)
        if sum(each.num_rows for each in held) >= ROWS_AT_ONCE:
            yield pyarrow.Table.from_batches(held)
            held = []
    if held:
        yield pyarrow.Table.from_batches(held)


def _quiet(connection: "DuckDBPyConnection") -> "DuckDBPyConnection":
    """Without a progress bar: a cursor begins with one, whatever it is of."""
    return connection.execute("SET enable_progress_bar = false")


def _within(start: datetime, end: datetime) -> dict[str, object]:
    return {"start": start.replace(tzinfo=None), "end": end.replace(tzinfo=None)}
