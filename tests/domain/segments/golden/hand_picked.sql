SELECT
  people.user_id
FROM people
WHERE
  people.first_seen_ts < CAST('2017-10-01 00:00:00.000000' AS TIMESTAMP(6))
  AND people.user_id IN ('ann', 'bob''s')
