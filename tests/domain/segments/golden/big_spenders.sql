WITH owners AS (
  …
), scan_1 AS (
  SELECT
    user_id,
    CASE
      WHEN c1_amount IS NOT NULL
      THEN (
        ROW_NUMBER() OVER (ORDER BY c1_amount DESC, c1_newest DESC, TO_HEX(SHA256(TO_UTF8(user_id)))) - 1
      ) * 1000 < 200 * COUNT(c1_amount) OVER ()
    END AS c1,
    c2,
    CASE
      WHEN c3_amount IS NOT NULL
      THEN (
        ROW_NUMBER() OVER (ORDER BY c3_amount DESC, c3_newest DESC, TO_HEX(SHA256(TO_UTF8(user_id)))) - 1
      ) * 1000 >= 500 * COUNT(c3_amount) OVER ()
    END AS c3
  FROM (
    SELECT
      COALESCE(owners.owner_id, events.user_id) AS user_id,
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
      ) AS c1_amount,
      MAX(event_ts) AS c1_newest,
      COUNT(*) FILTER(WHERE
        event_ts >= CAST('2017-07-03 00:00:00.000000' AS TIMESTAMP(6))
        AND event_ts < CAST('2017-10-01 00:00:00.000000' AS TIMESTAMP(6))) >= 2 AS c2,
      COUNT(*) AS c3_amount,
      MAX(event_ts) AS c3_newest
    FROM events
    LEFT JOIN owners
      ON owners.owned_kind = CASE WHEN events.user_id IS NULL THEN 'anonymous' ELSE 'user' END
      AND owners.owned_id = COALESCE(events.user_id, events.anonymous_id)
    WHERE
      event_name IN ('Order Completed', '_other')
      AND COALESCE(other_name, event_name) = 'Order Completed'
      AND event_ts >= CAST('2016-10-01 00:00:00.000000' AS TIMESTAMP(6))
      AND event_ts < CAST('2017-10-01 00:00:00.000000' AS TIMESTAMP(6))
      AND COALESCE(owners.owner_id, events.user_id) IS NOT NULL
    GROUP BY
      COALESCE(owners.owner_id, events.user_id)
  ) AS measured
)
SELECT
  scan_1.user_id AS user_id
FROM scan_1
WHERE
  scan_1.c1 AND scan_1.c2 AND NOT scan_1.c3
