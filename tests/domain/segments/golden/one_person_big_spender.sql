WITH owners AS (
  …
), scan_1 AS (
  SELECT
    user_id,
    c1
  FROM (
    SELECT
      user_id,
      CASE
        WHEN c1_amount IS NOT NULL
        THEN (
          ROW_NUMBER() OVER (ORDER BY c1_amount DESC, c1_newest DESC, TO_HEX(SHA256(TO_UTF8(user_id)))) - 1
        ) * 1000 < 125 * COUNT(c1_amount) OVER ()
      END AS c1
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
        MAX(event_ts) AS c1_newest
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
  ) AS ranked
  WHERE
    user_id = 'ann'
)
SELECT
  scan_1.user_id AS user_id
FROM scan_1
WHERE
  scan_1.c1
