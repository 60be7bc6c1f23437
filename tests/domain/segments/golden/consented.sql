WITH owners AS (
  …
), scan_1 AS (
  SELECT
    COALESCE(owners.owner_id, events.user_id) AS user_id,
    MAX_BY(traits, ROW(event_ts, received_ts, COALESCE(place, 0), message_id)) FILTER(WHERE
      JSON_EXTRACT(traits, '$["marketing_opt_out"]') IS NOT NULL) AS c1,
    MAX_BY(traits, ROW(event_ts, received_ts, COALESCE(place, 0), message_id)) FILTER(WHERE
      JSON_EXTRACT(traits, '$["marketingOptOut"]') IS NOT NULL) AS c2,
    MAX_BY(traits, ROW(event_ts, received_ts, COALESCE(place, 0), message_id)) FILTER(WHERE
      JSON_EXTRACT(traits, '$["marketing_opted_out"]') IS NOT NULL) AS c3,
    MAX_BY(traits, ROW(event_ts, received_ts, COALESCE(place, 0), message_id)) FILTER(WHERE
      JSON_EXTRACT(traits, '$["marketingOptedOut"]') IS NOT NULL) AS c4,
    MAX_BY(traits, ROW(event_ts, received_ts, COALESCE(place, 0), message_id)) FILTER(WHERE
      JSON_EXTRACT(traits, '$["unsubscribed"]') IS NOT NULL) AS c5,
    MAX_BY(traits, ROW(event_ts, received_ts, COALESCE(place, 0), message_id)) FILTER(WHERE
      JSON_EXTRACT(traits, '$["opted_out"]') IS NOT NULL) AS c6,
    MAX_BY(traits, ROW(event_ts, received_ts, COALESCE(place, 0), message_id)) FILTER(WHERE
      JSON_EXTRACT(traits, '$["optedOut"]') IS NOT NULL) AS c7,
    MAX_BY(traits, ROW(event_ts, received_ts, COALESCE(place, 0), message_id)) FILTER(WHERE
      JSON_EXTRACT(traits, '$["opt_out"]') IS NOT NULL) AS c8,
    MAX_BY(traits, ROW(event_ts, received_ts, COALESCE(place, 0), message_id)) FILTER(WHERE
      JSON_EXTRACT(traits, '$["optOut"]') IS NOT NULL) AS c9,
    MAX_BY(traits, ROW(event_ts, received_ts, COALESCE(place, 0), message_id)) FILTER(WHERE
      JSON_EXTRACT(traits, '$["consent"]') IS NOT NULL) AS c10,
    MAX_BY(traits, ROW(event_ts, received_ts, COALESCE(place, 0), message_id)) FILTER(WHERE
      JSON_EXTRACT(traits, '$["marketing_opt_in"]') IS NOT NULL) AS c11,
    MAX_BY(traits, ROW(event_ts, received_ts, COALESCE(place, 0), message_id)) FILTER(WHERE
      JSON_EXTRACT(traits, '$["marketingOptIn"]') IS NOT NULL) AS c12,
    MAX_BY(traits, ROW(event_ts, received_ts, COALESCE(place, 0), message_id)) FILTER(WHERE
      JSON_EXTRACT(traits, '$["marketing_opted_in"]') IS NOT NULL) AS c13,
    MAX_BY(traits, ROW(event_ts, received_ts, COALESCE(place, 0), message_id)) FILTER(WHERE
      JSON_EXTRACT(traits, '$["marketingOptedIn"]') IS NOT NULL) AS c14,
    MAX_BY(traits, ROW(event_ts, received_ts, COALESCE(place, 0), message_id)) FILTER(WHERE
      JSON_EXTRACT(traits, '$["accepts_marketing"]') IS NOT NULL) AS c15,
    MAX_BY(traits, ROW(event_ts, received_ts, COALESCE(place, 0), message_id)) FILTER(WHERE
      JSON_EXTRACT(traits, '$["acceptsMarketing"]') IS NOT NULL) AS c16,
    MAX_BY(traits, ROW(event_ts, received_ts, COALESCE(place, 0), message_id)) FILTER(WHERE
      JSON_EXTRACT(traits, '$["subscribed"]') IS NOT NULL) AS c17,
    MAX_BY(traits, ROW(event_ts, received_ts, COALESCE(place, 0), message_id)) FILTER(WHERE
      JSON_EXTRACT(traits, '$["is_subscribed"]') IS NOT NULL) AS c18,
    MAX_BY(traits, ROW(event_ts, received_ts, COALESCE(place, 0), message_id)) FILTER(WHERE
      JSON_EXTRACT(traits, '$["isSubscribed"]') IS NOT NULL) AS c19
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
      COALESCE(JSON_FORMAT(JSON_EXTRACT(scan_1.c2, '$["marketingOptOut"]')) <> 'null', FALSE)
      AND JSON_EXTRACT_SCALAR(scan_1.c2, '$["marketingOptOut"]') = 'true'
    )
    OR (
      COALESCE(JSON_FORMAT(JSON_EXTRACT(scan_1.c3, '$["marketing_opted_out"]')) <> 'null', FALSE)
      AND JSON_EXTRACT_SCALAR(scan_1.c3, '$["marketing_opted_out"]') = 'true'
    )
    OR (
      COALESCE(JSON_FORMAT(JSON_EXTRACT(scan_1.c4, '$["marketingOptedOut"]')) <> 'null', FALSE)
      AND JSON_EXTRACT_SCALAR(scan_1.c4, '$["marketingOptedOut"]') = 'true'
    )
    OR (
      COALESCE(JSON_FORMAT(JSON_EXTRACT(scan_1.c5, '$["unsubscribed"]')) <> 'null', FALSE)
      AND JSON_EXTRACT_SCALAR(scan_1.c5, '$["unsubscribed"]') = 'true'
    )
    OR (
      COALESCE(JSON_FORMAT(JSON_EXTRACT(scan_1.c6, '$["opted_out"]')) <> 'null', FALSE)
      AND JSON_EXTRACT_SCALAR(scan_1.c6, '$["opted_out"]') = 'true'
    )
    OR (
      COALESCE(JSON_FORMAT(JSON_EXTRACT(scan_1.c7, '$["optedOut"]')) <> 'null', FALSE)
      AND JSON_EXTRACT_SCALAR(scan_1.c7, '$["optedOut"]') = 'true'
    )
    OR (
      COALESCE(JSON_FORMAT(JSON_EXTRACT(scan_1.c8, '$["opt_out"]')) <> 'null', FALSE)
      AND JSON_EXTRACT_SCALAR(scan_1.c8, '$["opt_out"]') = 'true'
    )
    OR (
      COALESCE(JSON_FORMAT(JSON_EXTRACT(scan_1.c9, '$["optOut"]')) <> 'null', FALSE)
      AND JSON_EXTRACT_SCALAR(scan_1.c9, '$["optOut"]') = 'true'
    )
    OR (
      COALESCE(
        JSON_FORMAT(JSON_EXTRACT(scan_1.c10, '$["consent"]["marketing"]')) <> 'null',
        FALSE
      )
      AND JSON_EXTRACT_SCALAR(scan_1.c10, '$["consent"]["marketing"]') = 'false'
    )
    OR (
      COALESCE(JSON_FORMAT(JSON_EXTRACT(scan_1.c11, '$["marketing_opt_in"]')) <> 'null', FALSE)
      AND JSON_EXTRACT_SCALAR(scan_1.c11, '$["marketing_opt_in"]') = 'false'
    )
    OR (
      COALESCE(JSON_FORMAT(JSON_EXTRACT(scan_1.c12, '$["marketingOptIn"]')) <> 'null', FALSE)
      AND JSON_EXTRACT_SCALAR(scan_1.c12, '$["marketingOptIn"]') = 'false'
    )
    OR (
      COALESCE(JSON_FORMAT(JSON_EXTRACT(scan_1.c13, '$["marketing_opted_in"]')) <> 'null', FALSE)
      AND JSON_EXTRACT_SCALAR(scan_1.c13, '$["marketing_opted_in"]') = 'false'
    )
    OR (
      COALESCE(JSON_FORMAT(JSON_EXTRACT(scan_1.c14, '$["marketingOptedIn"]')) <> 'null', FALSE)
      AND JSON_EXTRACT_SCALAR(scan_1.c14, '$["marketingOptedIn"]') = 'false'
    )
    OR (
      COALESCE(JSON_FORMAT(JSON_EXTRACT(scan_1.c15, '$["accepts_marketing"]')) <> 'null', FALSE)
      AND JSON_EXTRACT_SCALAR(scan_1.c15, '$["accepts_marketing"]') = 'false'
    )
    OR (
      COALESCE(JSON_FORMAT(JSON_EXTRACT(scan_1.c16, '$["acceptsMarketing"]')) <> 'null', FALSE)
      AND JSON_EXTRACT_SCALAR(scan_1.c16, '$["acceptsMarketing"]') = 'false'
    )
    OR (
      COALESCE(JSON_FORMAT(JSON_EXTRACT(scan_1.c17, '$["subscribed"]')) <> 'null', FALSE)
      AND JSON_EXTRACT_SCALAR(scan_1.c17, '$["subscribed"]') = 'false'
    )
    OR (
      COALESCE(JSON_FORMAT(JSON_EXTRACT(scan_1.c18, '$["is_subscribed"]')) <> 'null', FALSE)
      AND JSON_EXTRACT_SCALAR(scan_1.c18, '$["is_subscribed"]') = 'false'
    )
    OR (
      COALESCE(JSON_FORMAT(JSON_EXTRACT(scan_1.c19, '$["isSubscribed"]')) <> 'null', FALSE)
      AND JSON_EXTRACT_SCALAR(scan_1.c19, '$["isSubscribed"]') = 'false'
    )
  )
  AND (
    JSON_EXTRACT_SCALAR(scan_1.c10, '$["consent"]["marketing"]') = 'true'
    OR JSON_EXTRACT_SCALAR(scan_1.c11, '$["marketing_opt_in"]') = 'true'
    OR JSON_EXTRACT_SCALAR(scan_1.c12, '$["marketingOptIn"]') = 'true'
    OR JSON_EXTRACT_SCALAR(scan_1.c13, '$["marketing_opted_in"]') = 'true'
    OR JSON_EXTRACT_SCALAR(scan_1.c14, '$["marketingOptedIn"]') = 'true'
    OR JSON_EXTRACT_SCALAR(scan_1.c15, '$["accepts_marketing"]') = 'true'
    OR JSON_EXTRACT_SCALAR(scan_1.c16, '$["acceptsMarketing"]') = 'true'
  )
