"""Views in the lake that BI tools read, of all that it knows now: of the ids that were claimed so far, and of whatever happened.

`orders` has this installation's names of a purchase, and `programme` the shares that were held out of all campaigns, so that the settings make them
anew. All views are made in infra/migrations, where these are as they are printed here (`orders` with Segment's names, `programme` with nobody held
out), and the others, which read them, are text.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final, cast

from sqlglot import exp

from regulars.domain.lake.event_names import named
from regulars.domain.lake.owners import OWNERS, join_owners, owners, person
from regulars.domain.lake.sql import bucket, printed, statement, table, timestamp
from regulars.domain.lake.tables import PEOPLE
from regulars.domain.overview.orders import CUSTOMERS, nothing
from regulars.domain.overview.visits import counted
from regulars.domain.purchase import Purchase
from regulars.domain.segments.compile.values import JsonValue

_ALL: Final = datetime(9999, 12, 31, tzinfo=UTC)
"""As of which every claim that stands was made."""

# A view's moments are of milliseconds, which is what events have: Athena's other types of timestamps do not go into every view and every driver.
_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""Before it nobody was held out."""

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


# Who is compared is said in `programme`, and the salt in `delivery.global_control`.
_PROGRAMME: Final = """
SELECT known.quarter AS quarter, CAST(known.since_ts AS timestamp(3)) AS since_ts, known.buckets / 100e0 AS percent, known.held_out AS held_out,
  count(*) AS people, count(did.orders) AS converted, sum(did.orders) AS orders, sum(did.revenue) AS revenue,
  avg(coalesce(did.revenue, 0e0)) AS revenue_a_head, var_samp(coalesce(did.revenue, 0e0)) AS revenue_variance
FROM (
  SELECT people.user_id AS user_id, held.quarter AS quarter, held.since_ts AS since_ts, held.buckets AS buckets, :bucket < held.buckets AS held_out
  FROM people
  LEFT JOIN owners ON owners.owned_kind = 'user' AND owners.owned_id = people.user_id
  CROSS JOIN :held AS held
  WHERE people.first_seen_ts < held.since_ts AND :person = people.user_id
) AS known
LEFT JOIN (
  SELECT placed.user_id AS user_id, held.quarter AS quarter, count(*) AS orders, sum(placed.value) AS revenue
  FROM orders AS placed
  JOIN :held AS held ON held.quarter = CAST(date_trunc('quarter', placed.ordered_ts) AS date) AND placed.ordered_ts >= held.since_ts
  WHERE placed.user_id IS NOT NULL
  GROUP BY placed.user_id, held.quarter
) AS did ON did.user_id = known.user_id AND did.quarter = known.quarter
GROUP BY known.quarter, known.since_ts, known.buckets, known.held_out
"""

# A quarter in which anybody ordered, with the share that held at its end and since when it did.
_HELD: Final = """
SELECT spans.quarter AS quarter, spans.buckets AS buckets, greatest(CAST(spans.quarter AS timestamp(6)), spans.changed_ts) AS since_ts,
  concat('global-control-', date_format(spans.quarter, '%Y'), 'Q', CAST(quarter(spans.quarter) AS varchar), ':') AS salt
FROM (
  SELECT quarters.quarter AS quarter, max_by(shares.buckets, shares.changed) AS buckets, max(CAST(shares.changed AS timestamp(6))) AS changed_ts
  FROM (SELECT DISTINCT CAST(date_trunc('quarter', ordered_ts) AS date) AS quarter FROM orders) AS quarters
  CROSS JOIN :shares
  WHERE CAST(shares.changed AS timestamp(6)) < date_add('month', 3, CAST(quarters.quarter AS timestamp(6)))
  GROUP BY quarters.quarter
) AS spans
WHERE spans.buckets > 0
"""


def programme_view(shares: Sequence[tuple[datetime, int]]) -> str:
    """The statement that makes it. `shares` are the buckets held out from each moment on, in order."""
    rows = [(timestamp(moment).name, buckets) for moment, buckets in [(_NEVER, 0), *shares]]
    held = exp.Subquery(this=statement(_HELD, {"shares": table("shares", ("changed", "buckets"), rows)}))
    salted = bucket(exp.column("user_id", PEOPLE.name), exp.column("salt", "held"))
    programme = cast(exp.Select, statement(_PROGRAMME, {"bucket": salted, "person": person(PEOPLE.name), "held": held}))
    return f"CREATE OR REPLACE VIEW programme AS\n{printed(programme.with_(OWNERS, as_=owners(_ALL), copy=False), pretty=True)}"
