WITH owners AS (
  …
), scan_1 AS (
  SELECT
    COALESCE(owners.owner_id, events.user_id) AS user_id,
    MAX_BY(traits, ROW(event_ts, received_ts, COALESCE(place, 0), message_id)) FILTER(WHERE
      JSON_EXTRACT(traits, '$["plan"]') IS NOT NULL) AS c1,
    MAX_BY(traits, ROW(event_ts, received_ts, COALESCE(place, 0), message_id)) FILTER(WHERE
      JSON_EXTRACT(traits, '$["age"]') IS NOT NULL) AS c2,
    MAX_BY(traits, ROW(event_ts, received_ts, COALESCE(place, 0), message_id)) FILTER(WHERE
      JSON_EXTRACT(traits, '$["address"]') IS NOT NULL) AS c3
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
  JSON_EXTRACT_SCALAR(scan_1.c1, '$["plan"]') = 'pro'
  AND CASE
    WHEN TRY_CAST(REGEXP_EXTRACT(
      JSON_EXTRACT_SCALAR(scan_1.c2, '$["age"]'),
      '\A[ \t\r\n]*([+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?)[ \t\r\n]*\z',
      1
    ) AS DOUBLE) BETWEEN -1e+100 AND 1e+100
    THEN TRY_CAST(REGEXP_EXTRACT(
      JSON_EXTRACT_SCALAR(scan_1.c2, '$["age"]'),
      '\A[ \t\r\n]*([+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?)[ \t\r\n]*\z',
      1
    ) AS DOUBLE)
  END < 30e0
  AND JSON_EXTRACT_SCALAR(scan_1.c3, '$["address"]["city"]') <> 'Paris'
