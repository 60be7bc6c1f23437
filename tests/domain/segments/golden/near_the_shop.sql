WITH owners AS (
  …
), scan_1 AS (
  SELECT
    COALESCE(owners.owner_id, events.user_id) AS user_id,
    MAX_BY(
      JSON_FORMAT(JSON_EXTRACT(context, '$["location"]')),
      ROW(event_ts, received_ts, COALESCE(place, 0), message_id)
    ) FILTER(WHERE
      CASE
        WHEN TRY_CAST(REGEXP_EXTRACT(
          JSON_EXTRACT_SCALAR(context, '$["location"]["latitude"]'),
          '\A[ \t\r\n]*([+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?)[ \t\r\n]*\z',
          1
        ) AS DOUBLE) BETWEEN -1e+100 AND 1e+100
        THEN TRY_CAST(REGEXP_EXTRACT(
          JSON_EXTRACT_SCALAR(context, '$["location"]["latitude"]'),
          '\A[ \t\r\n]*([+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?)[ \t\r\n]*\z',
          1
        ) AS DOUBLE)
      END BETWEEN -90e0 AND 90e0
      AND CASE
        WHEN TRY_CAST(REGEXP_EXTRACT(
          JSON_EXTRACT_SCALAR(context, '$["location"]["longitude"]'),
          '\A[ \t\r\n]*([+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?)[ \t\r\n]*\z',
          1
        ) AS DOUBLE) BETWEEN -1e+100 AND 1e+100
        THEN TRY_CAST(REGEXP_EXTRACT(
          JSON_EXTRACT_SCALAR(context, '$["location"]["longitude"]'),
          '\A[ \t\r\n]*([+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?)[ \t\r\n]*\z',
          1
        ) AS DOUBLE)
      END BETWEEN -180e0 AND 180e0) AS c1,
    MAX_BY(
      JSON_FORMAT(JSON_EXTRACT(context, '$["location"]')),
      ROW(event_ts, received_ts, COALESCE(place, 0), message_id)
    ) FILTER(WHERE
      event_ts >= CAST('2017-09-24 00:00:00.000000' AS TIMESTAMP(6))
      AND event_ts < CAST('2017-10-01 00:00:00.000000' AS TIMESTAMP(6))
      AND CASE
        WHEN TRY_CAST(REGEXP_EXTRACT(
          JSON_EXTRACT_SCALAR(context, '$["location"]["latitude"]'),
          '\A[ \t\r\n]*([+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?)[ \t\r\n]*\z',
          1
        ) AS DOUBLE) BETWEEN -1e+100 AND 1e+100
        THEN TRY_CAST(REGEXP_EXTRACT(
          JSON_EXTRACT_SCALAR(context, '$["location"]["latitude"]'),
          '\A[ \t\r\n]*([+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?)[ \t\r\n]*\z',
          1
        ) AS DOUBLE)
      END BETWEEN -90e0 AND 90e0
      AND CASE
        WHEN TRY_CAST(REGEXP_EXTRACT(
          JSON_EXTRACT_SCALAR(context, '$["location"]["longitude"]'),
          '\A[ \t\r\n]*([+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?)[ \t\r\n]*\z',
          1
        ) AS DOUBLE) BETWEEN -1e+100 AND 1e+100
        THEN TRY_CAST(REGEXP_EXTRACT(
          JSON_EXTRACT_SCALAR(context, '$["location"]["longitude"]'),
          '\A[ \t\r\n]*([+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?)[ \t\r\n]*\z',
          1
        ) AS DOUBLE)
      END BETWEEN -180e0 AND 180e0) AS c2
  FROM events
  LEFT JOIN owners
    ON owners.owned_kind = CASE WHEN events.user_id IS NULL THEN 'anonymous' ELSE 'user' END
    AND owners.owned_id = COALESCE(events.user_id, events.anonymous_id)
  WHERE
    event_ts >= CAST('2017-09-01 00:00:00.000000' AS TIMESTAMP(6))
    AND event_ts < CAST('2017-10-01 00:00:00.000000' AS TIMESTAMP(6))
    AND COALESCE(owners.owner_id, events.user_id) IS NOT NULL
  GROUP BY
    COALESCE(owners.owner_id, events.user_id)
)
SELECT
  scan_1.user_id AS user_id
FROM scan_1
WHERE
  POWER(
    SIN(
      (
        CASE
          WHEN TRY_CAST(REGEXP_EXTRACT(
            JSON_EXTRACT_SCALAR(scan_1.c1, '$["latitude"]'),
            '\A[ \t\r\n]*([+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?)[ \t\r\n]*\z',
            1
          ) AS DOUBLE) BETWEEN -1e+100 AND 1e+100
          THEN TRY_CAST(REGEXP_EXTRACT(
            JSON_EXTRACT_SCALAR(scan_1.c1, '$["latitude"]'),
            '\A[ \t\r\n]*([+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?)[ \t\r\n]*\z',
            1
          ) AS DOUBLE)
        END - (
          45.764e0
        )
      ) * (
        0.008726646259971648e0
      )
    ),
    2e0
  ) + (
    0.6976154134297105e0
  ) * COS(
    CASE
      WHEN TRY_CAST(REGEXP_EXTRACT(
        JSON_EXTRACT_SCALAR(scan_1.c1, '$["latitude"]'),
        '\A[ \t\r\n]*([+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?)[ \t\r\n]*\z',
        1
      ) AS DOUBLE) BETWEEN -1e+100 AND 1e+100
      THEN TRY_CAST(REGEXP_EXTRACT(
        JSON_EXTRACT_SCALAR(scan_1.c1, '$["latitude"]'),
        '\A[ \t\r\n]*([+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?)[ \t\r\n]*\z',
        1
      ) AS DOUBLE)
    END * 2e0 * (
      0.008726646259971648e0
    )
  ) * POWER(
    SIN(
      (
        CASE
          WHEN TRY_CAST(REGEXP_EXTRACT(
            JSON_EXTRACT_SCALAR(scan_1.c1, '$["longitude"]'),
            '\A[ \t\r\n]*([+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?)[ \t\r\n]*\z',
            1
          ) AS DOUBLE) BETWEEN -1e+100 AND 1e+100
          THEN TRY_CAST(REGEXP_EXTRACT(
            JSON_EXTRACT_SCALAR(scan_1.c1, '$["longitude"]'),
            '\A[ \t\r\n]*([+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?)[ \t\r\n]*\z',
            1
          ) AS DOUBLE)
        END - (
          4.8357e0
        )
      ) * (
        0.008726646259971648e0
      )
    ),
    2e0
  ) <= (
    1.539797489485681e-09
  )
  OR POWER(
    SIN(
      (
        CASE
          WHEN TRY_CAST(REGEXP_EXTRACT(
            JSON_EXTRACT_SCALAR(scan_1.c2, '$["latitude"]'),
            '\A[ \t\r\n]*([+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?)[ \t\r\n]*\z',
            1
          ) AS DOUBLE) BETWEEN -1e+100 AND 1e+100
          THEN TRY_CAST(REGEXP_EXTRACT(
            JSON_EXTRACT_SCALAR(scan_1.c2, '$["latitude"]'),
            '\A[ \t\r\n]*([+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?)[ \t\r\n]*\z',
            1
          ) AS DOUBLE)
        END - (
          -33.87e0
        )
      ) * (
        0.008726646259971648e0
      )
    ),
    2e0
  ) + (
    0.8303042059618937e0
  ) * COS(
    CASE
      WHEN TRY_CAST(REGEXP_EXTRACT(
        JSON_EXTRACT_SCALAR(scan_1.c2, '$["latitude"]'),
        '\A[ \t\r\n]*([+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?)[ \t\r\n]*\z',
        1
      ) AS DOUBLE) BETWEEN -1e+100 AND 1e+100
      THEN TRY_CAST(REGEXP_EXTRACT(
        JSON_EXTRACT_SCALAR(scan_1.c2, '$["latitude"]'),
        '\A[ \t\r\n]*([+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?)[ \t\r\n]*\z',
        1
      ) AS DOUBLE)
    END * 2e0 * (
      0.008726646259971648e0
    )
  ) * POWER(
    SIN(
      (
        CASE
          WHEN TRY_CAST(REGEXP_EXTRACT(
            JSON_EXTRACT_SCALAR(scan_1.c2, '$["longitude"]'),
            '\A[ \t\r\n]*([+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?)[ \t\r\n]*\z',
            1
          ) AS DOUBLE) BETWEEN -1e+100 AND 1e+100
          THEN TRY_CAST(REGEXP_EXTRACT(
            JSON_EXTRACT_SCALAR(scan_1.c2, '$["longitude"]'),
            '\A[ \t\r\n]*([+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?)[ \t\r\n]*\z',
            1
          ) AS DOUBLE)
        END - (
          151.21e0
        )
      ) * (
        0.008726646259971648e0
      )
    ),
    2e0
  ) <= (
    2.4636759642092796e-08
  )
