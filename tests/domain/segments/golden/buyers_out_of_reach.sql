WITH owners AS (
  …
), scan_1 AS (
  SELECT
    COALESCE(owners.owner_id, events.user_id) AS user_id,
    COUNT(*) >= 1 AS c1
  FROM events
  LEFT JOIN owners
    ON owners.owned_kind = CASE WHEN events.user_id IS NULL THEN 'anonymous' ELSE 'user' END
    AND owners.owned_id = COALESCE(events.user_id, events.anonymous_id)
  WHERE
    event_name IN ('Order Completed', '_other')
    AND COALESCE(other_name, event_name) = 'Order Completed'
    AND event_ts >= CAST('2017-07-03 00:00:00.000000' AS TIMESTAMP(6))
    AND event_ts < CAST('2017-10-01 00:00:00.000000' AS TIMESTAMP(6))
    AND COALESCE(owners.owner_id, events.user_id) IS NOT NULL
  GROUP BY
    COALESCE(owners.owner_id, events.user_id)
), scan_2 AS (
  SELECT
    reached.user_id AS user_id,
    COUNT(*) > 0 AS c2
  FROM (
    SELECT
      device.user_id
    FROM (
      SELECT
        device_id,
        user_id,
        registered_by,
        registered_ts,
        ROW_NUMBER() OVER (PARTITION BY target ORDER BY registered DESC, device_id) AS newest
      FROM (
        SELECT
          latest.device_id,
          latest.user_id,
          CASE WHEN latest.registered IS NULL THEN kept.target ELSE latest.target END AS target,
          CASE
            WHEN latest.registered IS NULL
            THEN kept.registered_by
            ELSE latest.registered_by
          END AS registered_by,
          COALESCE(latest.registered, kept.registered) AS registered,
          latest.registered_ts
        FROM (
          SELECT
            device_id,
            MAX_BY(user_id, said) AS user_id,
            MAX_BY(target, said) FILTER(WHERE
              registers) AS target,
            MAX_BY(user_id, said) FILTER(WHERE
              registers) AS registered_by,
            MAX(said) FILTER(WHERE
              registers) AS registered,
            MAX(event_ts) FILTER(WHERE
              registers) AS registered_ts
          FROM (
            SELECT
              device_id,
              CASE
                WHEN COALESCE(other_name, event_name) IN ('Logged Out', 'Signed Out')
                THEN NULL
                ELSE user_id
              END AS user_id,
              COALESCE(device_fid, device_token) AS target,
              NOT device_fid IS NULL
              OR NOT device_token IS NULL
              OR COALESCE(other_name, event_name) IN ('Device Deleted', 'Device Unregistered') AS registers,
              event_ts,
              CONCAT(
                DATE_FORMAT(event_ts, '%Y-%m-%d %T.%f'),
                ' ',
                DATE_FORMAT(received_ts, '%Y-%m-%d %T.%f'),
                ' ',
                SUBSTR(CAST(10000 + COALESCE(place, 0) AS VARCHAR), 2),
                ' ',
                message_id
              ) AS said
            FROM events
            WHERE
              event_ts >= CAST('2017-01-04 00:00:00.000000' AS TIMESTAMP(6))
              AND event_ts < CAST('2017-10-01 00:00:00.000000' AS TIMESTAMP(6))
              AND NOT device_id IS NULL
          ) AS told
          GROUP BY
            device_id
        ) AS latest
        LEFT JOIN (
          SELECT
            device_id,
            COALESCE(fid, token) AS target,
            CASE WHEN seen_order IS NULL THEN user_id ELSE registered_by END AS registered_by,
            COALESCE(registered_order, DATE_FORMAT(last_seen_ts, '%Y-%m-%d %T.%f')) AS registered
          FROM devices
          WHERE
            COALESCE(registered_order, DATE_FORMAT(last_seen_ts, '%Y-%m-%d %T.%f')) < '2017-01-04 00:00:00.000000'
        ) AS kept
          ON kept.device_id = latest.device_id
      ) AS known
      WHERE
        NOT target IS NULL
    ) AS device
    LEFT JOIN (
      SELECT
        device_id,
        MAX(delivered_ts) AS found_ts
      FROM deliveries
      WHERE
        reason IN ('invalid_token', 'sender_mismatch', 'unregistered')
        AND delivered_ts >= CAST('2017-01-04 00:00:00.000000' AS TIMESTAMP(6))
        AND delivered_ts < CAST('2017-10-01 00:00:00.000000' AS TIMESTAMP(6))
      GROUP BY
        device_id
    ) AS dead
      ON dead.device_id = device.device_id
    WHERE
      device.newest = 1
      AND NOT device.user_id IS NULL
      AND COALESCE(device.registered_by, device.user_id) = device.user_id
      AND (
        dead.found_ts IS NULL OR COALESCE(device.registered_ts > dead.found_ts, FALSE)
      )
  ) AS reached
  LEFT JOIN owners
    ON owners.owned_kind = 'user' AND owners.owned_id = reached.user_id
  WHERE
    owners.owner_id IS NULL
  GROUP BY
    reached.user_id
)
SELECT
  scan_1.user_id AS user_id
FROM scan_1
LEFT JOIN scan_2
  ON scan_2.user_id = scan_1.user_id
WHERE
  scan_1.c1 AND NOT COALESCE(scan_2.c2, FALSE)
