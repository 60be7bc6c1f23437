WITH owners AS (
  …
), scan_1 AS (
  SELECT
    runs.user_id AS user_id,
    COUNT(*) FILTER(WHERE
      fate = 2) >= 1 AS c1
  FROM (
    SELECT
      COALESCE(owners.owner_id, deliveries.user_id) AS user_id,
      run_id,
      MAX(CASE outcome WHEN 'sent' THEN 2 WHEN 'failed' THEN 1 ELSE 0 END) AS fate
    FROM deliveries
    LEFT JOIN owners
      ON owners.owned_kind = 'user' AND owners.owned_id = deliveries.user_id
    WHERE
      (
        delivered_ts >= CAST('2017-09-01 00:00:00.000000' AS TIMESTAMP(6))
        AND delivered_ts < CAST('2017-10-01 00:00:00.000000' AS TIMESTAMP(6))
      )
      AND campaign_id = 'spring'
    GROUP BY
      COALESCE(owners.owner_id, deliveries.user_id),
      run_id
  ) AS runs
  GROUP BY
    runs.user_id
), scan_2 AS (
  SELECT
    COALESCE(owners.owner_id, events.user_id) AS user_id,
    COUNT(*) >= 1 AS c2
  FROM events
  LEFT JOIN owners
    ON owners.owned_kind = CASE WHEN events.user_id IS NULL THEN 'anonymous' ELSE 'user' END
    AND owners.owned_id = COALESCE(events.user_id, events.anonymous_id)
  WHERE
    event_name IN ('Push Notification Tapped', '_other')
    AND COALESCE(other_name, event_name) = 'Push Notification Tapped'
    AND event_ts < CAST('2017-10-01 00:00:00.000000' AS TIMESTAMP(6))
    AND COALESCE(owners.owner_id, events.user_id) IS NOT NULL
    AND JSON_EXTRACT_SCALAR(properties, '$["campaign_id"]') = 'spring'
  GROUP BY
    COALESCE(owners.owner_id, events.user_id)
), scan_3 AS (
  SELECT
    COALESCE(owners.owner_id, events.user_id) AS user_id,
    MAX(event_ts) < CAST('2017-09-01 00:00:00.000000' AS TIMESTAMP(6)) AS c3
  FROM events
  LEFT JOIN owners
    ON owners.owned_kind = CASE WHEN events.user_id IS NULL THEN 'anonymous' ELSE 'user' END
    AND owners.owned_id = COALESCE(events.user_id, events.anonymous_id)
  WHERE
    event_name IN ('Order Completed', '_other')
    AND COALESCE(other_name, event_name) = 'Order Completed'
    AND event_ts < CAST('2017-10-01 00:00:00.000000' AS TIMESTAMP(6))
    AND COALESCE(owners.owner_id, events.user_id) IS NOT NULL
  GROUP BY
    COALESCE(owners.owner_id, events.user_id)
)
SELECT
  scan_1.user_id AS user_id
FROM scan_1
LEFT JOIN scan_2
  ON scan_2.user_id = scan_1.user_id
LEFT JOIN scan_3
  ON scan_3.user_id = scan_1.user_id
WHERE
  scan_1.c1 AND NOT COALESCE(scan_2.c2, FALSE) AND scan_3.c3
