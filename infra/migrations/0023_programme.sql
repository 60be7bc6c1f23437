-- What all messages together do: people whom the global control group holds out beside all others, by quarter. As domain/overview/views.py prints it;
-- the settings replace it when they hold out another share. In the beginning nobody is held out, and it has no row.
CREATE OR REPLACE VIEW programme AS
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
  known.quarter AS quarter,
  CAST(known.since_ts AS TIMESTAMP(3)) AS since_ts,
  known.buckets / 100e0 AS percent,
  known.held_out AS held_out,
  COUNT(*) AS people,
  COUNT(did.orders) AS converted,
  SUM(did.orders) AS orders,
  SUM(did.revenue) AS revenue,
  AVG(COALESCE(did.revenue, 0e0)) AS revenue_a_head,
  VARIANCE(COALESCE(did.revenue, 0e0)) AS revenue_variance
FROM (
  SELECT
    people.user_id AS user_id,
    held.quarter AS quarter,
    held.since_ts AS since_ts,
    held.buckets AS buckets,
    (
      FROM_BASE(SUBSTR(TO_HEX(SHA256(TO_UTF8(CONCAT(held.salt, people.user_id)))), 1, 8), 16) % 10000
    ) < held.buckets AS held_out
  FROM people
  LEFT JOIN owners
    ON owners.owned_kind = 'user' AND owners.owned_id = people.user_id
  CROSS JOIN (
    SELECT
      spans.quarter AS quarter,
      spans.buckets AS buckets,
      GREATEST(CAST(spans.quarter AS TIMESTAMP(6)), spans.changed_ts) AS since_ts,
      CONCAT(
        'global-control-',
        DATE_FORMAT(spans.quarter, '%Y'),
        'Q',
        CAST(QUARTER(spans.quarter) AS VARCHAR),
        ':'
      ) AS salt
    FROM (
      SELECT
        quarters.quarter AS quarter,
        MAX_BY(shares.buckets, shares.changed) AS buckets,
        MAX(CAST(shares.changed AS TIMESTAMP(6))) AS changed_ts
      FROM (
        SELECT DISTINCT
          CAST(DATE_TRUNC('QUARTER', ordered_ts) AS DATE) AS quarter
        FROM orders
      ) AS quarters
      CROSS JOIN (VALUES
        ('1970-01-01 00:00:00.000000', 0)) AS shares(changed, buckets)
      WHERE
        CAST(shares.changed AS TIMESTAMP(6)) < DATE_ADD('MONTH', 3, CAST(quarters.quarter AS TIMESTAMP(6)))
      GROUP BY
        quarters.quarter
    ) AS spans
    WHERE
      spans.buckets > 0
  ) AS held
  WHERE
    people.first_seen_ts < held.since_ts
    AND COALESCE(owners.owner_id, people.user_id) = people.user_id
) AS known
LEFT JOIN (
  SELECT
    placed.user_id AS user_id,
    held.quarter AS quarter,
    COUNT(*) AS orders,
    SUM(placed.value) AS revenue
  FROM orders AS placed
  JOIN (
    SELECT
      spans.quarter AS quarter,
      spans.buckets AS buckets,
      GREATEST(CAST(spans.quarter AS TIMESTAMP(6)), spans.changed_ts) AS since_ts,
      CONCAT(
        'global-control-',
        DATE_FORMAT(spans.quarter, '%Y'),
        'Q',
        CAST(QUARTER(spans.quarter) AS VARCHAR),
        ':'
      ) AS salt
    FROM (
      SELECT
        quarters.quarter AS quarter,
        MAX_BY(shares.buckets, shares.changed) AS buckets,
        MAX(CAST(shares.changed AS TIMESTAMP(6))) AS changed_ts
      FROM (
        SELECT DISTINCT
          CAST(DATE_TRUNC('QUARTER', ordered_ts) AS DATE) AS quarter
        FROM orders
      ) AS quarters
      CROSS JOIN (VALUES
        ('1970-01-01 00:00:00.000000', 0)) AS shares(changed, buckets)
      WHERE
        CAST(shares.changed AS TIMESTAMP(6)) < DATE_ADD('MONTH', 3, CAST(quarters.quarter AS TIMESTAMP(6)))
      GROUP BY
        quarters.quarter
    ) AS spans
    WHERE
      spans.buckets > 0
  ) AS held
    ON held.quarter = CAST(DATE_TRUNC('QUARTER', placed.ordered_ts) AS DATE)
    AND placed.ordered_ts >= held.since_ts
  WHERE
    NOT placed.user_id IS NULL
  GROUP BY
    placed.user_id,
    held.quarter
) AS did
  ON did.user_id = known.user_id AND did.quarter = known.quarter
GROUP BY
  known.quarter,
  known.since_ts,
  known.buckets,
  known.held_out;

-- What each treated arm of a run changed for all of its people, once its window has closed. A rehearsal, which sent nothing, is left out.
CREATE OR REPLACE VIEW campaign_effects AS
SELECT campaign_id, run_id, arm, CAST(date_trunc('month', window_end_ts) AS date) AS month, people, sent, converted,
  caused, conversion_low * people AS caused_low, conversion_high * people AS caused_high, conversion_verdict AS verdict,
  value, caused_value, value_low * people AS caused_value_low, value_high * people AS caused_value_high, value_verdict, currency, cost_usd
FROM results
WHERE final AND NOT rehearsal AND arm <> 'control'
