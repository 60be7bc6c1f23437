-- What people bought and what becomes of them, for BI tools: docs/lake.md says what each column means, docs/measure.md how it is counted.
-- `orders` and `months` are as domain/overview/views.py prints them. The settings replace `orders` where a purchase has another name.
CREATE OR REPLACE VIEW orders AS
WITH owners AS (
  SELECT
    claimed.kind AS owned_kind,
    claimed.id AS owned_id,
    COALESCE(renamed_2.user_id, renamed_1.user_id, claimed.user_id) AS owner_id
  FROM (
    SELECT
      kind,
      id,
      user_id
    FROM identities
    WHERE
      since_ts < CAST('9999-12-31 00:00:00.000000' AS TIMESTAMP(6))
      AND (
        until_ts IS NULL
        OR until_ts >= CAST('9999-12-31 00:00:00.000000' AS TIMESTAMP(6))
      )
  ) AS claimed
  LEFT JOIN (
    SELECT
      id,
      user_id
    FROM identities
    WHERE
      kind = 'user'
      AND since_ts < CAST('9999-12-31 00:00:00.000000' AS TIMESTAMP(6))
      AND (
        until_ts IS NULL
        OR until_ts >= CAST('9999-12-31 00:00:00.000000' AS TIMESTAMP(6))
      )
  ) AS renamed_1
    ON renamed_1.id = claimed.user_id
  LEFT JOIN (
    SELECT
      id,
      user_id
    FROM identities
    WHERE
      kind = 'user'
      AND since_ts < CAST('9999-12-31 00:00:00.000000' AS TIMESTAMP(6))
      AND (
        until_ts IS NULL
        OR until_ts >= CAST('9999-12-31 00:00:00.000000' AS TIMESTAMP(6))
      )
  ) AS renamed_2
    ON renamed_2.id = renamed_1.user_id
)
SELECT
  events.message_id AS message_id,
  JSON_EXTRACT_SCALAR(properties, '$["order_id"]') AS order_id,
  COALESCE(owners.owner_id, events.user_id) AS user_id,
  CASE
    WHEN COALESCE(owners.owner_id, events.user_id) IS NULL
    THEN CONCAT('anonymous:', events.anonymous_id)
    ELSE CONCAT('user:', COALESCE(owners.owner_id, events.user_id))
  END AS visitor,
  CAST(events.event_ts AS TIMESTAMP(3)) AS ordered_ts,
  CAST(DATE_TRUNC('MONTH', events.event_ts) AS DATE) AS month,
  CASE
    WHEN TRY_CAST(REGEXP_EXTRACT(
      JSON_EXTRACT_SCALAR(properties, '$["revenue"]'),
      '\A[ \t\r\n]*([+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?)[ \t\r\n]*\z',
      1
    ) AS DOUBLE) BETWEEN -1e+100 AND 1e+100
    THEN TRY_CAST(REGEXP_EXTRACT(
      JSON_EXTRACT_SCALAR(properties, '$["revenue"]'),
      '\A[ \t\r\n]*([+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?)[ \t\r\n]*\z',
      1
    ) AS DOUBLE)
  END AS value,
  JSON_EXTRACT_SCALAR(properties, '$["currency"]') AS currency
FROM events
LEFT JOIN owners
  ON owners.owned_kind = CASE WHEN events.user_id IS NULL THEN 'anonymous' ELSE 'user' END
  AND owners.owned_id = COALESCE(events.user_id, events.anonymous_id)
WHERE
  (
    event_name IN ('Order Completed', '_other')
    AND COALESCE(other_name, event_name) = 'Order Completed'
  )
  AND traffic IS NULL;

-- Visitors: who was there, did something, ordered, and ordered again.
CREATE OR REPLACE VIEW months AS
WITH owners AS (
  SELECT
    claimed.kind AS owned_kind,
    claimed.id AS owned_id,
    COALESCE(renamed_2.user_id, renamed_1.user_id, claimed.user_id) AS owner_id
  FROM (
    SELECT
      kind,
      id,
      user_id
    FROM identities
    WHERE
      since_ts < CAST('9999-12-31 00:00:00.000000' AS TIMESTAMP(6))
      AND (
        until_ts IS NULL
        OR until_ts >= CAST('9999-12-31 00:00:00.000000' AS TIMESTAMP(6))
      )
  ) AS claimed
  LEFT JOIN (
    SELECT
      id,
      user_id
    FROM identities
    WHERE
      kind = 'user'
      AND since_ts < CAST('9999-12-31 00:00:00.000000' AS TIMESTAMP(6))
      AND (
        until_ts IS NULL
        OR until_ts >= CAST('9999-12-31 00:00:00.000000' AS TIMESTAMP(6))
      )
  ) AS renamed_1
    ON renamed_1.id = claimed.user_id
  LEFT JOIN (
    SELECT
      id,
      user_id
    FROM identities
    WHERE
      kind = 'user'
      AND since_ts < CAST('9999-12-31 00:00:00.000000' AS TIMESTAMP(6))
      AND (
        until_ts IS NULL
        OR until_ts >= CAST('9999-12-31 00:00:00.000000' AS TIMESTAMP(6))
      )
  ) AS renamed_2
    ON renamed_2.id = renamed_1.user_id
)
SELECT
  visits.month AS month,
  GREATEST(visits.reached, COALESCE(bought.converted, 0)) AS reached,
  GREATEST(visits.acted, COALESCE(bought.converted, 0)) AS acted,
  COALESCE(bought.converted, 0) AS converted,
  COALESCE(bought.engaged, 0) AS engaged,
  COALESCE(bought.orders, 0) AS orders,
  bought.revenue AS revenue
FROM (
  SELECT
    month,
    COUNT(*) AS reached,
    SUM(acted) AS acted
  FROM (
    SELECT
      CAST(DATE_TRUNC('MONTH', events.event_ts) AS DATE) AS month,
      COALESCE(owners.owner_id, events.user_id) AS user_id,
      CASE
        WHEN COALESCE(owners.owner_id, events.user_id) IS NULL
        THEN events.anonymous_id
      END AS visitor,
      MAX(
        CASE
          WHEN type = 'track'
          AND NOT REGEXP_LIKE(
            COALESCE(other_name, event_name),
            '(^|[^A-Za-z])(view|seen|impression|session[ _.-]?start|app(lication)?[ _.-]?(open|install|background|foreground|launch))|V(iew|IEW)|Seen|Impression|Session[ _.-]?Start|App(lication)?[ _.-]?(Open|Install|Background|Foreground|Launch)'
          )
          THEN 1
          ELSE 0
        END
      ) AS acted
    FROM events
    LEFT JOIN owners
      ON owners.owned_kind = CASE WHEN events.user_id IS NULL THEN 'anonymous' ELSE 'user' END
      AND owners.owned_id = COALESCE(events.user_id, events.anonymous_id)
    WHERE
      type IN ('track', 'page', 'screen')
      AND NOT event_name IN (
        'Push Notification Received',
        'Push Notification Bounced',
        'Application Uninstalled',
        'Application Updated',
        'Application Crashed'
      )
      AND (
        source IS NULL OR source <> 'regulars'
      )
      AND traffic IS NULL
    GROUP BY
      1,
      2,
      3
  ) AS visited
  GROUP BY
    month
) AS visits
LEFT JOIN (
  SELECT
    placed.month AS month,
    COUNT(*) AS converted,
    SUM(
      CASE
        WHEN placed.orders > 1 OR placed.earliest_ts > firsts.first_ts
        THEN 1
        ELSE 0
      END
    ) AS engaged,
    SUM(placed.orders) AS orders,
    SUM(placed.revenue) AS revenue
  FROM (
    SELECT
      visitor,
      month,
      COUNT(*) AS orders,
      SUM(value) AS revenue,
      MIN(ordered_ts) AS earliest_ts
    FROM orders
    GROUP BY
      visitor,
      month
  ) AS placed
  JOIN (
    SELECT
      visitor,
      MIN(ordered_ts) AS first_ts
    FROM orders
    GROUP BY
      visitor
  ) AS firsts
    ON firsts.visitor = placed.visitor
  GROUP BY
    placed.month
) AS bought
  ON bought.month = visits.month;

-- A customer is a known person who ordered. The stages are those of the ready-made segments (domain/segments/lifecycle), as of now.
CREATE OR REPLACE VIEW customers AS
SELECT user_id, first_order_ts, last_order_ts, orders, spent,
  CASE
    WHEN first_order_ts >= date_add('day', -30, now_ts) THEN 'new'
    WHEN back_ts >= date_add('day', -90, now_ts) THEN 'won back'
    WHEN last_order_ts >= date_add('day', -90, now_ts) THEN 'active'
    WHEN last_order_ts >= date_add('day', -180, now_ts) THEN 'at risk'
    ELSE 'lapsed'
  END AS stage
FROM (
  SELECT user_id, min(ordered_ts) AS first_order_ts, max(ordered_ts) AS last_order_ts, count(*) AS orders, sum(value) AS spent,
    max(CASE WHEN previous_ts <= date_add('day', -180, ordered_ts) THEN ordered_ts END) AS back_ts,
    CAST(at_timezone(current_timestamp, 'UTC') AS timestamp(3)) AS now_ts
  FROM (
    SELECT user_id, ordered_ts, value, lag(ordered_ts) OVER (PARTITION BY user_id ORDER BY ordered_ts, message_id) AS previous_ts
    FROM orders
    WHERE user_id IS NOT NULL
  ) AS ordered
  GROUP BY user_id
) AS customer;

-- One row a customer and month in which they ordered. The money is read of the months that are asked for; who came first when, of all.
CREATE OR REPLACE VIEW customer_months AS
SELECT ordered.user_id AS user_id, ordered.month AS month, firsts.cohort AS cohort, date_diff('month', firsts.cohort, ordered.month) AS months_since,
  ordered.orders AS orders, ordered.revenue AS revenue
FROM (
  SELECT user_id, month, count(*) AS orders, sum(value) AS revenue FROM orders WHERE user_id IS NOT NULL GROUP BY user_id, month
) AS ordered
JOIN (
  SELECT user_id, min(month) AS cohort FROM orders WHERE user_id IS NOT NULL GROUP BY user_id
) AS firsts ON firsts.user_id = ordered.user_id;

-- Of those who first ordered in the same month: who ordered in each month since.
CREATE OR REPLACE VIEW cohorts AS
SELECT cohort, months_since, people, active, CAST(active AS double) / people AS share, orders, revenue
FROM (
  SELECT cohort, months_since, active, orders, revenue,
    max(CASE WHEN months_since = 0 THEN active END) OVER (PARTITION BY cohort) AS people
  FROM (
    SELECT cohort, months_since, count(*) AS active, sum(orders) AS orders, sum(revenue) AS revenue
    FROM customer_months
    GROUP BY cohort, months_since
  ) AS counted
) AS sized;

-- Who came, came back and was lost in a month, and how all customers stand at its end, or now. A month in which nothing changed has no row.
CREATE OR REPLACE VIEW flow_by_month AS
SELECT month, new, won_back, lapsed, customers, active, customers - active - gone AS at_risk, gone
FROM (
  SELECT month, new, won_back, lapsed,
    CAST(sum(new) OVER (ORDER BY month) AS bigint) AS customers,
    CAST(sum(woken - quiet) OVER (ORDER BY month) AS bigint) AS active,
    CAST(sum(lapsed - won_back) OVER (ORDER BY month) AS bigint) AS gone
  FROM (
    SELECT CAST(date_trunc('month', moved_ts) AS date) AS month,
      count_if(kind = 'ordered' AND previous_ts IS NULL) AS new,
      count_if(kind = 'ordered' AND previous_ts <= date_add('day', -180, ordered_ts)) AS won_back,
      count_if(kind = 'lapsed') AS lapsed,
      count_if(kind = 'ordered' AND (previous_ts IS NULL OR previous_ts < date_add('day', -90, ordered_ts))) AS woken,
      count_if(kind = 'quiet') AS quiet
    FROM (
      SELECT kinds.kind AS kind, previous_ts, ordered_ts, next_ts,
        CASE kinds.kind WHEN 'quiet' THEN date_add('day', 90, ordered_ts) WHEN 'lapsed' THEN date_add('day', 180, ordered_ts) ELSE ordered_ts END AS moved_ts
      FROM (
        SELECT ordered_ts,
          lag(ordered_ts) OVER (PARTITION BY user_id ORDER BY ordered_ts, message_id) AS previous_ts,
          lead(ordered_ts) OVER (PARTITION BY user_id ORDER BY ordered_ts, message_id) AS next_ts
        FROM orders
        WHERE user_id IS NOT NULL
      ) AS ordered
      CROSS JOIN (VALUES ('ordered'), ('quiet'), ('lapsed')) AS kinds (kind)
    ) AS moved
    WHERE kind = 'ordered'
      OR (moved_ts < CAST(at_timezone(current_timestamp, 'UTC') AS timestamp(3))
        AND (next_ts IS NULL OR next_ts > moved_ts OR (kind = 'lapsed' AND next_ts = moved_ts)))
    GROUP BY 1
  ) AS changes
) AS sums
