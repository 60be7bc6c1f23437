WITH owners AS (
  …
), scan_1 AS (
  SELECT
    COALESCE(owners.owner_id, events.user_id) AS user_id,
    MAX_BY(traits, ROW(event_ts, received_ts, COALESCE(place, 0), message_id)) AS c1
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
)
SELECT
  people.user_id
FROM people
LEFT JOIN owners
  ON owners.owned_kind = 'user' AND owners.owned_id = people.user_id
LEFT JOIN scan_1
  ON scan_1.user_id = people.user_id
WHERE
  (
    people.first_seen_ts < CAST('2017-10-01 00:00:00.000000' AS TIMESTAMP(6))
    AND COALESCE(owners.owner_id, people.user_id) = people.user_id
  )
  AND NOT COALESCE(JSON_FORMAT(JSON_EXTRACT(scan_1.c1, '$["plan"]')) <> 'null', FALSE)
