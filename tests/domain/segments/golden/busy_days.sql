SELECT
  user_id
FROM events
WHERE
  event_name IN ('Product Viewed', '_other')
  AND COALESCE(other_name, event_name) = 'Product Viewed'
  AND event_ts >= CAST('2017-07-01 00:00:00.000000' AS TIMESTAMP(6))
  AND event_ts < CAST('2017-10-01 00:00:00.000000' AS TIMESTAMP(6))
  AND user_id IS NOT NULL
GROUP BY
  user_id
HAVING
  COUNT(DISTINCT CAST(event_ts AS DATE)) BETWEEN 5 AND 10
