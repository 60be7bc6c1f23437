WITH scan_1 AS (
  SELECT
    user_id,
    MAX_BY(traits, ROW(event_ts, received_ts, COALESCE(place, 0), message_id)) FILTER(WHERE
      JSON_EXTRACT(traits, '$["plan"]') IS NOT NULL) AS c1,
    MAX_BY(traits, ROW(event_ts, received_ts, COALESCE(place, 0), message_id)) FILTER(WHERE
      JSON_EXTRACT(traits, '$["age"]') IS NOT NULL) AS c2,
    MAX_BY(traits, ROW(event_ts, received_ts, COALESCE(place, 0), message_id)) FILTER(WHERE
      JSON_EXTRACT(traits, '$["address"]') IS NOT NULL) AS c3
  FROM events
  WHERE
    event_name = 'identify'
    AND type = 'identify'
    AND event_ts < CAST('2017-10-01 00:00:00.000000' AS TIMESTAMP(6))
    AND user_id IS NOT NULL
  GROUP BY
    user_id
)
SELECT
  scan_1.user_id AS user_id
FROM scan_1
WHERE
  JSON_EXTRACT_SCALAR(scan_1.c1, '$["plan"]') = 'pro'
  AND CASE
    WHEN TRY_CAST(JSON_EXTRACT_SCALAR(scan_1.c2, '$["age"]') AS DOUBLE) BETWEEN -1e+100 AND 1e+100
    THEN TRY_CAST(JSON_EXTRACT_SCALAR(scan_1.c2, '$["age"]') AS DOUBLE)
  END < 30e0
  AND JSON_EXTRACT_SCALAR(scan_1.c3, '$["address"]["city"]') <> 'Paris'
