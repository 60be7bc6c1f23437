"""Who spent most since a day, whoever they were when they bought: Iceberg tables in DuckDB.

    python examples/top_customers.py DATABASE --since 2026-10-01 --event "Order Completed" --value revenue

pyiceberg finds the files by the metadata that Glue points to, reads the columns that are asked for of those that can hold such rows, and DuckDB does
the rest. Where DuckDB may load its own extension, `iceberg_scan` does without pyiceberg (examples/README.md).
"""

import argparse
from datetime import datetime
from typing import NamedTuple

from pyiceberg.catalog import load_catalog
from pyiceberg.expressions import And, EqualTo, GreaterThanOrEqual

TOP = """
SELECT coalesce(owners.user_id, orders.user_id) AS customer, count(*) AS orders,
  round(sum(TRY_CAST(json_extract_string(orders.properties, ?) AS DOUBLE)), 2) AS spent
FROM orders LEFT JOIN owners
  ON owners.kind = CASE WHEN orders.user_id IS NULL THEN 'anonymous' ELSE 'user' END AND owners.id = coalesce(orders.user_id, orders.anonymous_id)
WHERE customer IS NOT NULL
GROUP BY customer ORDER BY spent DESC NULLS LAST, customer LIMIT ?
"""


class Customer(NamedTuple):
    """`spent` is in whatever currency the shop sends; None where no order has a number."""

    customer: str
    orders: int
    spent: float | None


def top_customers(database: str, since: datetime, event: str, value: str, count: int) -> list[Customer]:
    """`value` is a property of the event, such as `revenue`; `since` is in UTC."""
    lake = load_catalog("lake", type="glue")
    wanted = And(EqualTo(term="event_name", value=event), GreaterThanOrEqual(term="event_ts", value=since.isoformat()))
    orders = lake.load_table(f"{database}.events").scan(wanted, selected_fields=("user_id", "anonymous_id", "properties"))
    owners = lake.load_table(f"{database}.identities").scan("since_ts IS NOT NULL AND until_ts IS NULL")
    connection = orders.to_duckdb("orders")
    owners.to_duckdb("owners", connection)
    return [Customer(*row) for row in connection.execute(TOP, [f"$.{value}", count]).fetchall()]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Who spent most")
    parser.add_argument("database")
    parser.add_argument("--since", type=datetime.fromisoformat, required=True)
    parser.add_argument("--event", default="Order Completed")
    parser.add_argument("--value", default="revenue")
    parser.add_argument("--count", type=int, default=10)
    asked = parser.parse_args()
    for place, found in enumerate(top_customers(asked.database, asked.since, asked.event, asked.value, asked.count), 1):
        print(f"{place:>3}  {found.customer}  {found.orders} orders  {'unknown' if found.spent is None else f'{found.spent:,.2f}'}")
