-- A device's Firebase installation id, which leads a push to it as a token does.
ALTER TABLE raw_events ADD COLUMNS (device_fid string);

ALTER TABLE raw_events_by_minute ADD COLUMNS (device_fid string);

ALTER TABLE events ADD COLUMNS (device_fid string);

-- Who registered a device's token or installation id, what the device is like, and which events said so last (texts that sort as events do).
-- last_message_id is not written any more.
ALTER TABLE devices ADD COLUMNS (
  fid string, registered_by string, locale string, timezone string, app_version string, seen_order string, registered_order string
)
