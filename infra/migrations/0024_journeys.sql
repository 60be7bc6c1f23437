-- What became of people in journeys, for BI tools: the events by which the platform tells it (docs/lake.md), column by column.
CREATE OR REPLACE VIEW journey_steps AS
SELECT json_extract_scalar(properties, '$["journey"]') AS journey_id,
  TRY_CAST(json_extract_scalar(properties, '$["version"]') AS bigint) AS version,
  json_extract_scalar(properties, '$["run"]') AS run_id,
  json_extract_scalar(properties, '$["key"]') AS run_key,
  user_id,
  CASE event_name WHEN 'Journey Entered' THEN 'entered' WHEN 'Journey Step' THEN 'came' WHEN 'Journey Left' THEN 'left' ELSE 'noted' END AS move,
  json_extract_scalar(properties, '$["arm"]') AS arm,
  json_extract_scalar(properties, '$["step"]') AS step,
  json_extract_scalar(properties, '$["because"]') AS because,
  event_ts AS moved_ts
FROM events
WHERE event_name IN ('Journey Entered', 'Journey Step', 'Journey Left', 'Journey Noted') AND source = 'regulars';

CREATE OR REPLACE VIEW journey_messages AS
SELECT json_extract_scalar(properties, '$["journey"]') AS journey_id,
  TRY_CAST(json_extract_scalar(properties, '$["version"]') AS bigint) AS version,
  json_extract_scalar(properties, '$["run"]') AS run_id,
  json_extract_scalar(properties, '$["key"]') AS run_key,
  user_id,
  json_extract_scalar(properties, '$["step"]') AS step,
  lower(substr(event_name, 9)) AS outcome,
  json_extract_scalar(properties, '$["reason"]') AS reason,
  json_extract_scalar(properties, '$["device_id"]') AS device_id,
  json_extract_scalar(properties, '$["message_id"]') AS message_id,
  event_ts AS told_ts
FROM events
WHERE event_name IN ('Message Sent', 'Message Failed', 'Message Skipped', 'Message Unknown') AND source = 'regulars';

CREATE OR REPLACE VIEW journey_runs AS
SELECT journey_id, run_id, user_id, max(run_key) AS run_key, min(version) AS version, max(arm) AS arm,
  min(CASE WHEN move = 'entered' THEN moved_ts END) AS entered_ts,
  max(CASE WHEN move = 'left' THEN moved_ts END) AS left_ts,
  max(CASE WHEN move = 'left' THEN because END) AS because
FROM journey_steps
WHERE run_id IS NOT NULL
GROUP BY journey_id, run_id, user_id;
