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
    AND JSON_EXTRACT(traits, '$["subscribed_at"]') IS NOT NULL
  GROUP BY
    COALESCE(owners.owner_id, events.user_id)
)
SELECT
  scan_1.user_id AS user_id
FROM scan_1
WHERE
  DATE_ADD(
    'minute',
    COALESCE(
      TRY_CAST(REPLACE(
        REGEXP_EXTRACT(
          JSON_EXTRACT_SCALAR(scan_1.c1, '$["subscribed_at"]'),
          '([+-][0-9]{2}:?[0-9]{2})\z',
          1
        ),
        ':',
        ''
      ) AS BIGINT) / 100 * 40 - TRY_CAST(REPLACE(
        REGEXP_EXTRACT(
          JSON_EXTRACT_SCALAR(scan_1.c1, '$["subscribed_at"]'),
          '([+-][0-9]{2}:?[0-9]{2})\z',
          1
        ),
        ':',
        ''
      ) AS BIGINT),
      0
    ),
    TRY_CAST(REPLACE(
      SUBSTR(
        REGEXP_EXTRACT(
          JSON_EXTRACT_SCALAR(scan_1.c1, '$["subscribed_at"]'),
          '\A((0(00[1-9]|0[1-9][0-9]|[1-9][0-9]{2})|[1-9][0-9]{3})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?)?)(Z|[+-](0[0-9]|1[0-3]):?[0-5][0-9]|[+-]14:?00)?\z',
          1
        ),
        1,
        26
      ),
      'T',
      ' '
    ) AS TIMESTAMP(6))
  ) BETWEEN CAST('2017-09-24 00:00:00.000000' AS TIMESTAMP(6)) AND CAST('2017-09-30 23:59:59.999999' AS TIMESTAMP(6))
