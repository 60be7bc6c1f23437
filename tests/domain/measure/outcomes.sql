WITH owners AS (
  …
)
SELECT
  arm,
  CASE SUBSTR(fate, 1, 1)
    WHEN '0'
    THEN 'sent'
    WHEN '1'
    THEN 'unknown'
    WHEN '2'
    THEN 'failed'
    WHEN '3'
    THEN 'skipped'
  END AS outcome,
  SUBSTR(fate, 2) AS reason,
  COUNT(*) AS people,
  SUM(received) AS received,
  SUM(opened) AS opened,
  SUM(direct) AS direct,
  SUM(converted) AS converted,
  SUM(converted_before) AS converted_before,
  SUM(converted * converted_before) AS converted_both,
  SUM(goal_events) AS goal_events,
  SUM(goal_values) AS goal_values,
  SUM(foreign_events) AS foreign_events,
  ARRAY_AGG(DISTINCT least_currency) AS least_currencies,
  ARRAY_AGG(DISTINCT greatest_currency) AS greatest_currencies,
  AVG(amount) AS value_mean,
  COALESCE(VARIANCE(amount), 0e0) AS value_variance,
  AVG(before) AS before_mean,
  COALESCE(VARIANCE(before), 0e0) AS before_variance,
  COALESCE(VARIANCE(amount + before), 0e0) AS both_variance,
  MAX_BY(ARRAY[amount, before], GREATEST(ABS(amount), ABS(before)), 1000) FILTER(WHERE
    amount <> 0e0 OR before <> 0e0) AS largest,
  SUM(unsubscribed) AS unsubscribed,
  SUM(uninstalled) AS uninstalled,
  SUM(complained) AS complained
FROM (
  SELECT
    assigned.arm,
    assigned.fate,
    COALESCE(did.received, 0) AS received,
    COALESCE(did.opened, 0) AS opened,
    CASE
      WHEN did.goal_events > 0 AND did.last_goal_ts > did.first_tap_ts
      THEN 1
      ELSE 0
    END AS direct,
    CASE WHEN did.goal_events > 0 THEN 1 ELSE 0 END AS converted,
    CASE WHEN did.goals_before > 0 THEN 1 ELSE 0 END AS converted_before,
    COALESCE(did.goal_events, 0) AS goal_events,
    COALESCE(did.goal_values, 0) AS goal_values,
    COALESCE(did.foreign_events, 0) AS foreign_events,
    did.least_currency,
    did.greatest_currency,
    COALESCE(did.amount, 0e0) AS amount,
    COALESCE(did.before, 0e0) AS before,
    CASE
      WHEN did.first_refusal_ts >= CAST('2017-10-01 00:00:00.000000' AS TIMESTAMP(6))
      THEN 1
      ELSE 0
    END AS unsubscribed,
    COALESCE(did.uninstalled, 0) AS uninstalled,
    COALESCE(did.complained, 0) AS complained
  FROM (
    SELECT
      COALESCE(renamed.owner_id, both.user_id) AS user_id,
      CASE WHEN MIN(both.arm) = MAX(both.arm) THEN MAX(both.arm) END AS arm,
      MIN(both.fate) AS fate
    FROM (
      SELECT
        user_id,
        arm,
        CAST(NULL AS VARCHAR) AS fate
      FROM assignments
      WHERE
        run_id = 'r1'
      UNION ALL
      SELECT
        user_id,
        CAST(NULL AS VARCHAR) AS arm,
        CONCAT(
          CASE outcome
            WHEN 'sent'
            THEN '0'
            WHEN 'unknown'
            THEN '1'
            WHEN 'failed'
            THEN '2'
            ELSE '3'
          END,
          COALESCE(reason, '')
        ) AS fate
      FROM deliveries
      WHERE
        run_id = 'r1'
    ) AS both
    LEFT JOIN owners AS renamed
      ON renamed.owned_kind = 'user' AND renamed.owned_id = both.user_id
    GROUP BY
      COALESCE(renamed.owner_id, both.user_id)
    HAVING
      MIN(both.arm) <> MAX(both.arm) OR MAX(both.arm) <> 'global control'
  ) AS assigned
  LEFT JOIN (
    SELECT
      COALESCE(owners.owner_id, scanned.user_id) AS user_id,
      MAX(CASE WHEN told IN ('received', 'opened') THEN 1 ELSE 0 END) AS received,
      MAX(CASE WHEN told = 'opened' THEN 1 ELSE 0 END) AS opened,
      MIN(CASE WHEN told = 'opened' THEN event_ts END) AS first_tap_ts,
      MAX(CASE WHEN reached THEN event_ts END) AS last_goal_ts,
      COUNT(
        CASE
          WHEN reached AND event_ts >= CAST('2017-10-01 00:00:00.000000' AS TIMESTAMP(6))
          THEN 1
        END
      ) AS goal_events,
      COUNT(
        CASE
          WHEN reached AND event_ts < CAST('2017-10-01 00:00:00.000000' AS TIMESTAMP(6))
          THEN 1
        END
      ) AS goals_before,
      COUNT(
        CASE
          WHEN event_ts >= CAST('2017-10-01 00:00:00.000000' AS TIMESTAMP(6))
          AND (
            currency IS NULL OR currency = 'EUR'
          )
          THEN amount
        END
      ) AS goal_values,
      COUNT(
        CASE
          WHEN event_ts >= CAST('2017-10-01 00:00:00.000000' AS TIMESTAMP(6))
          AND NOT (
            currency IS NULL OR currency = 'EUR'
          )
          THEN 1
        END
      ) AS foreign_events,
      MIN(
        CASE
          WHEN event_ts >= CAST('2017-10-01 00:00:00.000000' AS TIMESTAMP(6))
          THEN currency
        END
      ) AS least_currency,
      MAX(
        CASE
          WHEN event_ts >= CAST('2017-10-01 00:00:00.000000' AS TIMESTAMP(6))
          THEN currency
        END
      ) AS greatest_currency,
      SUM(
        CASE
          WHEN event_ts >= CAST('2017-10-01 00:00:00.000000' AS TIMESTAMP(6))
          AND (
            currency IS NULL OR currency = 'EUR'
          )
          THEN amount
        END
      ) AS amount,
      SUM(
        CASE
          WHEN event_ts < CAST('2017-10-01 00:00:00.000000' AS TIMESTAMP(6))
          AND (
            currency IS NULL OR currency = 'EUR'
          )
          THEN amount
        END
      ) AS before,
      MIN(CASE WHEN told = 'unsubscribed' THEN event_ts END) AS first_refusal_ts,
      MAX(
        CASE
          WHEN told = 'uninstalled'
          AND event_ts >= CAST('2017-10-01 00:00:00.000000' AS TIMESTAMP(6))
          THEN 1
          ELSE 0
        END
      ) AS uninstalled,
      MAX(
        CASE
          WHEN told = 'complained'
          AND event_ts >= CAST('2017-10-01 00:00:00.000000' AS TIMESTAMP(6))
          THEN 1
          ELSE 0
        END
      ) AS complained
    FROM (
      SELECT
        user_id,
        anonymous_id,
        event_ts,
        told,
        reached,
        CASE WHEN spelled BETWEEN -1e+100 AND 1e+100 THEN spelled END AS amount,
        currency
      FROM (
        SELECT
          user_id,
          anonymous_id,
          event_ts,
          CASE
            WHEN COALESCE(other_name, event_name) IN ('Application Uninstalled')
            THEN 'uninstalled'
            WHEN COALESCE(other_name, event_name) IN ('Email Marked as Spam', 'Complaint Received')
            THEN 'complained'
            WHEN COALESCE(other_name, event_name) <> 'Order Completed'
            THEN 'unsubscribed'
          END AS told,
          COALESCE(other_name, event_name) = 'Order Completed' AS reached,
          CASE
            WHEN COALESCE(other_name, event_name) = 'Order Completed'
            THEN TRY_CAST(REGEXP_EXTRACT(
              JSON_EXTRACT_SCALAR(properties, '$["totals"]["net"]'),
              '\A[ \t\r\n]*([+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?)[ \t\r\n]*\z',
              1
            ) AS DOUBLE)
          END AS spelled,
          CASE
            WHEN COALESCE(other_name, event_name) = 'Order Completed'
            THEN COALESCE(
              REGEXP_EXTRACT(
                UPPER(JSON_EXTRACT_SCALAR(properties, '$["totals"]["currency"]')),
                '\A\s*([A-Z]{3})\s*\z',
                1
              ),
              REGEXP_EXTRACT(UPPER(JSON_EXTRACT_SCALAR(properties, '$["currency"]')), '\A\s*([A-Z]{3})\s*\z', 1)
            )
          END AS currency
        FROM events
        WHERE
          (
            event_name IN (
              'Order Completed',
              'Application Uninstalled',
              'Email Marked as Spam',
              'Complaint Received',
              'identify',
              '_other'
            )
          )
          AND event_ts >= CAST('2017-09-24 00:00:00.000000' AS TIMESTAMP(6))
          AND event_ts < CAST('2017-10-08 00:00:00.000000' AS TIMESTAMP(6))
          AND (
            (
              COALESCE(other_name, event_name) IN (
                'Order Completed',
                'Application Uninstalled',
                'Email Marked as Spam',
                'Complaint Received'
              )
            )
            OR (
              event_name = 'identify'
              AND type = 'identify'
              AND (
                REGEXP_LIKE(
                  traits,
                  '"(unsubscribed|opted_out|optedOut|opt_out|optOut|push_opt_out|pushOptOut|push_opted_out|pushOptedOut|news_opt_out|newsOptOut|news_opted_out|newsOptedOut)"\s*:\s*"?true|"(subscribed|is_subscribed|isSubscribed|push|push_opt_in|pushOptIn|push_opted_in|pushOptedIn|accepts_push|acceptsPush|news|news_opt_in|newsOptIn|news_opted_in|newsOptedIn|accepts_news|acceptsNews)"\s*:\s*"?false'
                )
                AND (
                  JSON_EXTRACT_SCALAR(traits, '$["unsubscribed"]') = 'true'
                  OR JSON_EXTRACT_SCALAR(traits, '$["opted_out"]') = 'true'
                  OR JSON_EXTRACT_SCALAR(traits, '$["optedOut"]') = 'true'
                  OR JSON_EXTRACT_SCALAR(traits, '$["opt_out"]') = 'true'
                  OR JSON_EXTRACT_SCALAR(traits, '$["optOut"]') = 'true'
                  OR JSON_EXTRACT_SCALAR(traits, '$["subscribed"]') = 'false'
                  OR JSON_EXTRACT_SCALAR(traits, '$["is_subscribed"]') = 'false'
                  OR JSON_EXTRACT_SCALAR(traits, '$["isSubscribed"]') = 'false'
                  OR JSON_EXTRACT_SCALAR(traits, '$["push_opt_out"]') = 'true'
                  OR JSON_EXTRACT_SCALAR(traits, '$["pushOptOut"]') = 'true'
                  OR JSON_EXTRACT_SCALAR(traits, '$["push_opted_out"]') = 'true'
                  OR JSON_EXTRACT_SCALAR(traits, '$["pushOptedOut"]') = 'true'
                  OR JSON_EXTRACT_SCALAR(traits, '$["consent"]["push"]') = 'false'
                  OR JSON_EXTRACT_SCALAR(traits, '$["push_opt_in"]') = 'false'
                  OR JSON_EXTRACT_SCALAR(traits, '$["pushOptIn"]') = 'false'
                  OR JSON_EXTRACT_SCALAR(traits, '$["push_opted_in"]') = 'false'
                  OR JSON_EXTRACT_SCALAR(traits, '$["pushOptedIn"]') = 'false'
                  OR JSON_EXTRACT_SCALAR(traits, '$["accepts_push"]') = 'false'
                  OR JSON_EXTRACT_SCALAR(traits, '$["acceptsPush"]') = 'false'
                  OR JSON_EXTRACT_SCALAR(traits, '$["news_opt_out"]') = 'true'
                  OR JSON_EXTRACT_SCALAR(traits, '$["newsOptOut"]') = 'true'
                  OR JSON_EXTRACT_SCALAR(traits, '$["news_opted_out"]') = 'true'
                  OR JSON_EXTRACT_SCALAR(traits, '$["newsOptedOut"]') = 'true'
                  OR JSON_EXTRACT_SCALAR(traits, '$["consent"]["news"]') = 'false'
                  OR JSON_EXTRACT_SCALAR(traits, '$["news_opt_in"]') = 'false'
                  OR JSON_EXTRACT_SCALAR(traits, '$["newsOptIn"]') = 'false'
                  OR JSON_EXTRACT_SCALAR(traits, '$["news_opted_in"]') = 'false'
                  OR JSON_EXTRACT_SCALAR(traits, '$["newsOptedIn"]') = 'false'
                  OR JSON_EXTRACT_SCALAR(traits, '$["accepts_news"]') = 'false'
                  OR JSON_EXTRACT_SCALAR(traits, '$["acceptsNews"]') = 'false'
                )
              )
            )
          )
      ) AS acted
      UNION ALL
      SELECT
        user_id,
        anonymous_id,
        event_ts,
        CASE WHEN event_name = 'Push Notification Tapped' THEN 'opened' ELSE 'received' END AS told,
        FALSE AS reached,
        CAST(NULL AS DOUBLE) AS amount,
        CAST(NULL AS VARCHAR) AS currency
      FROM events
      WHERE
        event_name IN ('Push Notification Received', 'Push Notification Tapped')
        AND event_ts >= CAST('2026-11-20 22:15:00.000000' AS TIMESTAMP(6))
        AND event_ts < CAST('2027-01-20 22:15:00.000000' AS TIMESTAMP(6))
        AND JSON_EXTRACT_SCALAR(properties, '$["run_id"]') = 'r1'
    ) AS scanned
    LEFT JOIN owners
      ON owners.owned_kind = CASE WHEN scanned.user_id IS NULL THEN 'anonymous' ELSE 'user' END
      AND owners.owned_id = COALESCE(scanned.user_id, scanned.anonymous_id)
    WHERE
      NOT COALESCE(owners.owner_id, scanned.user_id) IS NULL
    GROUP BY
      COALESCE(owners.owner_id, scanned.user_id)
  ) AS did
    ON did.user_id = assigned.user_id
) AS people
GROUP BY
  arm,
  fate
