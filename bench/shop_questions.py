"""What is asked of the shop (`shop_lake`), as rules, and the same written by hand."""

from datetime import timedelta
from typing import Final

from bench import shop
from regulars.domain.lake.moments import Moments
from regulars.domain.segments import Rule, parse_rule

_ORDERS: Final = {"event": "Order Completed", "within": "30d"}

BOUGHT: Final = parse_rule(
    {
        "all": [
            {**_ORDERS, "count": {"gte": 2}},
            {"not": {"event": "Push Notification Tapped", "within": "7d"}},
            {"trait": "country", "eq": "FR"},
        ]
    }
)
"""Bought at least twice in 30 days, no push opened in 7, in France."""

SPENT: Final = parse_rule(
    {
        "all": [
            {**_ORDERS, "sum": "revenue", "gte": 200},
            {"not": {"event": "Push Notification Tapped", "within": "7d"}},
            {"trait": "country", "eq": "FR"},
        ]
    }
)
"""The same with what the orders came to in place of how many there were."""

LAPSED: Final = parse_rule({"all": [{"event": "Order Completed"}, {"not": _ORDERS}]})
"""The ready-made `lapsed-customers`, after 30 days in place of 180: in 60 days nobody lapses later, and it reads the same."""

FIVE_CLAUSES: Final = parse_rule(
    {
        "all": [
            {**_ORDERS, "count": {"gte": 2}},
            {"not": {"event": "Push Notification Tapped", "within": "7d"}},
            {"trait": "country", "eq": "FR"},
            {"event": "Cart Viewed", "within": "14d"},
            {"event": "Order Completed", "within": "60d", "sum": "revenue", "gte": 200},
        ]
    }
)

BACKTESTS: Final[dict[str, Rule]] = {
    "a count": parse_rule({**_ORDERS, "count": {"gte": 2}}),
    "a sum": parse_rule({**_ORDERS, "sum": "revenue", "gte": 200}),
    "distinct": parse_rule({**_ORDERS, "distinct": "day", "gte": 2}),
    "a sequence": parse_rule(
        {"sequence": [{"event": "Checkout Started", "within": "30d"}], "within": "4h", "then_not": {"event": "Order Completed"}},
    ),
}
EACH_DAY: Final = Moments(shop.START + timedelta(days=1), timedelta(days=1), shop.DAYS)
"""All the days that there are; the last is as of AS_OF."""

BOUGHT_BY_HAND: Final = """
WITH owned AS (
  SELECT kind, id, user_id FROM identities
  WHERE since_ts < TIMESTAMP '2017-10-16 00:00:00' AND (until_ts IS NULL OR until_ts >= TIMESTAMP '2017-10-16 00:00:00')
), renamed AS (
  SELECT once.id, coalesce(twice.user_id, once.user_id) AS user_id
  FROM owned AS once LEFT JOIN owned AS twice ON twice.kind = 'user' AND twice.id = once.user_id WHERE once.kind = 'user'
), anonymous AS (
  SELECT owned.id, coalesce(renamed.user_id, owned.user_id) AS user_id
  FROM owned LEFT JOIN renamed ON renamed.id = owned.user_id WHERE owned.kind = 'anonymous'
), orders AS (
  SELECT coalesce(renamed.user_id, e.user_id, anonymous.user_id) AS user_id
  FROM events AS e LEFT JOIN renamed ON renamed.id = e.user_id LEFT JOIN anonymous ON e.user_id IS NULL AND anonymous.id = e.anonymous_id
  WHERE e.event_name IN ('Order Completed', '_other') AND coalesce(e.other_name, e.event_name) = 'Order Completed'
    AND e.event_ts >= TIMESTAMP '2017-09-16 00:00:00' AND e.event_ts < TIMESTAMP '2017-10-16 00:00:00'
  GROUP BY coalesce(renamed.user_id, e.user_id, anonymous.user_id) HAVING count(*) >= 2
), taps AS (
  SELECT DISTINCT coalesce(renamed.user_id, e.user_id, anonymous.user_id) AS user_id
  FROM events AS e LEFT JOIN renamed ON renamed.id = e.user_id LEFT JOIN anonymous ON e.user_id IS NULL AND anonymous.id = e.anonymous_id
  WHERE e.event_name IN ('Push Notification Tapped', '_other') AND coalesce(e.other_name, e.event_name) = 'Push Notification Tapped'
    AND e.event_ts >= TIMESTAMP '2017-10-09 00:00:00' AND e.event_ts < TIMESTAMP '2017-10-16 00:00:00'
), countries AS (
  SELECT coalesce(renamed.user_id, e.user_id, anonymous.user_id) AS user_id,
    max_by(json_extract_scalar(e.traits, '$.country'), ROW(e.event_ts, e.received_ts, coalesce(e.place, 0), e.message_id)) AS country
  FROM events AS e LEFT JOIN renamed ON renamed.id = e.user_id LEFT JOIN anonymous ON e.user_id IS NULL AND anonymous.id = e.anonymous_id
  WHERE e.event_name = 'identify' AND e.type = 'identify' AND e.event_ts < TIMESTAMP '2017-10-16 00:00:00'
    AND json_extract(e.traits, '$.country') IS NOT NULL
  GROUP BY coalesce(renamed.user_id, e.user_id, anonymous.user_id)
)
SELECT orders.user_id FROM orders
JOIN countries ON countries.user_id = orders.user_id LEFT JOIN taps ON taps.user_id = orders.user_id
WHERE countries.country = 'FR' AND taps.user_id IS NULL
"""
"""All that the rule means in this lake: claims and aliases as of the moment, names that share a partition, the newest identify with a country."""

BOUGHT_BY_DAY: Final = """
SELECT user_id FROM (
  SELECT coalesce(e.user_id, i.user_id) AS user_id, e.event_name, e.event_ts, e.traits,
    ROW(e.event_ts, e.received_ts, e.place, e.message_id) AS at_last
  FROM raw_events AS e LEFT JOIN identities AS i
    ON e.user_id IS NULL AND i.kind = 'anonymous' AND i.id = e.anonymous_id AND i.since_ts < TIMESTAMP '2017-10-16 00:00:00'
  WHERE e.dt >= '2017-08-17' AND e.dt < '2017-10-16' AND e.event_name IN ('Order Completed', 'Push Notification Tapped', 'identify')
) AS named
WHERE user_id IS NOT NULL
GROUP BY user_id
HAVING count(*) FILTER (WHERE event_name = 'Order Completed' AND event_ts >= TIMESTAMP '2017-09-16 00:00:00') >= 2
  AND count(*) FILTER (WHERE event_name = 'Push Notification Tapped' AND event_ts >= TIMESTAMP '2017-10-09 00:00:00') = 0
  AND json_extract_scalar(max_by(traits, at_last) FILTER (WHERE json_extract(traits, '$.country') IS NOT NULL), '$.country') = 'FR'
"""
"""Of all 60 days, because nobody knows on which of them somebody said last where they live. Claims are read from the lake."""

LAPSED_BY_EVENTS: Final = """
SELECT max(length(user_id)) AS user_id, max(length(anonymous_id)) AS anonymous_id, max(length(event_name)) AS event_name,
  count(DISTINCT date_trunc('minute', event_ts)) AS event_ts
FROM events
"""
"""What has to be read where events do not lie by name: these four columns of all of them. What is made of them costs no byte."""
