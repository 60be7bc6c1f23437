WITH scan_1 AS (
  SELECT
    user_id,
    MAX_BY(traits, ROW(event_ts, received_ts, COALESCE(place, 0), message_id)) AS c1
  FROM events
  WHERE
    event_name = 'identify'
    AND type = 'identify'
    AND event_ts < CAST('2017-10-01 00:00:00.000000' AS TIMESTAMP(6))
    AND user_id IS NOT NULL
    AND JSON_EXTRACT(traits, '$["subscribed_at"]') IS NOT NULL
  GROUP BY
    user_id
)
SELECT
  scan_1.user_id AS user_id
FROM scan_1
WHERE
  REGEXP_EXTRACT(
    JSON_EXTRACT_SCALAR(scan_1.c1, '$["subscribed_at"]'),
    '\A([12][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])(T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?)?)(Z|[+]00:00)?\z',
    1
  ) >= '2017-09-24'
  AND REGEXP_EXTRACT(
    JSON_EXTRACT_SCALAR(scan_1.c1, '$["subscribed_at"]'),
    '\A([12][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])(T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?)?)(Z|[+]00:00)?\z',
    1
  ) < '2017-10-01'
