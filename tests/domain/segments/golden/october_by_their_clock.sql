WITH owners AS (
  …
), zones AS (
  SELECT
    COALESCE(owners.owner_id, events.user_id) AS user_id,
    CASE
      WHEN REPLACE(
        JSON_EXTRACT_SCALAR(
          MAX_BY(traits, ROW(event_ts, received_ts, COALESCE(place, 0), message_id)),
          '$["timezone"]'
        ),
        'Europe/Kyiv',
        'Europe/Kiev'
      ) IN (…)
      THEN REPLACE(
        JSON_EXTRACT_SCALAR(
          MAX_BY(traits, ROW(event_ts, received_ts, COALESCE(place, 0), message_id)),
          '$["timezone"]'
        ),
        'Europe/Kyiv',
        'Europe/Kiev'
      )
    END AS zone
  FROM events
  LEFT JOIN owners
    ON owners.owned_kind = CASE WHEN events.user_id IS NULL THEN 'anonymous' ELSE 'user' END
    AND owners.owned_id = COALESCE(events.user_id, events.anonymous_id)
  WHERE
    event_name = 'identify'
    AND type = 'identify'
    AND event_ts < CAST('2017-11-01 00:00:00.000000' AS TIMESTAMP(6))
    AND COALESCE(owners.owner_id, events.user_id) IS NOT NULL
    AND JSON_EXTRACT(traits, '$["timezone"]') IS NOT NULL
  GROUP BY
    COALESCE(owners.owner_id, events.user_id)
), scan_2 AS (
  SELECT
    zones.user_id AS user_id,
    COUNT(
      DISTINCT CAST(CAST(AT_TIMEZONE(WITH_TIMEZONE(event_ts, 'UTC'), zones.zone) AS TIMESTAMP(6)) AS DATE)
    ) FILTER(WHERE
      event_ts IS NOT NULL
      AND CAST(AT_TIMEZONE(WITH_TIMEZONE(event_ts, 'UTC'), zones.zone) AS TIMESTAMP(6)) BETWEEN CAST('2017-10-01 00:00:00.000000' AS TIMESTAMP(6)) AND CAST('2017-10-31 23:59:59.999999' AS TIMESTAMP(6))) >= 2 AS c2
  FROM zones
  LEFT JOIN (
    SELECT
      COALESCE(owners.owner_id, events.user_id) AS user_id,
      event_ts,
      properties
    FROM events
    LEFT JOIN owners
      ON owners.owned_kind = CASE WHEN events.user_id IS NULL THEN 'anonymous' ELSE 'user' END
      AND owners.owned_id = COALESCE(events.user_id, events.anonymous_id)
    WHERE
      (
        (
          event_name IN ('Order Completed', '_other')
          AND COALESCE(other_name, event_name) = 'Order Completed'
        )
        AND (
          COALESCE(owners.owner_id, events.user_id) IS NOT NULL
        )
      )
      AND event_ts >= CAST('2017-09-30 00:00:00.000000' AS TIMESTAMP(6))
      AND event_ts < CAST('2017-11-01 00:00:00.000000' AS TIMESTAMP(6))
  ) AS theirs
    ON theirs.user_id = zones.user_id
  WHERE
    zones.zone IS NOT NULL
  GROUP BY
    zones.user_id
), scan_3 AS (
  SELECT
    zones.user_id AS user_id,
    MAX(
      CASE
        WHEN CAST(CAST(AT_TIMEZONE(
          WITH_TIMEZONE(CAST('2017-11-01 00:00:00.000000' AS TIMESTAMP(6)), 'UTC'),
          zones.zone
        ) AS TIMESTAMP(6)) AS DATE) = CAST('2017-10-31' AS DATE)
        THEN SUBSTR(
          CAST(TRY_CAST(SUBSTR(
            REGEXP_EXTRACT(
              JSON_EXTRACT_SCALAR(traits, '$["birthday"]'),
              '\A((0(00[1-9]|0[1-9][0-9]|[1-9][0-9]{2})|[1-9][0-9]{3})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?)?)(Z|[+-](0[0-9]|1[0-3]):?[0-5][0-9]|[+-]14:?00)?\z',
              1
            ),
            1,
            10
          ) AS DATE) AS VARCHAR),
          6
        ) IN ('10-31')
        WHEN CAST(CAST(AT_TIMEZONE(
          WITH_TIMEZONE(CAST('2017-11-01 00:00:00.000000' AS TIMESTAMP(6)), 'UTC'),
          zones.zone
        ) AS TIMESTAMP(6)) AS DATE) = CAST('2017-11-01' AS DATE)
        THEN SUBSTR(
          CAST(TRY_CAST(SUBSTR(
            REGEXP_EXTRACT(
              JSON_EXTRACT_SCALAR(traits, '$["birthday"]'),
              '\A((0(00[1-9]|0[1-9][0-9]|[1-9][0-9]{2})|[1-9][0-9]{3})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?)?)(Z|[+-](0[0-9]|1[0-3]):?[0-5][0-9]|[+-]14:?00)?\z',
              1
            ),
            1,
            10
          ) AS DATE) AS VARCHAR),
          6
        ) IN ('11-01')
        WHEN CAST(CAST(AT_TIMEZONE(
          WITH_TIMEZONE(CAST('2017-11-01 00:00:00.000000' AS TIMESTAMP(6)), 'UTC'),
          zones.zone
        ) AS TIMESTAMP(6)) AS DATE) = CAST('2017-11-02' AS DATE)
        THEN SUBSTR(
          CAST(TRY_CAST(SUBSTR(
            REGEXP_EXTRACT(
              JSON_EXTRACT_SCALAR(traits, '$["birthday"]'),
              '\A((0(00[1-9]|0[1-9][0-9]|[1-9][0-9]{2})|[1-9][0-9]{3})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?)?)(Z|[+-](0[0-9]|1[0-3]):?[0-5][0-9]|[+-]14:?00)?\z',
              1
            ),
            1,
            10
          ) AS DATE) AS VARCHAR),
          6
        ) IN ('11-02')
      END
    ) AS c3
  FROM zones
  LEFT JOIN (
    SELECT
      COALESCE(owners.owner_id, events.user_id) AS user_id,
      MAX_BY(traits, ROW(event_ts, received_ts, COALESCE(place, 0), message_id)) AS traits
    FROM events
    LEFT JOIN owners
      ON owners.owned_kind = CASE WHEN events.user_id IS NULL THEN 'anonymous' ELSE 'user' END
      AND owners.owned_id = COALESCE(events.user_id, events.anonymous_id)
    WHERE
      event_name = 'identify'
      AND type = 'identify'
      AND event_ts < CAST('2017-11-01 00:00:00.000000' AS TIMESTAMP(6))
      AND COALESCE(owners.owner_id, events.user_id) IS NOT NULL
      AND JSON_EXTRACT(traits, '$["birthday"]') IS NOT NULL
    GROUP BY
      COALESCE(owners.owner_id, events.user_id)
  ) AS theirs
    ON theirs.user_id = zones.user_id
  WHERE
    zones.zone IS NOT NULL
  GROUP BY
    zones.user_id
), scan_4 AS (
  SELECT
    zones.user_id AS user_id,
    MAX(
      ANY_MATCH(
        TRY_CAST(JSON_EXTRACT(traits, '$["trials"]') AS ARRAY(JSON)),
        element -> DATE_ADD(
          'minute',
          COALESCE(
            TRY_CAST(REPLACE(
              REGEXP_EXTRACT(JSON_EXTRACT_SCALAR(element, '$["ends_at"]'), '([+-][0-9]{2}:?[0-9]{2})\z', 1),
              ':',
              ''
            ) AS BIGINT) / 100 * 40 - TRY_CAST(REPLACE(
              REGEXP_EXTRACT(JSON_EXTRACT_SCALAR(element, '$["ends_at"]'), '([+-][0-9]{2}:?[0-9]{2})\z', 1),
              ':',
              ''
            ) AS BIGINT),
            0
          ),
          TRY_CAST(REPLACE(
            SUBSTR(
              REGEXP_EXTRACT(
                JSON_EXTRACT_SCALAR(element, '$["ends_at"]'),
                '\A((0(00[1-9]|0[1-9][0-9]|[1-9][0-9]{2})|[1-9][0-9]{3})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?)?)(Z|[+-](0[0-9]|1[0-3]):?[0-5][0-9]|[+-]14:?00)?\z',
                1
              ),
              1,
              26
            ),
            'T',
            ' '
          ) AS TIMESTAMP(6))
        ) >= CASE
          WHEN REGEXP_LIKE(JSON_EXTRACT_SCALAR(element, '$["ends_at"]'), '(Z|[+-][0-9]{2}:?[0-9]{2})\z')
          THEN CAST('2017-10-02 00:00:00.000000' AS TIMESTAMP(6))
          ELSE CAST(AT_TIMEZONE(
            WITH_TIMEZONE(CAST('2017-10-02 00:00:00.000000' AS TIMESTAMP(6)), 'UTC'),
            zones.zone
          ) AS TIMESTAMP(6))
        END
        AND DATE_ADD(
          'minute',
          COALESCE(
            TRY_CAST(REPLACE(
              REGEXP_EXTRACT(JSON_EXTRACT_SCALAR(element, '$["ends_at"]'), '([+-][0-9]{2}:?[0-9]{2})\z', 1),
              ':',
              ''
            ) AS BIGINT) / 100 * 40 - TRY_CAST(REPLACE(
              REGEXP_EXTRACT(JSON_EXTRACT_SCALAR(element, '$["ends_at"]'), '([+-][0-9]{2}:?[0-9]{2})\z', 1),
              ':',
              ''
            ) AS BIGINT),
            0
          ),
          TRY_CAST(REPLACE(
            SUBSTR(
              REGEXP_EXTRACT(
                JSON_EXTRACT_SCALAR(element, '$["ends_at"]'),
                '\A((0(00[1-9]|0[1-9][0-9]|[1-9][0-9]{2})|[1-9][0-9]{3})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?)?)(Z|[+-](0[0-9]|1[0-3]):?[0-5][0-9]|[+-]14:?00)?\z',
                1
              ),
              1,
              26
            ),
            'T',
            ' '
          ) AS TIMESTAMP(6))
        ) < CASE
          WHEN REGEXP_LIKE(JSON_EXTRACT_SCALAR(element, '$["ends_at"]'), '(Z|[+-][0-9]{2}:?[0-9]{2})\z')
          THEN CAST('2017-11-01 00:00:00.000000' AS TIMESTAMP(6))
          ELSE CAST(AT_TIMEZONE(
            WITH_TIMEZONE(CAST('2017-11-01 00:00:00.000000' AS TIMESTAMP(6)), 'UTC'),
            zones.zone
          ) AS TIMESTAMP(6))
        END
      )
    ) AS c4
  FROM zones
  LEFT JOIN (
    SELECT
      COALESCE(owners.owner_id, events.user_id) AS user_id,
      MAX_BY(traits, ROW(event_ts, received_ts, COALESCE(place, 0), message_id)) AS traits
    FROM events
    LEFT JOIN owners
      ON owners.owned_kind = CASE WHEN events.user_id IS NULL THEN 'anonymous' ELSE 'user' END
      AND owners.owned_id = COALESCE(events.user_id, events.anonymous_id)
    WHERE
      event_name = 'identify'
      AND type = 'identify'
      AND event_ts < CAST('2017-11-01 00:00:00.000000' AS TIMESTAMP(6))
      AND COALESCE(owners.owner_id, events.user_id) IS NOT NULL
      AND JSON_EXTRACT(traits, '$["trials"]') IS NOT NULL
    GROUP BY
      COALESCE(owners.owner_id, events.user_id)
  ) AS theirs
    ON theirs.user_id = zones.user_id
  WHERE
    zones.zone IS NOT NULL
  GROUP BY
    zones.user_id
)
SELECT
  scan_2.user_id AS user_id
FROM scan_2
LEFT JOIN scan_3
  ON scan_3.user_id = scan_2.user_id
LEFT JOIN scan_4
  ON scan_4.user_id = scan_2.user_id
WHERE
  scan_2.c2 AND scan_3.c3 AND scan_4.c4
