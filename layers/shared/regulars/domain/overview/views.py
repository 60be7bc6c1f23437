"""Views in the lake that BI tools read, of all that it knows now: of the ids that were claimed so far, and of whatever happened.

`orders` has this installation's names of a purchase, so that the settings make it anew. All views are made in infra/migrations, where these two are
as they are printed here (`orders` with Segment's names), and the others, which read them, are text.
"""

from datetime import UTC, datetime
from typing import Final, cast

from sqlglot import exp

from regulars.domain.lake.event_names import named
from regulars.domain.lake.owners import OWNERS, join_owners, owners, person
from regulars.domain.lake.sql import printed, statement
from regulars.domain.overview.orders import CUSTOMERS, nothing
from regulars.domain.overview.visits import counted
from regulars.domain.purchase import Purchase
from regulars.domain.segments.compile.values import JsonValue

_ALL: Final = datetime(9999, 12, 31, tzinfo=UTC)
"""As of which every claim that stands was made."""

# A view's moments are of milliseconds, which is what events have: Athena's other types of timestamps do not go into every view and every driver.
_MONTH: Final = "CAST(date_trunc('month', events.event_ts) AS date)"
"""Trino turns what is asked of it into a range of event_ts, by which partitions are left out (`UnwrapCastInComparison`,
`UnwrapDateTruncInComparison`: https://github.com/trinodb/trino/tree/422/core/trino-main/src/main/java/io/trino/sql/planner/iterative/rule)."""

_ORDERS: Final = f"""
SELECT events.message_id AS message_id, :order_id AS order_id, :person AS user_id,
  CASE WHEN :person IS NULL THEN concat('anonymous:', events.anonymous_id) ELSE concat('user:', :person) END AS visitor,
  CAST(events.event_ts AS timestamp(3)) AS ordered_ts, {_MONTH} AS month,
  :value AS value, :currency AS currency
FROM events
WHERE :named AND {CUSTOMERS}
"""


def orders_view(purchase: Purchase) -> str:
    """The statement that makes it, or makes it anew. Its columns are the same whatever a purchase is called: views that read it stay valid."""
    properties = exp.column("properties")
    values = {
        "order_id": JsonValue(properties, ("order_id",)).text(),
        "person": person(),
        "value": JsonValue(properties, purchase.value).number() if purchase.value else nothing("double"),
        "currency": JsonValue(properties, purchase.currency).text(),
        "named": exp.and_(*named(purchase.event), copy=False),
    }
    orders = join_owners(cast(exp.Select, statement(_ORDERS, values))).with_(OWNERS, as_=owners(_ALL), copy=False)
    return f"CREATE OR REPLACE VIEW orders AS\n{printed(orders, pretty=True)}"


# Of a month that is asked for, its own events are read, and its orders' money; of orders before only whose and when.
_MONTHS: Final = """
SELECT visits.month AS month, greatest(visits.reached, coalesce(bought.converted, 0)) AS reached,
  greatest(visits.acted, coalesce(bought.converted, 0)) AS acted, coalesce(bought.converted, 0) AS converted, coalesce(bought.engaged, 0) AS engaged,
  coalesce(bought.orders, 0) AS orders, bought.revenue AS revenue
FROM :visits AS visits
LEFT JOIN (
  SELECT placed.month AS month, count(*) AS converted,
    sum(CASE WHEN placed.orders > 1 OR placed.earliest_ts > firsts.first_ts THEN 1 ELSE 0 END) AS engaged,
    sum(placed.orders) AS orders, sum(placed.revenue) AS revenue
  FROM (
    SELECT visitor, month, count(*) AS orders, sum(value) AS revenue, min(ordered_ts) AS earliest_ts FROM orders GROUP BY visitor, month
  ) AS placed
  JOIN (SELECT visitor, min(ordered_ts) AS first_ts FROM orders GROUP BY visitor) AS firsts ON firsts.visitor = placed.visitor
  GROUP BY placed.month
) AS bought ON bought.month = visits.month
"""


def months_view() -> str:
    """The statement that makes `months`."""
    visits = exp.Subquery(this=counted(statement(_MONTH)))
    months = cast(exp.Select, statement(_MONTHS, {"visits": visits})).with_(OWNERS, as_=owners(_ALL), copy=False)
    return f"CREATE OR REPLACE VIEW months AS\n{printed(months, pretty=True)}"
