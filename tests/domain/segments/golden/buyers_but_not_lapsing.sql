WITH owners AS (
  …
)
SELECT
  COALESCE(owners.owner_id, events.user_id) AS user_id
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
HAVING
  COUNT(*) >= 1
  AND NOT (
    COUNT(*) >= 1
    AND NOT COUNT(*) FILTER(WHERE
      event_ts >= CAST('2017-09-01 00:00:00.000000' AS TIMESTAMP(6))
      AND event_ts < CAST('2017-10-01 00:00:00.000000' AS TIMESTAMP(6))) >= 1
  )
