WITH owners AS (
  …
)
SELECT
  people.user_id
FROM people
LEFT JOIN owners
  ON owners.owned_kind = 'user' AND owners.owned_id = people.user_id
WHERE
  (
    people.first_seen_ts < CAST('2017-10-01 00:00:00.000000' AS TIMESTAMP(6))
    AND COALESCE(owners.owner_id, people.user_id) = people.user_id
  )
  AND FROM_BASE(SUBSTR(TO_HEX(SHA256(TO_UTF8(CONCAT('spring:', people.user_id)))), 1, 8), 16) % 10000 BETWEEN 0 AND 999
