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
  event_name IN ('Product Viewed', '_other')
  AND COALESCE(other_name, event_name) = 'Product Viewed'
  AND event_ts >= CAST('2017-07-01 00:00:00.000000' AS TIMESTAMP(6))
  AND event_ts < CAST('2017-10-01 00:00:00.000000' AS TIMESTAMP(6))
  AND COALESCE(owners.owner_id, events.user_id) IS NOT NULL
GROUP BY
  COALESCE(owners.owner_id, events.user_id)
HAVING
  COUNT(DISTINCT CAST(event_ts AS DATE)) BETWEEN 5 AND 10
