WITH owners AS (
  …
)
SELECT
  month,
  COUNT(*) AS reached,
  SUM(acted) AS acted
FROM (
  SELECT
    DATE_FORMAT(event_ts, '%Y-%m') AS month,
    COALESCE(owners.owner_id, events.user_id) AS user_id,
    CASE
      WHEN COALESCE(owners.owner_id, events.user_id) IS NULL
      THEN events.anonymous_id
    END AS visitor,
    MAX(
      CASE
        WHEN type = 'track'
        AND NOT REGEXP_LIKE(
          COALESCE(other_name, event_name),
          '(^|[^A-Za-z])(view|seen|impression|session[ _.-]?start|app(lication)?[ _.-]?(open|install|background|foreground|launch))|V(iew|IEW)|Seen|Impression|Session[ _.-]?Start|App(lication)?[ _.-]?(Open|Install|Background|Foreground|Launch)'
        )
        THEN 1
        ELSE 0
      END
    ) AS acted
  FROM events
  LEFT JOIN owners
    ON owners.owned_kind = CASE WHEN events.user_id IS NULL THEN 'anonymous' ELSE 'user' END
    AND owners.owned_id = COALESCE(events.user_id, events.anonymous_id)
  WHERE
    (
      type IN ('track', 'page', 'screen')
      AND NOT event_name IN (
        'Push Notification Received',
        'Push Notification Bounced',
        'Application Uninstalled',
        'Application Updated',
        'Application Crashed'
      )
      AND (
        source IS NULL OR source <> 'regulars'
      )
      AND traffic IS NULL
    )
    AND (
      event_ts >= CAST('2017-07-01 00:00:00.000000' AS TIMESTAMP(6))
      AND event_ts < CAST('2017-10-12 06:00:00.000000' AS TIMESTAMP(6))
    )
  GROUP BY
    1,
    2,
    3
) AS visited
GROUP BY
  month
