SELECT
  audience.user_id AS user_id,
  reading.these AS these,
  reading.alike AS alike
FROM (
  WITH owners AS (
    …
  )
  SELECT
    people.user_id
  FROM people
  LEFT JOIN owners
    ON owners.owned_kind = 'user' AND owners.owned_id = people.user_id
  WHERE
    people.first_seen_ts < CAST('2017-10-01 00:00:00.000000' AS TIMESTAMP(6))
    AND COALESCE(owners.owner_id, people.user_id) = people.user_id
) AS audience
LEFT JOIN (
  WITH owners AS (
    …
  )
  SELECT
    COALESCE(owners.owner_id, events.user_id) AS user_id,
    COUNT(*) AS these,
    COUNT(*) FILTER(WHERE
      JSON_EXTRACT_SCALAR(events.properties, '$["category"]') IN ('weather', 'uk')) AS alike
  FROM events
  LEFT JOIN owners
    ON owners.owned_kind = CASE WHEN events.user_id IS NULL THEN 'anonymous' ELSE 'user' END
    AND owners.owned_id = COALESCE(events.user_id, events.anonymous_id)
  WHERE
    event_name IN ('Article Read', '_other')
    AND COALESCE(other_name, event_name) = 'Article Read'
    AND event_ts >= CAST('2017-07-03 00:00:00.000000' AS TIMESTAMP(6))
    AND event_ts < CAST('2017-10-01 00:00:00.000000' AS TIMESTAMP(6))
    AND COALESCE(owners.owner_id, events.user_id) IS NOT NULL
  GROUP BY
    COALESCE(owners.owner_id, events.user_id)
) AS reading
  ON reading.user_id = audience.user_id
WHERE
  reading.these >= 5 AND CAST(reading.alike AS DOUBLE) / reading.these >= 0.3e0
