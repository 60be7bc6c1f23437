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
  event_name IN ('Order Completed', '_other')
  AND COALESCE(other_name, event_name) = 'Order Completed'
  AND event_ts < CAST('2017-10-01 00:00:00.000000' AS TIMESTAMP(6))
  AND COALESCE(owners.owner_id, events.user_id) IS NOT NULL
  AND JSON_EXTRACT_SCALAR(properties, '$["category"]') IN ('wine', 'cheese')
  AND STARTS_WITH(JSON_EXTRACT_SCALAR(properties, '$["shop"]["city"]'), 'Ly')
  AND NOT COALESCE(JSON_FORMAT(JSON_EXTRACT(properties, '$["coupon"]')) <> 'null', FALSE)
GROUP BY
  COALESCE(owners.owner_id, events.user_id)
HAVING
  SUM(
    CASE
      WHEN TRY_CAST(REGEXP_EXTRACT(
        JSON_EXTRACT_SCALAR(properties, '$["revenue"]'),
        '\A[ \t\r\n]*([+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?)[ \t\r\n]*\z',
        1
      ) AS DOUBLE) BETWEEN -1e+100 AND 1e+100
      THEN TRY_CAST(REGEXP_EXTRACT(
        JSON_EXTRACT_SCALAR(properties, '$["revenue"]'),
        '\A[ \t\r\n]*([+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?)[ \t\r\n]*\z',
        1
      ) AS DOUBLE)
    END
  ) >= 100e0
