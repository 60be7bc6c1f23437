-- One row a device: the person who used it last and its newest push token.
CREATE TABLE IF NOT EXISTS devices (
  device_id string,
  user_id string,
  token string,
  platform string,
  last_seen_ts timestamp
)
LOCATION 's3://${LakeBucket}/lake/devices/'
TBLPROPERTIES ('table_type' = 'ICEBERG', 'format' = 'parquet', 'write_compression' = 'zstd')
