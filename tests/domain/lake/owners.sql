SELECT
  claimed.kind AS owned_kind,
  claimed.id AS owned_id,
  COALESCE(renamed_2.user_id, renamed_1.user_id, claimed.user_id) AS owner_id
FROM (
  SELECT
    kind,
    id,
    user_id
  FROM identities
  WHERE
    since_ts < CAST('2017-10-01 00:00:00.000000' AS TIMESTAMP(6))
    AND (
      until_ts IS NULL
      OR until_ts >= CAST('2017-10-01 00:00:00.000000' AS TIMESTAMP(6))
    )
) AS claimed
LEFT JOIN (
  SELECT
    id,
    user_id
  FROM identities
  WHERE
    kind = 'user'
    AND since_ts < CAST('2017-10-01 00:00:00.000000' AS TIMESTAMP(6))
    AND (
      until_ts IS NULL
      OR until_ts >= CAST('2017-10-01 00:00:00.000000' AS TIMESTAMP(6))
    )
) AS renamed_1
  ON renamed_1.id = claimed.user_id
LEFT JOIN (
  SELECT
    id,
    user_id
  FROM identities
  WHERE
    kind = 'user'
    AND since_ts < CAST('2017-10-01 00:00:00.000000' AS TIMESTAMP(6))
    AND (
      until_ts IS NULL
      OR until_ts >= CAST('2017-10-01 00:00:00.000000' AS TIMESTAMP(6))
    )
) AS renamed_2
  ON renamed_2.id = renamed_1.user_id
