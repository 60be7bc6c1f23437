WITH owners AS (
  …
), scan_1 AS (
  SELECT
    COALESCE(owners.owner_id, events.user_id) AS user_id,
    COUNT(*) >= 1 AS c1
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
), scan_2 AS (
  SELECT
    COALESCE(owners.owner_id, events.user_id) AS user_id,
    MAX_BY(traits, ROW(event_ts, received_ts, COALESCE(place, 0), message_id)) AS c2
  FROM events
  LEFT JOIN owners
    ON owners.owned_kind = CASE WHEN events.user_id IS NULL THEN 'anonymous' ELSE 'user' END
    AND owners.owned_id = COALESCE(events.user_id, events.anonymous_id)
  WHERE
    event_name = 'identify'
    AND type = 'identify'
    AND event_ts < CAST('2017-10-01 00:00:00.000000' AS TIMESTAMP(6))
    AND COALESCE(owners.owner_id, events.user_id) IS NOT NULL
    AND JSON_EXTRACT(traits, '$["plan"]') IS NOT NULL
  GROUP BY
    COALESCE(owners.owner_id, events.user_id)
), scan_3 AS (
  SELECT
    COALESCE(owners.owner_id, events.user_id) AS user_id,
    COUNT(*) > 3 AS c3
  FROM events
  LEFT JOIN owners
    ON owners.owned_kind = CASE WHEN events.user_id IS NULL THEN 'anonymous' ELSE 'user' END
    AND owners.owned_id = COALESCE(events.user_id, events.anonymous_id)
  WHERE
    event_name IN ('Product Viewed', '_other')
    AND COALESCE(other_name, event_name) = 'Product Viewed'
    AND event_ts < CAST('2017-10-01 00:00:00.000000' AS TIMESTAMP(6))
    AND COALESCE(owners.owner_id, events.user_id) IS NOT NULL
  GROUP BY
    COALESCE(owners.owner_id, events.user_id)
)
SELECT
  COALESCE(scan_1.user_id, scan_2.user_id, scan_3.user_id) AS user_id
FROM scan_1
FULL JOIN scan_2
  ON scan_1.user_id = scan_2.user_id
FULL JOIN scan_3
  ON COALESCE(scan_1.user_id, scan_2.user_id) = scan_3.user_id
WHERE
  COALESCE(scan_1.c1, FALSE)
  OR JSON_EXTRACT_SCALAR(scan_2.c2, '$["plan"]') = 'pro'
  OR COALESCE(scan_3.c3, FALSE)
