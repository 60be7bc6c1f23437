"""The one statement about the global control group: everybody who was known when a quarter's comparison began, by whether they were held out."""

from collections.abc import Sequence
from typing import Final, cast

from sqlglot import exp

from regulars.domain.lake.owners import OWNERS, owners, person
from regulars.domain.lake.sql import bucket, statement, table, timestamp
from regulars.domain.lake.tables import PEOPLE
from regulars.domain.measure.paired import MOST_LARGE
from regulars.domain.overview.orders import orders_of
from regulars.domain.overview.quarters import Period
from regulars.domain.purchase import Purchase

_COLUMNS: Final = ("quarter", "since", "until", "earliest", "salt", "buckets")

# That two amounts vary together is in the variance of their sum, as in `measure.query`.
_COMPARED: Final = """
SELECT quarter, held_out, count(*) AS people, sum(converted) AS converted, sum(converted_before) AS converted_before,
  sum(converted * converted_before) AS converted_both,
  avg(amount) AS value_mean, coalesce(var_samp(amount), 0e0) AS value_variance,
  avg(before) AS before_mean, coalesce(var_samp(before), 0e0) AS before_variance, coalesce(var_samp(amount + before), 0e0) AS both_variance,
  max_by(ARRAY[amount, before], greatest(abs(amount), abs(before)), :most) FILTER (WHERE amount <> 0e0 OR before <> 0e0) AS largest
FROM (
  SELECT known.quarter, known.held_out,
    CASE WHEN did.orders > 0 THEN 1 ELSE 0 END AS converted, CASE WHEN did.orders_before > 0 THEN 1 ELSE 0 END AS converted_before,
    coalesce(did.amount, 0e0) AS amount, coalesce(did.before, 0e0) AS before
  FROM :known AS known
  LEFT JOIN :did AS did ON did.user_id = known.user_id AND did.quarter = known.quarter
) AS compared
GROUP BY quarter, held_out
"""

_KNOWN: Final = """
SELECT people.user_id AS user_id, periods.quarter AS quarter, CASE WHEN :bucket < periods.buckets THEN 1 ELSE 0 END AS held_out
FROM people
LEFT JOIN owners ON owners.owned_kind = 'user' AND owners.owned_id = people.user_id
CROSS JOIN :periods
WHERE people.first_seen_ts < CAST(periods.since AS timestamp(6)) AND :person = people.user_id
"""

_DID: Final = """
SELECT placed.user_id AS user_id, periods.quarter AS quarter,
  count(CASE WHEN ordered_ts >= CAST(periods.since AS timestamp(6)) THEN 1 END) AS orders,
  count(CASE WHEN ordered_ts < CAST(periods.since AS timestamp(6)) THEN 1 END) AS orders_before,
  sum(CASE WHEN ordered_ts >= CAST(periods.since AS timestamp(6)) THEN amount END) AS amount,
  sum(CASE WHEN ordered_ts < CAST(periods.since AS timestamp(6)) THEN amount END) AS before
FROM :orders AS placed
CROSS JOIN :periods
WHERE placed.user_id IS NOT NULL AND ordered_ts >= CAST(periods.earliest AS timestamp(6)) AND ordered_ts < CAST(periods.until AS timestamp(6))
GROUP BY placed.user_id, periods.quarter
"""


def programme_query(purchase: Purchase, asked: Sequence[Period]) -> exp.Select:
    """One row a `quarter` and whether people were `held_out` (1 or 0), as `programme.read_programme` reads them. There is a period at least."""
    end = max(period.end for period in asked)
    orders = orders_of(purchase, min(period.earliest for period in asked), end)
    salted = bucket(exp.column("user_id", PEOPLE.name), exp.column("salt", "periods"))
    known = statement(_KNOWN, {"bucket": salted, "person": person(PEOPLE.name), "periods": _periods(asked)})
    did = statement(_DID, {"orders": exp.Subquery(this=orders), "periods": _periods(asked)})
    parts = {"known": exp.Subquery(this=known), "did": exp.Subquery(this=did), "most": exp.Literal.number(MOST_LARGE)}
    return cast(exp.Select, statement(_COMPARED, parts)).with_(OWNERS, as_=owners(end), copy=False)


def _periods(asked: Sequence[Period]) -> exp.Expr:
    moments = [[timestamp(moment).name for moment in (each.since, each.end, each.earliest)] for each in asked]
    groups = [(f"{each.group.salt}:", each.group.buckets) for each in asked]
    return table("periods", _COLUMNS, [(each.quarter, *when, *whom) for each, when, whom in zip(asked, moments, groups, strict=True)])
