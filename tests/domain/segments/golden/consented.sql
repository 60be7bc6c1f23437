WITH owners AS (
  …
), scan_1 AS (
  SELECT
    COALESCE(owners.owner_id, events.user_id) AS user_id,
    MAX_BY(traits, ROW(event_ts, received_ts, COALESCE(place, 0), message_id)) FILTER(WHERE
      JSON_EXTRACT(traits, '$["marketing_opt_out"]') IS NOT NULL) AS c1,
    MAX_BY(traits, ROW(event_ts, received_ts, COALESCE(place, 0), message_id)) FILTER(WHERE
      JSON_EXTRACT(traits, '$["marketing_opted_out"]') IS NOT NULL) AS c2,
    MAX_BY(traits, ROW(event_ts, received_ts, COALESCE(place, 0), message_id)) FILTER(WHERE
      JSON_EXTRACT(traits, '$["unsubscribed"]') IS NOT NULL) AS c3,
    MAX_BY(traits, ROW(event_ts, received_ts, COALESCE(place, 0), message_id)) FILTER(WHERE
      JSON_EXTRACT(traits, '$["opted_out"]') IS NOT NULL) AS c4,
    MAX_BY(traits, ROW(event_ts, received_ts, COALESCE(place, 0), message_id)) FILTER(WHERE
      JSON_EXTRACT(traits, '$["opt_out"]') IS NOT NULL) AS c5,
    MAX_BY(traits, ROW(event_ts, received_ts, COALESCE(place, 0), message_id)) FILTER(WHERE
      JSON_EXTRACT(traits, '$["consent"]') IS NOT NULL) AS c6,
    MAX_BY(traits, ROW(event_ts, received_ts, COALESCE(place, 0), message_id)) FILTER(WHERE
      JSON_EXTRACT(traits, '$["marketing_opt_in"]') IS NOT NULL) AS c7,
    MAX_BY(traits, ROW(event_ts, received_ts, COALESCE(place, 0), message_id)) FILTER(WHERE
      JSON_EXTRACT(traits, '$["marketing_opted_in"]') IS NOT NULL) AS c8
  FROM events
  LEFT JOIN owners
    ON owners.owned_kind = CASE WHEN events.user_id IS NULL THEN 'anonymous' ELSE 'user' END
    AND owners.owned_id = COALESCE(events.user_id, events.anonymous_id)
  WHERE
    event_name = 'identify'
    AND type = 'identify'
    AND event_ts < CAST('2017-10-01 00:00:00.000000' AS TIMESTAMP(6))
    AND COALESCE(owners.owner_id, events.user_id) IS NOT NULL
  GROUP BY
    COALESCE(owners.owner_id, events.user_id)
)
SELECT
  scan_1.user_id AS user_id
FROM scan_1
WHERE
  NOT (
    (
      COALESCE(JSON_FORMAT(JSON_EXTRACT(scan_1.c1, '$["marketing_opt_out"]')) <> 'null', FALSE)
      AND JSON_EXTRACT_SCALAR(scan_1.c1, '$["marketing_opt_out"]') = 'true'
    )
    OR (
      COALESCE(JSON_FORMAT(JSON_EXTRACT(scan_1.c2, '$["marketing_opted_out"]')) <> 'null', FALSE)
      AND JSON_EXTRACT_SCALAR(scan_1.c2, '$["marketing_opted_out"]') = 'true'
    )
    OR (
      COALESCE(JSON_FORMAT(JSON_EXTRACT(scan_1.c3, '$["unsubscribed"]')) <> 'null', FALSE)
      AND JSON_EXTRACT_SCALAR(scan_1.c3, '$["unsubscribed"]') = 'true'
    )
    OR (
      COALESCE(JSON_FORMAT(JSON_EXTRACT(scan_1.c4, '$["opted_out"]')) <> 'null', FALSE)
      AND JSON_EXTRACT_SCALAR(scan_1.c4, '$["opted_out"]') = 'true'
    )
    OR (
      COALESCE(JSON_FORMAT(JSON_EXTRACT(scan_1.c5, '$["opt_out"]')) <> 'null', FALSE)
      AND JSON_EXTRACT_SCALAR(scan_1.c5, '$["opt_out"]') = 'true'
    )
    OR (
      COALESCE(JSON_FORMAT(JSON_EXTRACT(scan_1.c6, '$["consent"]["marketing"]')) <> 'null', FALSE)
      AND JSON_EXTRACT_SCALAR(scan_1.c6, '$["consent"]["marketing"]') = 'false'
    )
    OR (
      COALESCE(JSON_FORMAT(JSON_EXTRACT(scan_1.c7, '$["marketing_opt_in"]')) <> 'null', FALSE)
      AND JSON_EXTRACT_SCALAR(scan_1.c7, '$["marketing_opt_in"]') = 'false'
    )
    OR (
      COALESCE(JSON_FORMAT(JSON_EXTRACT(scan_1.c8, '$["marketing_opted_in"]')) <> 'null', FALSE)
      AND JSON_EXTRACT_SCALAR(scan_1.c8, '$["marketing_opted_in"]') = 'false'
    )
  )
  AND (
    JSON_EXTRACT_SCALAR(scan_1.c6, '$["consent"]["marketing"]') = 'true'
    OR JSON_EXTRACT_SCALAR(scan_1.c7, '$["marketing_opt_in"]') = 'true'
    OR JSON_EXTRACT_SCALAR(scan_1.c8, '$["marketing_opted_in"]') = 'true'
  )
