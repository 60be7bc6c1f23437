"""The one statement about what people bought: by month and cohort, and when customers fell silent.

ordered    a row an order, with when the same customer's orders before and after it were
moved      that row for what happened then (`ordered`), and again ACTIVE (`quiet`) and LAPSED (`lapsed`) later where no order came until then
           a row comes out for each of these by month and cohort; before the first month shown, all are one, and so are all cohorts

So how many are active, at risk or lapsed at the end of any month is a sum of who came and who went, and nobody is counted month by month.
"""

from typing import Final, cast

from sqlglot import exp

from regulars.domain.lake.owners import OWNERS, owners
from regulars.domain.lake.sql import statement, text, timestamp
from regulars.domain.overview.calendar import MONTH_FORMAT, Months
from regulars.domain.overview.orders import orders_between
from regulars.domain.purchase import Purchase
from regulars.domain.segments.lifecycle import ACTIVE_DAYS, LAPSED_DAYS

# A customer is a known person; who bought and is not known yet is one by the browser they bought with, and apart (`known`).
_ORDERED: Final = """
SELECT CASE WHEN bought.user_id IS NULL THEN 0 ELSE 1 END AS known, ordered_ts, amount, currency,
  row_number() OVER (PARTITION BY user_id, guest ORDER BY ordered_ts, message_id) AS number,
  lag(ordered_ts) OVER (PARTITION BY user_id, guest ORDER BY ordered_ts, message_id) AS previous_ts,
  lead(ordered_ts) OVER (PARTITION BY user_id, guest ORDER BY ordered_ts, message_id) AS next_ts,
  min(ordered_ts) OVER (PARTITION BY user_id, guest) AS first_ts
FROM (
  SELECT message_id, user_id, CASE WHEN user_id IS NULL THEN anonymous_id END AS guest, ordered_ts, amount, currency FROM :orders AS placed
) AS bought
"""

_MOVED: Final = """
SELECT kinds.kind, known, amount, currency, number, previous_ts, ordered_ts, first_ts,
  CASE kinds.kind WHEN 'ordered' THEN ordered_ts WHEN 'quiet' THEN quiet_ts ELSE lapsed_ts END AS moment
FROM (
  SELECT known, amount, currency, number, previous_ts, ordered_ts, next_ts, first_ts,
    date_add('day', :active, ordered_ts) AS quiet_ts, date_add('day', :lapsed, ordered_ts) AS lapsed_ts
  FROM :ordered AS numbered
) AS steps
CROSS JOIN (VALUES ('ordered'), ('quiet'), ('lapsed')) AS kinds (kind)
WHERE kinds.kind = 'ordered'
  OR (kinds.kind = 'quiet' AND quiet_ts < :as_of AND (next_ts IS NULL OR next_ts > quiet_ts))
  OR (kinds.kind = 'lapsed' AND lapsed_ts < :as_of AND (next_ts IS NULL OR next_ts >= lapsed_ts))
"""

_COUNTED: Final = """
SELECT kind, known,
  CASE WHEN moment >= :start THEN date_format(moment, :format) END AS month,
  CASE WHEN first_ts >= :start THEN date_format(first_ts, :format) END AS cohort,
  count(*) AS times,
  sum(CASE WHEN date_format(previous_ts, :format) = date_format(ordered_ts, :format) THEN 0 ELSE 1 END) AS people,
  sum(CASE WHEN number = 1 THEN 1 ELSE 0 END) AS firsts,
  sum(CASE WHEN number = 2 THEN 1 ELSE 0 END) AS seconds,
  sum(CASE WHEN previous_ts IS NULL OR date_add('day', :active, previous_ts) < ordered_ts THEN 1 ELSE 0 END) AS woken,
  sum(CASE WHEN date_add('day', :lapsed, previous_ts) <= ordered_ts THEN 1 ELSE 0 END) AS won_back,
  sum(amount) AS revenue, count(amount) AS readable, min(currency) AS first_currency, max(currency) AS last_currency
FROM :moved AS moved
GROUP BY 1, 2, 3, 4
"""


def customers_query(purchase: Purchase, months: Months) -> exp.Select:
    """One row a `kind` of move, whether by somebody `known`, `month` and `cohort` (both NULL before the first month):
    `times, people, firsts, seconds, woken, won_back, revenue, readable, first_currency, last_currency`, of which all but `times` mean orders.

    `people` are counted in a month at their first order in it, `woken` at one after ACTIVE or more without.
    """
    days = {"active": exp.Literal.number(ACTIVE_DAYS), "lapsed": exp.Literal.number(LAPSED_DAYS)}
    ordered = statement(_ORDERED, {"orders": exp.Subquery(this=orders_between(purchase, months.start, months.as_of))})
    moved = statement(_MOVED, {**days, "as_of": timestamp(months.as_of), "ordered": exp.Subquery(this=ordered)})
    shown = {"start": timestamp(months.start), "format": text(MONTH_FORMAT), "moved": exp.Subquery(this=moved)}
    return cast(exp.Select, statement(_COUNTED, {**days, **shown})).with_(OWNERS, as_=owners(months.as_of), copy=False)
