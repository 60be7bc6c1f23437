SELECT
  user_id
FROM events
WHERE
  event_name IN ('Order Completed', '_other')
  AND COALESCE(other_name, event_name) = 'Order Completed'
  AND event_ts < CAST('2017-10-01 00:00:00.000000' AS TIMESTAMP(6))
  AND user_id IS NOT NULL
  AND JSON_EXTRACT_SCALAR(properties, '$["category"]') IN ('wine', 'cheese')
  AND STARTS_WITH(JSON_EXTRACT_SCALAR(properties, '$["shop"]["city"]'), 'Ly')
  AND NOT COALESCE(JSON_FORMAT(JSON_EXTRACT(properties, '$["coupon"]')) <> 'null', FALSE)
GROUP BY
  user_id
HAVING
  SUM(
    CASE
      WHEN TRY_CAST(JSON_EXTRACT_SCALAR(properties, '$["revenue"]') AS DOUBLE) BETWEEN -1e+100 AND 1e+100
      THEN TRY_CAST(JSON_EXTRACT_SCALAR(properties, '$["revenue"]') AS DOUBLE)
    END
  ) >= 100e0
