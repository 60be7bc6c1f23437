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
    AND JSON_EXTRACT(traits, '$["tags"]') IS NOT NULL
  GROUP BY
    COALESCE(owners.owner_id, events.user_id)
), scan_2 AS (
  SELECT
    COALESCE(owners.owner_id, events.user_id) AS user_id,
    COUNT(*) >= 1 AS c2
  FROM events
  LEFT JOIN owners
    ON owners.owned_kind = CASE WHEN events.user_id IS NULL THEN 'anonymous' ELSE 'user' END
    AND owners.owned_id = COALESCE(events.user_id, events.anonymous_id)
  WHERE
    event_name IN ('Order Completed', '_other')
    AND COALESCE(other_name, event_name) = 'Order Completed'
    AND event_ts >= CAST('2017-09-01 00:00:00.000000' AS TIMESTAMP(6))
    AND event_ts < CAST('2017-10-01 00:00:00.000000' AS TIMESTAMP(6))
    AND COALESCE(owners.owner_id, events.user_id) IS NOT NULL
    AND ANY_MATCH(
      TRY_CAST(JSON_EXTRACT(properties, '$["products"]') AS ARRAY(JSON)),
      element -> JSON_EXTRACT_SCALAR(element, '$["category"]') = 'wine'
    )
    AND ANY_MATCH(
      TRY_CAST(JSON_EXTRACT(properties, '$["products"]') AS ARRAY(JSON)),
      element -> CASE
        WHEN TRY_CAST(REGEXP_EXTRACT(
          JSON_EXTRACT_SCALAR(element, '$["price"]'),
          '\A[ \t\r\n]*([+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?)[ \t\r\n]*\z',
          1
        ) AS DOUBLE) BETWEEN -1e+100 AND 1e+100
        THEN TRY_CAST(REGEXP_EXTRACT(
          JSON_EXTRACT_SCALAR(element, '$["price"]'),
          '\A[ \t\r\n]*([+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?)[ \t\r\n]*\z',
          1
        ) AS DOUBLE)
      END >= 20e0
    )
  GROUP BY
    COALESCE(owners.owner_id, events.user_id)
)
SELECT
  scan_1.user_id AS user_id
FROM scan_1
LEFT JOIN scan_2
  ON scan_2.user_id = scan_1.user_id
WHERE
  ALL_MATCH(
    TRY_CAST(JSON_EXTRACT(scan_1.c1, '$["tags"]') AS ARRAY(JSON)),
    element -> JSON_EXTRACT_SCALAR(element, '$') <> 'wholesale'
  )
  AND COALESCE(scan_2.c2, FALSE)
