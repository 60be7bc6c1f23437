WITH scan_1 AS (
  SELECT
    user_id,
    COUNT(*) >= 1 AS c1
  FROM events
  WHERE
    event_name IN ('Order Completed', '_other')
    AND COALESCE(other_name, event_name) = 'Order Completed'
    AND event_ts < CAST('2017-10-01 00:00:00.000000' AS TIMESTAMP(6))
    AND user_id IS NOT NULL
  GROUP BY
    user_id
)
SELECT
  people.user_id
FROM people
LEFT JOIN scan_1
  ON scan_1.user_id = people.user_id
WHERE
  people.first_seen_ts < CAST('2017-10-01 00:00:00.000000' AS TIMESTAMP(6))
  AND NOT COALESCE(scan_1.c1, FALSE)
