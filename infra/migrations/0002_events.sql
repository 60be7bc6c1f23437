-- One row an event, for ever. `event_name` is the name of a track call, else its type (identify, page, screen, group, alias).
-- `properties`, `context` and `traits` are JSON texts. `curated_ts` is the start of the curate run that wrote the row.
CREATE TABLE IF NOT EXISTS events (
  message_id string,
  user_id string,
  anonymous_id string,
  type string,
  event_name string,
  event_ts timestamp,
  received_ts timestamp,
  curated_ts timestamp,
  properties string,
  context string,
  traits string,
  device_id string,
  device_token string,
  platform string
)
PARTITIONED BY (month(event_ts), event_name)
LOCATION 's3://${LakeBucket}/lake/events/'
TBLPROPERTIES ('table_type' = 'ICEBERG', 'format' = 'parquet', 'write_compression' = 'zstd')
