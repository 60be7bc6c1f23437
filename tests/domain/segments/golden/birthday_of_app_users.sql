WITH owners AS (
  …
), scan_1 AS (
  SELECT
    COALESCE(owners.owner_id, events.user_id) AS user_id,
    MAX_BY(traits, ROW(event_ts, received_ts, COALESCE(place, 0), message_id)) FILTER(WHERE
      JSON_EXTRACT(traits, '$["birthday"]') IS NOT NULL) AS c1,
    MAX_BY(traits, ROW(event_ts, received_ts, COALESCE(place, 0), message_id)) FILTER(WHERE
      JSON_EXTRACT(traits, '$["app_version"]') IS NOT NULL) AS c2
  FROM events
  LEFT JOIN owners
    ON owners.owned_kind = CASE WHEN events.user_id IS NULL THEN 'anonymous' ELSE 'user' END
    AND owners.owned_id = COALESCE(events.user_id, events.anonymous_id)
  WHERE
    event_name = 'identify'
    AND type = 'identify'
    AND event_ts < CAST('2017-02-28 12:00:00.000000' AS TIMESTAMP(6))
    AND COALESCE(owners.owner_id, events.user_id) IS NOT NULL
  GROUP BY
    COALESCE(owners.owner_id, events.user_id)
), scan_2 AS (
  SELECT
    COALESCE(owners.owner_id, events.user_id) AS user_id,
    COUNT(*) >= 1 AS c3
  FROM events
  LEFT JOIN owners
    ON owners.owned_kind = CASE WHEN events.user_id IS NULL THEN 'anonymous' ELSE 'user' END
    AND owners.owned_id = COALESCE(events.user_id, events.anonymous_id)
  WHERE
    event_name IN ('Application Opened', '_other')
    AND COALESCE(other_name, event_name) = 'Application Opened'
    AND event_ts >= CAST('2017-01-29 12:00:00.000000' AS TIMESTAMP(6))
    AND event_ts < CAST('2017-02-28 12:00:00.000000' AS TIMESTAMP(6))
    AND COALESCE(owners.owner_id, events.user_id) IS NOT NULL
    AND CONCAT(
      RPAD(
        ARRAY_JOIN(
          TRANSFORM(
            SPLIT(
              REGEXP_EXTRACT(
                REGEXP_EXTRACT(
                  JSON_EXTRACT_SCALAR(properties, '$["os_version"]'),
                  '\A[vV]?([0-9]{1,10}([.][0-9]{1,10}){0,3}(-[0-9A-Za-z-]{1,40}([.][0-9A-Za-z-]{1,40}){0,7})?)([+][0-9A-Za-z.-]+)?\z',
                  1
                ),
                '\A([0-9.]+)',
                1
              ),
              '.'
            ),
            part -> LPAD(part, 10, '0')
          ),
          ''
        ),
        40,
        '0'
      ),
      COALESCE(
        CONCAT(
          '-',
          ARRAY_JOIN(
            TRANSFORM(
              SPLIT(
                REGEXP_EXTRACT(
                  REGEXP_EXTRACT(
                    JSON_EXTRACT_SCALAR(properties, '$["os_version"]'),
                    '\A[vV]?([0-9]{1,10}([.][0-9]{1,10}){0,3}(-[0-9A-Za-z-]{1,40}([.][0-9A-Za-z-]{1,40}){0,7})?)([+][0-9A-Za-z.-]+)?\z',
                    1
                  ),
                  '\A[0-9.]+-(.+)\z',
                  1
                ),
                '.'
              ),
              part -> CASE
                WHEN REGEXP_LIKE(part, '\A[0-9]+\z')
                THEN CONCAT('0', LPAD(part, 40, '0'))
                ELSE CONCAT('1', part)
              END
            ),
            ' '
          )
        ),
        '~'
      )
    ) < '0000000017000000000000000000000000000000~'
    AND REGEXP_LIKE(
      JSON_EXTRACT_SCALAR(properties, '$["url"]'),
      '\Ahttps?\:\/\/(?:www\.)?shop\.com\/it\''s'
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
  SUBSTR(
    CAST(TRY_CAST(SUBSTR(
      REGEXP_EXTRACT(
        JSON_EXTRACT_SCALAR(scan_1.c1, '$["birthday"]'),
        '\A((0(00[1-9]|0[1-9][0-9]|[1-9][0-9]{2})|[1-9][0-9]{3})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?)?)(Z|[+-](0[0-9]|1[0-3]):?[0-5][0-9]|[+-]14:?00)?\z',
        1
      ),
      1,
      10
    ) AS DATE) AS VARCHAR),
    6
  ) IN ('02-28', '02-29', '03-01')
  AND CONCAT(
    RPAD(
      ARRAY_JOIN(
        TRANSFORM(
          SPLIT(
            REGEXP_EXTRACT(
              REGEXP_EXTRACT(
                JSON_EXTRACT_SCALAR(scan_1.c2, '$["app_version"]'),
                '\A[vV]?([0-9]{1,10}([.][0-9]{1,10}){0,3}(-[0-9A-Za-z-]{1,40}([.][0-9A-Za-z-]{1,40}){0,7})?)([+][0-9A-Za-z.-]+)?\z',
                1
              ),
              '\A([0-9.]+)',
              1
            ),
            '.'
          ),
          part -> LPAD(part, 10, '0')
        ),
        ''
      ),
      40,
      '0'
    ),
    COALESCE(
      CONCAT(
        '-',
        ARRAY_JOIN(
          TRANSFORM(
            SPLIT(
              REGEXP_EXTRACT(
                REGEXP_EXTRACT(
                  JSON_EXTRACT_SCALAR(scan_1.c2, '$["app_version"]'),
                  '\A[vV]?([0-9]{1,10}([.][0-9]{1,10}){0,3}(-[0-9A-Za-z-]{1,40}([.][0-9A-Za-z-]{1,40}){0,7})?)([+][0-9A-Za-z.-]+)?\z',
                  1
                ),
                '\A[0-9.]+-(.+)\z',
                1
              ),
              '.'
            ),
            part -> CASE
              WHEN REGEXP_LIKE(part, '\A[0-9]+\z')
              THEN CONCAT('0', LPAD(part, 40, '0'))
              ELSE CONCAT('1', part)
            END
          ),
          ' '
        )
      ),
      '~'
    )
  ) >= '0000000005000000000000000000000000000000-1beta 00000000000000000000000000000000000000002'
  AND COALESCE(scan_2.c3, FALSE)
