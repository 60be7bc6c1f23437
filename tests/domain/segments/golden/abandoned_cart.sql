WITH owners AS (
  …
), scan_1 AS (
  SELECT
    steps.user_id AS user_id,
    COUNT(*) FILTER(WHERE
      reached_2 IS NOT NULL
      AND COALESCE(broken_next > DATE_ADD('minute', 120, reached_2), TRUE)
      AND reached_2 < CAST('2017-09-30 22:00:00.000000' AS TIMESTAMP(6))) > 0 AS c1
  FROM (
    SELECT
      *,
      MIN(broken) OVER (
        PARTITION BY user_id
        ORDER BY event_ts, received_ts, place, message_id
        ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
      ) AS broken_next
    FROM (
      SELECT
        *,
        CASE
          WHEN MAX(reached_1) OVER (
            PARTITION BY user_id
            ORDER BY event_ts, received_ts, place, message_id
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
          ) >= DATE_ADD('minute', -120, maybe_2)
          THEN maybe_2
        END AS reached_2
      FROM (
        SELECT
          COALESCE(owners.owner_id, events.user_id) AS user_id,
          event_ts,
          received_ts,
          COALESCE(place, 0) AS place,
          message_id,
          CASE
            WHEN event_name IN ('Product Viewed', '_other')
            AND COALESCE(other_name, event_name) = 'Product Viewed'
            AND event_ts >= CAST('2017-09-24 00:00:00.000000' AS TIMESTAMP(6))
            AND event_ts < CAST('2017-10-01 00:00:00.000000' AS TIMESTAMP(6))
            THEN event_ts
          END AS reached_1,
          CASE
            WHEN event_name IN ('Cart Updated', '_other')
            AND COALESCE(other_name, event_name) = 'Cart Updated'
            AND event_ts >= CAST('2017-09-24 00:00:00.000000' AS TIMESTAMP(6))
            AND event_ts < CAST('2017-10-01 00:00:00.000000' AS TIMESTAMP(6))
            AND CASE
              WHEN TRY_CAST(REGEXP_EXTRACT(
                JSON_EXTRACT_SCALAR(properties, '$["total"]'),
                '\A[ \t\r\n]*([+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?)[ \t\r\n]*\z',
                1
              ) AS DOUBLE) BETWEEN -1e+100 AND 1e+100
              THEN TRY_CAST(REGEXP_EXTRACT(
                JSON_EXTRACT_SCALAR(properties, '$["total"]'),
                '\A[ \t\r\n]*([+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?)[ \t\r\n]*\z',
                1
              ) AS DOUBLE)
            END >= 50e0
            THEN event_ts
          END AS maybe_2,
          CASE
            WHEN event_name IN ('Order Completed', '_other')
            AND COALESCE(other_name, event_name) = 'Order Completed'
            AND event_ts >= CAST('2017-09-24 00:00:00.000000' AS TIMESTAMP(6))
            AND event_ts < CAST('2017-10-01 00:00:00.000000' AS TIMESTAMP(6))
            THEN event_ts
          END AS broken
        FROM events
        LEFT JOIN owners
          ON owners.owned_kind = CASE WHEN events.user_id IS NULL THEN 'anonymous' ELSE 'user' END
          AND owners.owned_id = COALESCE(events.user_id, events.anonymous_id)
        WHERE
          event_name IN ('Product Viewed', 'Cart Updated', 'Order Completed', '_other')
          AND event_ts >= CAST('2017-09-24 00:00:00.000000' AS TIMESTAMP(6))
          AND event_ts < CAST('2017-10-01 00:00:00.000000' AS TIMESTAMP(6))
          AND COALESCE(owners.owner_id, events.user_id) IS NOT NULL
      ) AS events_of_steps
    ) AS events_of_steps
  ) AS steps
  GROUP BY
    steps.user_id
)
SELECT
  scan_1.user_id AS user_id
FROM scan_1
WHERE
  scan_1.c1
