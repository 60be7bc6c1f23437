WITH owners AS (
  …
)
SELECT
  kind,
  known,
  CASE
    WHEN moment >= CAST('2017-07-01 00:00:00.000000' AS TIMESTAMP(6))
    THEN DATE_FORMAT(moment, '%Y-%m')
  END AS month,
  CASE
    WHEN first_ts >= CAST('2017-07-01 00:00:00.000000' AS TIMESTAMP(6))
    THEN DATE_FORMAT(first_ts, '%Y-%m')
  END AS cohort,
  COUNT(*) AS times,
  SUM(
    CASE
      WHEN DATE_FORMAT(previous_ts, '%Y-%m') = DATE_FORMAT(ordered_ts, '%Y-%m')
      THEN 0
      ELSE 1
    END
  ) AS people,
  SUM(CASE WHEN number = 1 THEN 1 ELSE 0 END) AS firsts,
  SUM(CASE WHEN number = 2 THEN 1 ELSE 0 END) AS seconds,
  SUM(
    CASE
      WHEN previous_ts IS NULL OR DATE_ADD('DAY', 90, previous_ts) < ordered_ts
      THEN 1
      ELSE 0
    END
  ) AS woken,
  SUM(CASE WHEN DATE_ADD('DAY', 180, previous_ts) <= ordered_ts THEN 1 ELSE 0 END) AS won_back,
  SUM(amount) AS revenue,
  COUNT(amount) AS readable,
  MIN(currency) AS first_currency,
  MAX(currency) AS last_currency
FROM (
  SELECT
    kinds.kind,
    known,
    amount,
    currency,
    number,
    previous_ts,
    ordered_ts,
    first_ts,
    CASE kinds.kind
      WHEN 'ordered'
      THEN ordered_ts
      WHEN 'quiet'
      THEN quiet_ts
      ELSE lapsed_ts
    END AS moment
  FROM (
    SELECT
      known,
      amount,
      currency,
      number,
      previous_ts,
      ordered_ts,
      next_ts,
      first_ts,
      DATE_ADD('DAY', 90, ordered_ts) AS quiet_ts,
      DATE_ADD('DAY', 180, ordered_ts) AS lapsed_ts
    FROM (
      SELECT
        CASE WHEN bought.user_id IS NULL THEN 0 ELSE 1 END AS known,
        ordered_ts,
        amount,
        currency,
        ROW_NUMBER() OVER (PARTITION BY user_id, guest ORDER BY ordered_ts, message_id) AS number,
        LAG(ordered_ts) OVER (PARTITION BY user_id, guest ORDER BY ordered_ts, message_id) AS previous_ts,
        LEAD(ordered_ts) OVER (PARTITION BY user_id, guest ORDER BY ordered_ts, message_id) AS next_ts,
        MIN(ordered_ts) OVER (PARTITION BY user_id, guest) AS first_ts
      FROM (
        SELECT
          message_id,
          user_id,
          CASE WHEN user_id IS NULL THEN anonymous_id END AS guest,
          ordered_ts,
          amount,
          currency
        FROM (
          SELECT
            placed.message_id AS message_id,
            COALESCE(owners.owner_id, placed.user_id) AS user_id,
            placed.anonymous_id AS anonymous_id,
            placed.event_ts AS ordered_ts,
            placed.amount AS amount,
            placed.currency AS currency
          FROM (
            SELECT
              message_id,
              user_id,
              anonymous_id,
              event_ts,
              CAST(NULL AS DOUBLE) AS amount,
              CAST(NULL AS VARCHAR) AS currency
            FROM events
            WHERE
              (
                (
                  event_name IN ('Order Completed', '_other')
                  AND COALESCE(other_name, event_name) = 'Order Completed'
                )
                AND traffic IS NULL
              )
              AND event_ts < CAST('2017-07-01 00:00:00.000000' AS TIMESTAMP(6))
            UNION ALL
            SELECT
              message_id,
              user_id,
              anonymous_id,
              event_ts,
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
              END AS amount,
              REGEXP_EXTRACT(UPPER(JSON_EXTRACT_SCALAR(properties, '$["currency"]')), '\A\s*([A-Z]{3})\s*\z', 1) AS currency
            FROM events
            WHERE
              (
                (
                  event_name IN ('Order Completed', '_other')
                  AND COALESCE(other_name, event_name) = 'Order Completed'
                )
                AND traffic IS NULL
              )
              AND (
                event_ts >= CAST('2017-07-01 00:00:00.000000' AS TIMESTAMP(6))
                AND event_ts < CAST('2017-10-12 06:00:00.000000' AS TIMESTAMP(6))
              )
          ) AS placed
          LEFT JOIN owners
            ON owners.owned_kind = CASE WHEN placed.user_id IS NULL THEN 'anonymous' ELSE 'user' END
            AND owners.owned_id = COALESCE(placed.user_id, placed.anonymous_id)
        ) AS placed
      ) AS bought
    ) AS numbered
  ) AS steps
  CROSS JOIN (VALUES
    ('ordered'),
    ('quiet'),
    ('lapsed')) AS kinds(kind)
  WHERE
    kinds.kind = 'ordered'
    OR (
      kinds.kind = 'quiet'
      AND quiet_ts < CAST('2017-10-12 06:00:00.000000' AS TIMESTAMP(6))
      AND (
        next_ts IS NULL OR next_ts > quiet_ts
      )
    )
    OR (
      kinds.kind = 'lapsed'
      AND lapsed_ts < CAST('2017-10-12 06:00:00.000000' AS TIMESTAMP(6))
      AND (
        next_ts IS NULL OR next_ts >= lapsed_ts
      )
    )
) AS moved
GROUP BY
  1,
  2,
  3,
  4
